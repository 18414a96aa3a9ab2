from programs.models.attachments import Attachment, Upload
from programs.models.excel import ProposalFile
from programs.models.proposals import CostLine, Funding, Indicator, Proposal
from programs.models.realisation import Realisation
from programs.models.reference import FundingSource, HelpKind, Kbli, ReadinessItem, Sector, SubActivity, Tag
from programs.models.rounds import Extension, Round
from programs.models.verdicts import Ceiling, Decision, LineVerdict, Verdict, VerdictRevision
from programs.models.verification import Comment, ReturnPoint, RubricItem, RubricStep, Score, Submission

__all__ = [
    "Attachment",
    "Ceiling",
    "Comment",
    "CostLine",
    "Decision",
    "Extension",
    "Funding",
    "FundingSource",
    "HelpKind",
    "Indicator",
    "Kbli",
    "LineVerdict",
    "Proposal",
    "ProposalFile",
    "ReadinessItem",
    "Realisation",
    "ReturnPoint",
    "Round",
    "RubricItem",
    "RubricStep",
    "Score",
    "Sector",
    "SubActivity",
    "Submission",
    "Tag",
    "Upload",
    "Verdict",
    "VerdictRevision",
]
