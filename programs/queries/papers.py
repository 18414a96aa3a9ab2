"""KAK, RAB and the bundle as papers: their kinds, who may read them, and what they need.

Whose content is printed follows `snapshots.shown_content`: its regency reads the rows as they are, marked KONSEP while
they can still change; the province what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shape_parts import Letterhead, Signature
from portal.documents.shapes_programs import Kak, ProposalBundle, Rab
from portal.kernel.dates import short_date
from portal.kernel.decision import Decision, allow_if
from portal.kernel.errors import Blocked
from programs import rules
from programs.facts.papers import DRAFT, Content, bundle_facts, kak_facts, rab_facts
from programs.models import Proposal, Submission
from programs.queries.snapshots import contents_of, reads_live
from regencies.facts import letterhead_facts, signature_block
from regencies.models import Agency, Regency
from regencies.models.offices import EMBLEMS
from regencies.queries import head_on
from regencies.rules import Role, regency_ids

KAK, RAB, BUNDLE = "kak", "rab", "usulan_bundel"


@dataclass(frozen=True, slots=True)
class BundleSubject:
    """What a bundle is about: the proposals of one regency and year. Documents name subjects by label and key."""

    regency: Regency
    year: int
    _meta = SimpleNamespace(label_lower="programs.bundle")

    @property
    def pk(self) -> str:
        """ "4-2020"."""
        return f"{self.regency.pk}-{self.year}"


def readable_proposal_papers(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """All of the own regency; for who reads what was sent, the papers of such proposals that are no draft."""
    papers = documents.filter(subject_type="programs.proposal")
    seen = Proposal.objects.visible_to(user).annotate(key=Cast("pk", CharField()))
    own = seen.filter(regency__in=regency_ids(user))
    return papers.filter(
        Q(subject_id__in=own.values("key")) | Q(subject_id__in=seen.values("key")) & ~Q(facts__status=DRAFT)
    )


def readable_bundles(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """All of the own regency; for who reads what was sent, the bundles that hold no draft."""
    bundles = documents.filter(subject_type="programs.bundle")
    allowed = Q(pk__in=[])
    for pk in regency_ids(user):
        allowed |= Q(subject_id__startswith=f"{pk}-")
    if rules.province_readers(user):
        allowed |= ~Q(facts__status=DRAFT)
    return bundles.filter(allowed)


def may_read_paper(user: Any, document: Document) -> Decision:
    """Whoever sees the proposal; a draft only its regency."""
    seen = readable_proposal_papers(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Dokumen ini milik usulan kabupaten/kota lain."))


def may_read_bundle(user: Any, document: Document) -> Decision:
    """Its regency; the province and observers what was sent."""
    seen = readable_bundles(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Dokumen ini milik usulan kabupaten/kota lain."))


def paper_summary(document: Document) -> list[tuple[str, str]]:
    """What anybody who holds the paper may check: which proposal, how much, whether it is a draft."""
    facts = document.facts
    body = facts["body"]
    found = [
        (_("Usulan"), body["heading"][0]),
        *((row["label"], row["value"]) for row in body["head"][:2]),
        (_("Jumlah anggaran"), f"Rp{body['costs']['total']}"),
        (_("Versi"), facts["version"] or "–"),
    ]
    return [*found, (_("Status"), _("Konsep: bukan dokumen resmi."))] if facts["status"] else found


def bundle_summary(document: Document) -> list[tuple[str, str]]:
    """Whose proposals, how many, how much."""
    facts = document.facts
    found = [
        (_("Bundel"), "; ".join(facts["heading"])),
        (_("Jumlah usulan"), str(len(facts["rows"]))),
        (_("Jumlah anggaran"), f"Rp{facts['costs']['total']}"),
    ]
    return [*found, (_("Status"), _("Konsep: bukan dokumen resmi."))] if facts["status"] else found


def _proposal_kind(key: str, title: Any) -> DocumentKind:
    return DocumentKind(
        key=key, version=2, title=title, may_read=may_read_paper, readable=readable_proposal_papers,
        public_summary=paper_summary,
    )  # fmt: skip


KINDS = (
    _proposal_kind(KAK, gettext_lazy("Kerangka acuan kerja (KAK)")),
    _proposal_kind(RAB, gettext_lazy("Rencana anggaran biaya (RAB)")),
    DocumentKind(
        key=BUNDLE, version=2, title=gettext_lazy("Bundel usulan"), may_read=may_read_bundle,
        readable=readable_bundles, public_summary=bundle_summary,
    ),
)  # fmt: skip


def kak_paper(proposal: Proposal, user: Any) -> Kak:
    """The facts of the proposal's KAK as this user may see it."""
    return _one_paper(kak_facts, proposal, user)


def rab_paper(proposal: Proposal, user: Any) -> Rab:
    """The facts of the proposal's RAB as this user may see it."""
    return _one_paper(rab_facts, proposal, user)


def _one_paper(make: Any, proposal: Proposal, user: Any) -> Any:
    shown = _shown([proposal], user)
    if not shown:
        raise Blocked(_("Usulan ini belum pernah dikirim ke provinsi."))
    content, status, version = shown[0]
    letterhead, signatures = _office(proposal.regency, [] if status else [proposal])
    with override("id"):
        return make(content, letterhead=letterhead, signatures=signatures, status=status, version=version)


