from programs.models.attachments import Attachment, Upload
from programs.models.contract_keeping import ContractBatch, ContractReminder, RevisionCheck
from programs.models.contract_templates import ContractKind, ContractTemplate, MandateField, TemplateVersion
from programs.models.contracts import Contract, Revision, Signature, Signer
from programs.models.excel import ProposalFile
from programs.models.proposals import CostLine, Funding, Indicator, Proposal, told
from programs.models.realisation import Realisation
from programs.models.reference import FundingSource, HelpKind, Kbli, ReadinessItem, Sector, SubActivity, Tag
from programs.models.rounds import Extension, Round
from programs.models.verdicts import Ceiling, Decision, LineVerdict, Verdict, VerdictRevision
from programs.models.verification import Comment, ReturnPoint, RubricItem, RubricStep, Score, Submission
from programs.models.worker_reports import MonthlyReport, ReportPhoto, Visit
from programs.models.workers import ExtensionWorker

__all__ = [
    "Attachment",
    "Ceiling",
    "Comment",
    "Contract",
    "ContractBatch",
    "ContractKind",
    "ContractReminder",
    "ContractTemplate",
    "CostLine",
    "Decision",
    "Extension",
    "ExtensionWorker",
    "Funding",
    "FundingSource",
    "HelpKind",
    "Indicator",
    "Kbli",
    "LineVerdict",
    "MandateField",
    "MonthlyReport",
    "Proposal",
    "ProposalFile",
    "ReadinessItem",
    "Realisation",
    "ReportPhoto",
    "ReturnPoint",
    "Revision",
    "RevisionCheck",
    "Round",
    "RubricItem",
    "RubricStep",
    "Score",
    "Sector",
    "Signature",
    "Signer",
    "SubActivity",
    "Submission",
    "Tag",
    "TemplateVersion",
    "Upload",
    "Verdict",
    "VerdictRevision",
    "Visit",
    "told",
]
