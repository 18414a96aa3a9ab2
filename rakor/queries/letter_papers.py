"""Letters of the committee as papers: who may read a surat undangan, and what each copy says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.actions import Order, order_documents
from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shapes import Letterhead
from portal.documents.shapes_letters import InvitationLetter, LetterSigner
from portal.kernel.dates import zone_label
from portal.kernel.decision import Decision, allow_if
from rakor.facts.invitation_letter import KIND, Addressed, Common, behalf_lines, invitation_facts
from rakor.facts.letters import InvitationContent
from rakor.models import Invitation, Letter, LetterCopy, Meeting
from rakor.queries.programme import programme_of
from rakor.rules import is_invited, sees_drafts
from regencies.facts import letterhead_facts, signature_block, unbroken, with_emblem
from regencies.models import Emblem, Position
from regencies.models.offices import EMBLEMS


def readable_letters(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """All for the provincial office; a recipient the papers that were sent to him and not taken back."""
    if sees_drafts(user):
        return documents
    own = LetterCopy.objects.visible_to(user).standing()
    return documents.filter(pk__in=own.filter(document__isnull=False).values("document"))


def may_read_letter(user: Any, document: Document) -> Decision:
    """The provincial office, and the office it was sent to."""
    seen = readable_letters(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Surat ini ditujukan kepada penerima lain, belum dikirim, atau sudah ditarik."))


def letter_summary(document: Document) -> list[tuple[str, str]]:
    """What anybody who holds the letter may check: its head, and whether it still stands; no recipient's data."""
    facts = document.facts
    copy = LetterCopy.objects.filter(document=document).only("voided_at").first()
    stands = _("Berlaku.") if copy and copy.voided_at is None else _("Bukan surat yang berlaku.")
    return [
        (_("Surat"), facts["subject"]),
        (_("Nomor"), facts["number"]),
        (_("Tanggal"), facts["annex_date"]),
        (_("Yth."), facts["addressee"]),
        (_("Penandatangan"), " ".join([*facts["signer"]["on_behalf"], facts["signer"]["office"]])),
        (_("Keberlakuan"), _("Rancangan: bukan surat resmi.") if facts["status"] else stands),
    ]


def letter_receipt(user: Any, document: Document) -> str:
    """Where the addressee's first opening is noted; "" for everybody else, and once it was opened."""
    unread = LetterCopy.objects.standing().filter(document=document, sent_at__isnull=False, read_at__isnull=True)
    copy = unread.filter(invitation__isnull=False).select_related("invitation__meeting").first()
    if copy is None or not is_invited(user, copy.invitation):
        return ""
    address = reverse("invitation_open", args=[copy.invitation.meeting.slug, copy.invitation_id])
    return f"{address}?copy={copy.pk}"


INVITATION = DocumentKind(
    key=KIND, version=2, title=gettext_lazy("Surat undangan"), may_read=may_read_letter, readable=readable_letters,
    public_summary=letter_summary, receipt=letter_receipt,
)  # fmt: skip


def order_copy(copy: LetterCopy, *, by: Any) -> Document:
    """The paper of a numbered copy, ordered and kept in `copy.document`; of whichever kind its letter is.

    Errors: FactsError.
    """
    return order_copies(copy.letter, [copy], by=by)[0]


def order_copies(letter: Letter, copies: Sequence[LetterCopy], *, by: Any) -> list[Document]:
    """The papers of these copies of one letter, in their order, in as many statements as for one.

    Errors: FactsError.
    """
    if letter.kind != Letter.Kind.INVITATION:
        from rakor.queries.letter_text_papers import order_text

        return _kept(copies, [order_text(copy, by=by) for copy in copies])
    common, content = _common(letter), InvitationContent.of(letter.content)
    with override("id"):
        orders = [Order(invitation_facts(letter, content, common, _addressed(copy)), copy) for copy in copies]
        return _kept(copies, order_documents(KIND, orders, by=by))


def preview_facts(letter: Letter, invitation: Invitation) -> InvitationLetter:
    """What the letter will say to that recipient: marked RANCANGAN, with dots in place of its number.

    Shape: portal.documents.shapes_letters.InvitationLetter.
    """
    own = Addressed(
        number="", dated_on=letter.dated_on, addressee=invitation.addressee, place=invitation.place,
        quota=_quota(invitation), regency=_regency_name(invitation), draft=True,
    )  # fmt: skip
    with override("id"):
        return invitation_facts(letter, InvitationContent.of(letter.content), _common(letter), own)


def _kept(copies: Sequence[LetterCopy], documents: list[Document]) -> list[Document]:
    """The papers, each kept with its copy."""
    for copy, document in zip(copies, documents, strict=True):
        copy.document = document
    LetterCopy.objects.bulk_update(copies, ["document"])
    return documents


def _addressed(copy: LetterCopy) -> Addressed:
    invitation = copy.invitation
    return Addressed(
        number=copy.number.text if copy.number else "", dated_on=copy.number.on if copy.number else None,
        addressee=copy.addressee, place=copy.place, quota=_quota(invitation), regency=_regency_name(invitation),
    )  # fmt: skip


def _quota(invitation: Invitation | None) -> int:
    """How many an office may send; a head of region comes himself, and bears no surat tugas."""
    if invitation is None or invitation.group == Invitation.Group.HEAD_OF_REGION:
        return 0
    return invitation.quota


def _regency_name(invitation: Invitation | None) -> str:
    return invitation.regency.name if invitation and invitation.regency else ""


def _common(letter: Letter) -> Common:
    """Head, signer, list of the invited and programme: the same statements however many copies there are."""
    position = Position.objects.select_related("person", *(f"agency__{path}" for path in EMBLEMS)).get(
        pk=letter.signer_id
    )
    active = Invitation.objects.filter(meeting=letter.meeting_id, group=letter.group).active()
    meeting = Meeting.objects.select_related("province").get(pk=letter.meeting_id)
    return Common(
        letterhead=letterhead_of(position, meeting.province.name), head_of_region=is_head_of_region(position),
        signer=signer_facts(position, letter.on_behalf), capital=meeting.province.capital,
        zone=zone_label(timezone.get_default_timezone()), portal=settings.PUBLIC_URL.removeprefix("https://"),
        invited=tuple({"addressee": row.addressee, "place": row.place} for row in active),
        days=tuple(programme_of(meeting).days()),
    )  # fmt: skip


def is_head_of_region(position: Position) -> bool:
    """Whether the kop names the signer himself instead of an office: a Governor, also an acting one."""
    return position.title.casefold().startswith(("gubernur", "penjabat gubernur"))


def letterhead_of(position: Position, province: str) -> Letterhead:
    """The kop by who signs: GUBERNUR X for the Governor, the office's own for everybody else.

    Source: domain §2.1.
    """
    if is_head_of_region(position):
        head: Letterhead = {"lines": [], "office": f"Gubernur {province}", "address": []}
        return with_emblem(head, Emblem.objects.of_state())
    head = letterhead_facts(position.agency)
    lines = head["lines"] or [f"Pemerintah Provinsi {province}"]
    return {**head, "lines": lines, "office": head["office"].removesuffix(unbroken(f" Provinsi {province}"))}


def signer_facts(position: Position, on_behalf: str) -> LetterSigner:
    """The signature of a letter: for a Governor the name alone (domain §2.1)."""
    block = signature_block(position)
    governor = is_head_of_region(position)
    return {
        "on_behalf": behalf_lines(on_behalf), "office": block["office"], "name": block["name"],
        "rank": "" if governor else block["rank"], "nip": "" if governor else block["nip"],
    }  # fmt: skip
