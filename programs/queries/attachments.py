"""Reading the files of a proposal: which readiness items are there and which are missing, and who sees which file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from programs.models import Attachment, CostLine, Funding, FundingSource, Proposal, ReadinessItem, Upload
from programs.queries.snapshots import last_submission, reads_live
from programs.rules import may_read_attachment, may_write, writers

Scope = ReadinessItem.Scope


@dataclass
class Slot:
    """One item of the readiness list with the files that are there. `needed`: the proposal is not ready without it."""

    item: ReadinessItem
    needed: bool
    files: list[Attachment] = field(default_factory=list)

    @property
    def missing(self) -> bool:
        """Whether a needed file is not there."""
        return self.needed and not self.files

    @property
    def place(self) -> str:
        """The id of its place in the page, to which findings of the self-check lead."""
        return f"berkas-{self.item.key}"


@dataclass
class Readiness:
    """How ready a proposal is: the items of the list in three groups, and the share of needed ones that are there."""

    slots: list[Slot]
    special: str
    """Name of the source of funds that asks for the DAK files; "" when none does."""

    loose: list[Attachment] = field(default_factory=list)
    """Files that belong to no item of the list, or to one that is no longer used."""

    @property
    def needed(self) -> int:
        """How many items the proposal needs."""
        return sum(slot.needed for slot in self.slots)

    @property
    def have(self) -> int:
        """How many of the needed items are there."""
        return sum(slot.needed and bool(slot.files) for slot in self.slots)

    @property
    def percent(self) -> int:
        """The share of needed items that are there, rounded down: 100 means all."""
        return 100 * self.have // self.needed if self.needed else 100

    @property
    def missing(self) -> list[ReadinessItem]:
        """Needed items without a file."""
        return [slot.item for slot in self.slots if slot.missing]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The list as the page shows it, `aside`: what may be folded away.

        Shape: [{"title", "note", "slots", "aside"}].
        """
        dak_note = (
            _("Disyaratkan oleh sumber dana %(source)s.") % {"source": self.special}
            if self.special
            else _("Hanya disyaratkan bila memakai DAK; usulan ini tidak memakainya.")
        )
        groups = (
            (Scope.ALWAYS, _("Wajib untuk setiap usulan"), "", False),
            (Scope.SPECIAL_FUND, _("Wajib untuk DAK"), dak_note, not self.special),
            (Scope.OPTIONAL, _("Bila ada"), "", False),
        )
        found = [
            {
                "title": title,
                "note": note,
                "slots": [slot for slot in self.slots if slot.item.scope == scope],
                "aside": aside,
            }
            for scope, title, note, aside in groups
        ]
        return [
            group | {"aside": group["aside"] and not any(s.files for s in group["slots"])}
            for group in found
            if group["slots"]
        ]


def _readiness(items: list[ReadinessItem], files: list[Attachment], special: str) -> Readiness:
    slots = {
        item.pk: Slot(item, item.scope == Scope.ALWAYS or (item.scope == Scope.SPECIAL_FUND and bool(special)))
        for item in items
    }
    loose = []
    for attachment in files:
        slot = slots.get(attachment.item_id)
        (slot.files if slot else loose).append(attachment)
    return Readiness(list(slots.values()), special, loose)


def seen_attachments(proposal: Proposal, user: Any) -> list[Attachment]:
    """The files that this user sees now: those of today for its regency, else those of the version last sent.

    Files of a sent version carry the item and the caption that they had when it was sent.
    """
    found = proposal.attachments.select_related("item")
    sent = _sent(proposal, user)
    return list(found.kept()) if sent is None else _as_sent(found, sent)


def _sent(proposal: Proposal, user: Any) -> dict[str, Any] | None:
    """The content last sent, for whoever does not read the rows as they are now; else None."""
    if reads_live(proposal, user):
        return None
    last = last_submission(proposal)
    return last.content if last else {}


def _as_sent(found: QuerySet[Attachment], content: dict[str, Any]) -> list[Attachment]:
    told = {row["id"]: row for row in content.get("attachments", [])}
    items = {item.key: item for item in ReadinessItem.objects.all()}
    files = list(found.filter(public_id__in=told))
    for file in files:
        row = told[str(file.public_id)]
        file.item, file.caption = items.get(row["item"]), row["caption"]
    return sorted(files, key=lambda file: (file.item is None, file.item.position if file.item else 0, file.pk))


def readable_attachment(proposal: Proposal, user: Any, public_id: UUID) -> Attachment | None:
    """The file if this user may read it: one that he sees now, or one of a version that was sent."""
    stored = proposal.attachments.filter(public_id=public_id).first()
    if stored is None or not may_read_attachment(user, stored):
        return None
    if reads_live(proposal, user) and stored.deleted_at is None:
        return stored
    sent = proposal.submissions.filter(content__attachments__contains=[{"id": str(public_id)}])
    return stored if sent.exists() else None


def unfinished_uploads(proposal: Proposal, user: Any) -> QuerySet[Upload]:
    """Files of this person that did not arrive whole: they can be continued."""
    return Upload.objects.filter(proposal=proposal, by=user, attachment=None).select_related("item").order_by("pk")


def attachments_context(proposal: Proposal, user: Any) -> dict[str, Any]:
    """What `programs/attachments/_list.html` shows, in at most six statements.

    Shape: {"attachments": {"proposal", "readiness": Readiness, "may_write": Decision, "reason": why the regency may
    not, "uploads": [Upload], "items": [ReadinessItem], "largest_mb", "largest_bytes", "chosen": key of the item offered
    first}}.
    """
    sent = _sent(proposal, user)
    items = list(ReadinessItem.objects.filter(is_active=True))
    files = proposal.attachments.select_related("item")
    if sent is None:
        readiness = _readiness(items, list(files.kept()), _special(proposal))
    else:
        readiness = _readiness(items, _as_sent(files, sent), _special_sent(sent))
    decision = may_write(user, proposal)
    if not decision:  # who only reads wants to know what is there and what is missing, not what else could be
        readiness.slots = [slot for slot in readiness.slots if slot.needed or slot.files]
    missing = readiness.missing
    return {
        "attachments": {
            "proposal": proposal,
            "readiness": readiness,
            "may_write": decision,
            "reason": decision.reason if writers(user) else "",
            "uploads": list(unfinished_uploads(proposal, user)) if decision else [],
            "items": items,
            "largest_mb": settings.ATTACHMENT_MAX_MB,
            "largest_bytes": settings.ATTACHMENT_MAX_MB * 2**20,
            "chosen": missing[0].key if missing else "lain",
        }
    }


def _special(proposal: Proposal) -> str:
    """The source of funds of this proposal that asks for the DAK files."""
    shares = Funding.objects.filter(proposal=proposal, source=OuterRef("pk"), share_rupiah__gt=0)
    lines = CostLine.objects.kept().filter(proposal=proposal, source=OuterRef("pk"))
    asking = FundingSource.objects.filter(Q(Exists(shares)) | Q(Exists(lines)), needs_readiness=True)
    return asking.values_list("name", flat=True).first() or ""


def _special_sent(content: dict[str, Any]) -> str:
    """The source of funds of this version that asks for the DAK files."""
    paid = {row["source"] for row in content.get("shares", []) if row["share_rupiah"]}
    used = paid | {row["source"] for row in content.get("lines", [])}
    asking = FundingSource.objects.filter(key__in=used, needs_readiness=True)
    return asking.values_list("name", flat=True).first() or ""