def bundle_paper(regency: Regency, year: int, user: Any) -> ProposalBundle:
    """The facts of all proposals of a regency and year that this user sees, in priority order.

    Its number of statements does not depend on the number of proposals.
    """
    proposals = list(bundled(regency, year, user))
    shown = _shown(proposals, user)
    final = not any(status for _content, status, _version in shown)
    letterhead, signatures = _office(regency, proposals if final else [])
    parts = [(content, status) for content, status, _version in shown]
    with override("id"):
        return bundle_facts(regency, year, parts, letterhead=letterhead, signatures=signatures)


def bundled(regency: Regency, year: int, user: Any) -> QuerySet[Proposal]:
    """The proposals that the user's bundle holds: all that he sees and that were not withdrawn."""
    found = Proposal.objects.visible_to(user).kept().filter(regency=regency, year=year).exclude(status="ditarik")
    return found.select_related("regency").order_by("rank", "number")


def _shown(proposals: list[Proposal], user: Any) -> list[tuple[Content, str, str]]:
    """(content, status, version) of each: as it is now for its regency, else as it was last sent."""
    live = {proposal.pk for proposal in proposals if reads_live(proposal, user)}
    contents = contents_of(live)
    submissions = Submission.objects.filter(proposal__in=proposals).order_by("proposal_id", "-number")
    sent = {row.proposal_id: row for row in submissions.distinct("proposal_id")}
    found: list[tuple[Content, str, str]] = []
    for proposal in proposals:
        submission = sent.get(proposal.pk)
        final = proposal.pk not in live or proposal.status in rules.IN_PROCESS
        content = contents[proposal.pk] if proposal.pk in live else submission.content if submission else None
        if content is not None:
            version = f"Versi {submission.number}" if submission and final else ""
            found.append((content, "" if final else DRAFT, version))
    return sorted(found, key=lambda row: (row[0]["rank"] is None, row[0]["rank"] or 0, row[0]["number"]))


def _office(regency: Regency, sent: list[Proposal]) -> tuple[Letterhead, list[Signature]]:
    """Letterhead and head of the regency's office; the day of sending stands above the signature of what was sent."""
    moments = [proposal.sent_at for proposal in sent if proposal.sent_at]
    day = timezone.localdate(max(moments)) if moments else timezone.localdate()
    agency = Agency.objects.filter(regency=regency, is_lead=True).select_related(*EMBLEMS).first()
    if agency is None:
        return {"lines": [f"Pemerintah {regency.name}"], "office": regency.name, "address": []}, []
    head = head_on(agency, day, Role.KADIS_KAB)
    place_date = f"{regency.capital}, {short_date(day)}" if moments and regency.capital else ""
    return letterhead_facts(agency), [signature_block(head, place_date=place_date)] if head else []


def papers_context(proposal: Proposal, user: Any) -> dict[str, Any]:
    """What `programs/papers/_papers.html` shows: for each kind the newest paper this user may read, or None.

    One statement.
    """
    own = Document.objects.filter(
        kind__in=(KAK, RAB), subject_type="programs.proposal", subject_id=str(proposal.pk)
    ).defer("facts")
    newest: dict[str, Document] = {}
    for document in readable_proposal_papers(user, own).order_by("-current_at", "-pk")[:20]:
        newest.setdefault(document.kind, document)
    return {
        "papers": [
            {"label": _("Kerangka acuan kerja (KAK)"), "url_name": "proposal_kak", "document": newest.get(KAK)},
            {"label": _("Rencana anggaran biaya (RAB)"), "url_name": "proposal_rab", "document": newest.get(RAB)},
        ],
        "paper_is_draft": proposal.regency_id in regency_ids(user) and proposal.status not in rules.IN_PROCESS,
    }


@dataclass(frozen=True, slots=True)
class BundleRow:
    """One regency on the page of bundles: how many proposals hers would hold, and her newest paper."""

    regency: Regency
    count: int
    document: Document | None


def bundle_years(user: Any) -> list[int]:
    """The years for which the user sees proposals, the newest first."""
    found = Proposal.objects.visible_to(user).kept().order_by("-year").values_list("year", flat=True)
    return list(found.distinct())


def bundle_rows(user: Any, year: int) -> list[BundleRow]:
    """The regencies whose proposals of a year the user may bundle, by code. Three statements."""
    seen = Proposal.objects.visible_to(user).kept().filter(year=year).exclude(status="ditarik")
    counts = dict(seen.order_by().values_list("regency").annotate(Count("pk")))
    regencies = Regency.objects.visible_to(user)
    if not rules.province_readers(user):
        regencies = regencies.filter(pk__in=regency_ids(user))
    bundles = Document.objects.filter(kind=BUNDLE, subject_id__endswith=f"-{year}").defer("facts")
    newest: dict[str, Document] = {}
    for document in readable_bundles(user, bundles).order_by("subject_id", "-current_at", "-pk").distinct("subject_id"):
        newest[document.subject_id] = document
    return [
        BundleRow(regency, counts.get(regency.pk, 0), newest.get(BundleSubject(regency, year).pk))
        for regency in regencies.order_by("code")
    ]
