"""Reading the whole content of a proposal: what is stored when it is sent, and what each side may see of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, IntegerField, Model, OuterRef, Subquery, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from portal.kernel.workflow import Status
from programs.models import Attachment, CostLine, Funding, Indicator, Proposal, Submission
from programs.rules import IN_PROCESS
from regencies.rules import regency_ids

CHOICES = {
    "sub_activity": ("code", "name", "level", "activity_code", "activity", "program_code", "indicator", "unit"),
    "help_kind": ("key", "name", "group"),
    "sector": ("key", "name", "standing", "special_regime"),
    "kbli": ("edition", "code", "title"),
}
"""What is kept of a chosen row, so that an old version stays readable when the list changes."""


def content_of(proposal: Proposal) -> dict[str, Any]:
    """Everything of a proposal as stored now, as JSON can hold it.

    Shape: {"code", "year", "number", "rank", "regency": {"code", "name"}, "budget_rupiah", "other_rupiah",
    "fields": {every name of Proposal.FIELDS: text, number, decimal as text, None, or a dict of CHOICES},
    "tags": [{"key", "name"}], "indicators": [{"id", "kind", "name", "baseline", "target", "unit"}],
    "lines": [{"id", "position", "account_code", "description", "quantity_text", "quantity", "unit",
    "unit_price_rupiah", "amount_rupiah", "source", "source_name", "in_budget", "note"}],
    "shares": [{"source", "source_name", "in_budget", "share_rupiah"}],
    "attachments": [{"id", "item", "item_name", "name", "kind", "size", "sha256", "caption"}]}.
    """
    return contents_of([proposal.pk])[proposal.pk]


def contents_of(keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The content of many proposals in six statements, by primary key."""
    proposals = Proposal.objects.filter(pk__in=list(keys)).select_related("regency", *CHOICES).prefetch_related("tags")
    parts = {name: _grouped(name, proposals) for name in ("indicators", "lines", "shares", "attachments")}
    return {row.pk: _head(row) | {name: found.get(row.pk, []) for name, found in parts.items()} for row in proposals}


def _head(proposal: Proposal) -> dict[str, Any]:
    plain = {name: _plain(getattr(proposal, name)) for name in (*Proposal.TEXT_FIELDS, *Proposal.NUMBER_FIELDS)}
    chosen = {name: _chosen(getattr(proposal, name), kept) for name, kept in CHOICES.items()}
    return {
        "code": proposal.code,
        "year": proposal.year,
        "number": proposal.number,
        "rank": proposal.rank,
        "regency": {"code": proposal.regency.code, "name": proposal.regency.name},
        "budget_rupiah": proposal.budget_rupiah,
        "other_rupiah": proposal.other_rupiah,
        "fields": plain | chosen,
        "tags": [{"key": tag.key, "name": tag.name} for tag in proposal.tags.all()],
    }


def _chosen(row: Model | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    return {name: getattr(row, name) for name in names} if row else None


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _grouped(part: str, proposals: Any) -> dict[int, list[dict[str, Any]]]:
    rows, shape = {
        "indicators": (Indicator.objects.kept(), _indicator),
        "lines": (CostLine.objects.kept().select_related("source"), _line),
        "shares": (Funding.objects.select_related("source"), _share),
        "attachments": (Attachment.objects.kept().select_related("item"), _attachment),
    }[part]
    found = defaultdict(list)
    for row in rows.filter(proposal__in=[proposal.pk for proposal in proposals]):
        found[row.proposal_id].append(shape(row))
    return found


def _indicator(row: Indicator) -> dict[str, Any]:
    return {"id": row.pk} | {
        name: _plain(getattr(row, name)) for name in ("kind", "name", "baseline", "target", "unit")
    }


def _line(row: CostLine) -> dict[str, Any]:
    plain = (
        "position", "account_code", "description", "quantity_text", "quantity", "unit", "unit_price_rupiah",
        "amount_rupiah", "note",
    )  # fmt: skip
    return {"id": row.pk} | {name: _plain(getattr(row, name)) for name in plain} | _source(row)


def _share(row: Funding) -> dict[str, Any]:
    return _source(row) | {"share_rupiah": row.share_rupiah}


def _source(row: CostLine | Funding) -> dict[str, Any]:
    source = row.source
    return {
        "source": source.key if source else "",
        "source_name": source.name if source else "",
        "in_budget": bool(source and source.in_budget),
    }


def _attachment(row: Attachment) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("name", "kind", "size", "sha256", "caption")}
    item = {"item": row.item.key if row.item else "", "item_name": row.item.name if row.item else ""}
    return {"id": str(row.public_id)} | item | plain


def reads_live(proposal: Proposal, user: Any) -> bool:
    """Whether the user reads the rows as they are now; otherwise the version that was last sent."""
    return proposal.regency_id in regency_ids(user) or proposal.status in IN_PROCESS


def sent_part(part: str) -> Subquery:
    """A column of each proposal's last version, to annotate proposals with: "title", "content__rank"."""
    return Subquery(Submission.objects.filter(proposal=OuterRef("pk")).order_by("-number").values(part)[:1])


def sent_rank() -> Case:
    """The priority of each proposal as the province may see it, to annotate proposals with."""
    sent = Cast(KeyTextTransform("rank", sent_part("content")), IntegerField())
    return Case(When(status__in=IN_PROCESS, then=F("rank")), default=sent)


def last_submission(proposal: Proposal) -> Submission | None:
    """The version that was last sent to the province."""
    return proposal.submissions.order_by("-number").first()


def shown_state(proposal: Proposal, user: Any) -> Status:
    """The status as this user may know it: its own for its regency, else as the province is told it."""
    return proposal.state if proposal.regency_id in regency_ids(user) else proposal.told_state


def shown_title(proposal: Proposal, user: Any) -> str:
    """What the proposal is called to this user: as it stands for its regency, else as it was last sent."""
    if reads_live(proposal, user):
        return str(proposal)
    sent = last_submission(proposal)
    return sent.title if sent else proposal.code


def shown_content(proposal: Proposal, user: Any) -> dict[str, Any]:
    """The content as this user may see it: live for its regency and while the province works on it, else as last sent.

    A returned proposal is being edited again, and a withdrawn one may hold such edits: the province sees neither.
    """
    if reads_live(proposal, user):
        return content_of(proposal)
    sent = last_submission(proposal)
    return sent.content if sent else {}
