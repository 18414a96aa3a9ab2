"""Berita acara kesepakatan and its addenda as papers: kinds, who may read them, and what they need."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shape_parts import Signature
from portal.documents.shapes_agreements import Addendum as AddendumFacts
from portal.documents.shapes_agreements import AgreementRecord
from portal.documents.shapes_agreements import Representative as Signer
from portal.kernel.dates import short_date
from portal.kernel.decision import Decision, allow_if
from rakor.facts.addendum import addendum_facts
from rakor.facts.agreement import agreement_facts
from rakor.facts.desk_record import DRAFT
from rakor.models import Addendum, Agreement, Meeting, Participant, SessionPerson
from rakor.queries.decided import decided_rows
from rakor.queries.desk_papers import decided_pairs
from rakor.rules import sees_drafts
from regencies.facts import signature_block
from regencies.models import Position, Regency
from regencies.queries import head_on, lead_agency


def readable_agreements(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """All for the provincial office; for others those of agreements they see, never a draft."""
    if sees_drafts(user):
        return documents
    seen = Agreement.objects.visible_to(user).annotate(key=Cast("pk", CharField()))
    own = documents.filter(subject_type="rakor.agreement", subject_id__in=seen.values("key"))
    return own.exclude(facts__status=DRAFT)


def readable_addenda(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """All for the provincial office; for others the issued ones of agreements they see."""
    if sees_drafts(user):
        return documents
    seen = Addendum.objects.filter(agreement__in=Agreement.objects.visible_to(user), issued_at__isnull=False)
    keys = seen.annotate(key=Cast("pk", CharField())).values("key")
    return documents.filter(subject_type="rakor.addendum", subject_id__in=keys).exclude(facts__status=DRAFT)


def may_read_agreement(user: Any, document: Document) -> Decision:
    """The provincial office always, everybody with a position once the plenary agreed."""
    seen = readable_agreements(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Kesepakatan ini belum disahkan sidang pleno."))


def may_read_addendum(user: Any, document: Document) -> Decision:
    """The provincial office always, everybody with a position once it is issued."""
    seen = readable_addenda(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Adendum ini belum ditetapkan."))


def agreement_summary(document: Document) -> list[tuple[str, str]]:
    """Head and sums of the paper, and whether it is the version in force; no names."""
    facts = document.facts
    agreement = Agreement.objects.filter(pk=document.subject_id).only("document_id", "status").first()
    newest = agreement is not None and agreement.document_id == document.pk and agreement.status != "rekap"
    validity = _("Versi terakhir yang berlaku.") if newest else _("Bukan versi yang berlaku.")
    return [
        (_("Berita acara"), "; ".join(facts["heading"])),
        (_("Nomor"), facts["number"] or "–"),
        (_("Versi"), facts["version"]),
        *decided_pairs(facts["totals"]),
        (_("Keberlakuan"), _("Konsep: bukan dokumen resmi.") if facts["status"] else validity),
    ]


def addendum_summary(document: Document) -> list[tuple[str, str]]:
    """Head and sums of the paper; no names."""
    facts = document.facts
    return [
        (_("Adendum"), "; ".join([facts["which"], *facts["heading"]])),
        (_("Nomor"), facts["number"] or "–"),
        (_("Perubahan"), _("%(count)d putusan") % {"count": len(facts["changes"])}),
        *decided_pairs(facts["totals"]),
        *([(_("Status"), facts["status"])] if facts["status"] else []),
    ]


BA_AGREEMENT = DocumentKind(
    key="ba_kesepakatan", version=2, title=gettext_lazy("Berita acara kesepakatan"), may_read=may_read_agreement,
    readable=readable_agreements, public_summary=agreement_summary,
)  # fmt: skip
BA_ADDENDUM = DocumentKind(
    key="ba_adendum", version=2, title=gettext_lazy("Adendum berita acara"), may_read=may_read_addendum,
    readable=readable_addenda, public_summary=addendum_summary,
)  # fmt: skip


def agreement_paper(agreement: Agreement, *, draft: bool | None = None) -> AgreementRecord:
    """The facts of the berita acara as decisions stand now, marked KONSEP until `agreed_at` is set.

    Say `draft=True` for a recap that was re-opened. The number of statements does not depend on that of proposals.
    """
    meeting = agreement.meeting
    at = timezone.localtime(agreement.agreed_at or timezone.now())
    regencies = list(Regency.objects.filter(province=meeting.province_id).order_by("code").values_list("code", "name"))
    signers = [
        _signer(row.name, row.agency or row.regency.name, row.title, row.address)
        for row in agreement.representatives.select_related("regency").order_by("regency__code")
    ]
    dated = f"{meeting.town}, {short_date(at.date())}" if agreement.agreed_at else ""
    with override("id"):
        return agreement_facts(
            agreement,
            decided_rows(meeting),
            at=at,
            agency=lead_agency(),
            regencies=regencies,
            representatives=signers,
            attendance=_attendance(meeting, signers),
            chair=_chair_block(agreement.chair, dated),
            draft=agreement.agreed_at is None if draft is None else draft,
        )


def addendum_paper(addendum: Addendum) -> AddendumFacts:
    """The facts of the addendum and of what is agreed after it, marked KONSEP until it is issued.

    The head of office of that day signs, else who chaired the plenary.
    """
    agency = lead_agency()
    at = timezone.localtime(addendum.issued_at or timezone.now())
    capital = agency.province.capital if agency.province else ""
    dated = f"{capital}, {short_date(at.date())}" if addendum.issued_at and capital else ""
    head = head_on(agency, at.date())
    changes = addendum.changes.select_related("proposal__regency", "proposal__sub_activity").order_by("pk")
    with override("id"):
        return addendum_facts(
            addendum,
            list(changes),
            decided_rows(addendum.agreement.meeting),
            at=at,
            agency=agency,
            signatures=[signature_block(head, place_date=dated)] if head else _chair_block(
                addendum.agreement.chair, dated
            ),
        )  # fmt: skip


def _chair_block(chair: Position | None, place_date: str) -> list[Signature]:
    return [signature_block(chair, caption="Pimpinan Sidang", place_date=place_date)] if chair else []


def _attendance(meeting: Meeting, signers: list[Signer]) -> list[Signer]:
    """The representatives by regency, then the others of the programme by institution.

    Left out: names without institution, which are mostly groups ("22 wakil kabupaten/kota"), and who only owns a speech
    that somebody else read, since he was not there.
    """
    known = {person["name"].casefold() for person in signers if person["name"]}
    speaks = SessionPerson.objects.filter(participant=OuterRef("pk"))
    present = Exists(speaks.exclude(part=SessionPerson.Part.OWNER)) | ~Exists(speaks)
    named = Participant.objects.filter(present, meeting=meeting).exclude(institution="")
    others = named.order_by("institution", "name")
    return [person for person in signers if person["name"]] + [
        _signer(person.name, person.institution, person.title, "")
        for person in others
        if person.name.casefold() not in known
    ]


def _signer(name: str, agency: str, title: str, address: str) -> Signer:
    return {"name": name, "agency": agency, "title": title, "address": address}
