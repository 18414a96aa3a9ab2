"""What verbs on the parts of a proposal share: the lock, the sums, finding a row, versions, values that can be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q, Sum
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.journal.actions import record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.kernel.money import rupiah
from programs.models import Proposal
from programs.models.proposals import LARGEST_RUPIAH
from programs.rules import may_write

LAST_PLACE = 32_000
"""Rows beyond stand in the order in which they were made; the column holds little more."""


def locked(proposal: Proposal, *, by: Any) -> Proposal:
    """The row locked for this transaction, after the rules were asked about its status as it is now.

    Errors: Denied.
    """
    row = Proposal.objects.select_for_update(of=("self",)).select_related("regency").get(pk=proposal.pk)
    ensure(may_write(by, row))
    return row


@transaction.atomic
def recompute(proposal: Proposal) -> Proposal:
    """The proposal with the sums of its kept lines and a new change number; the given object learns them too.

    A line without a source is in neither sum until its source is chosen.

    Errors: Blocked when the sum is more than money columns and papers can hold.
    """
    row = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    sums = row.lines.kept().aggregate(
        budget=Sum("amount_rupiah", filter=Q(source__in_budget=True), default=0),
        other=Sum("amount_rupiah", filter=Q(source__in_budget=False), default=0),
        all=Sum("amount_rupiah", default=0),
    )
    if sums["all"] > LARGEST_RUPIAH:
        raise Blocked(_("Jumlah rincian melebihi %(most)s. Periksa jumlah nolnya.") % {"most": rupiah(LARGEST_RUPIAH)})
    row.budget_rupiah, row.other_rupiah, row.change = int(sums["budget"]), int(sums["other"]), row.change + 1
    row.save(update_fields=["budget_rupiah", "other_rupiah", "change", "changed_at"])
    for name in ("budget_rupiah", "other_rupiah", "change", "changed_at"):
        setattr(proposal, name, getattr(row, name))
    return proposal


def finish(
    proposal: Proposal, row: Proposal, verb: str, *, by: Any, note: str = "", changes: dict[str, list] | None = None
) -> None:
    """New sums and change number, one more author, one journal entry."""
    recompute(proposal)
    row.authors.add(by)
    record(verb, row, by=by, note=note, changes=changes)


def as_row(rows: models.QuerySet, row_id: int | None, key: UUID | None) -> Any:
    """The row meant: by its number, or by the key of the browser that made it; None for a new one.

    Errors: Blocked when there is no row of that number.
    """
    if row_id is None:
        return rows.filter(client_key=key).first() if key else None
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise Blocked(_("Baris ini sudah tidak ada. Muat ulang halaman untuk melihat isi terbaru."))
    return row


def knew(row: Any, base_version: int, *, key: UUID | None = None) -> bool:
    """Whether the writer knew the stored version; whoever made the row under this key knew its first one."""
    just_made = key is not None and row.client_key == key and base_version == 0 and row.version == 1
    return row.version == base_version or just_made


def stale_row(row: Any, values: dict[str, Any]) -> StaleVersion:
    """The error that carries both: the stored row and what was sent."""
    who = getattr(row, "changed_by", None) or _("pengguna lain")
    if getattr(row, "deleted_at", None):
        sentence = _("Baris ini dihapus oleh %(who)s. Isian Anda tidak hilang.")
    else:
        sentence = _("Baris ini baru saja disimpan oleh %(who)s. Tidak ada yang ditimpa.")
    return StaleVersion(sentence % {"who": who}, current=row, yours=values)


def checked(row: models.Model, names: list[str]) -> None:
    """Return when every named field holds what its column can hold.

    Errors: Blocked with the field's name and the reason.
    """
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(names))
    except ValidationError as error:
        name, reasons = next(iter(error.message_dict.items()))
        label = capfirst(str(row._meta.get_field(name).verbose_name))
        raise Blocked(_("%(field)s: %(reason)s") % {"field": label, "reason": reasons[0]}) from error


def next_position(rows: models.QuerySet) -> int:
    """The place after the last of these rows."""
    return min((rows.aggregate(last=Max("position"))["last"] or 0) + 1, LAST_PLACE)


def one_line(value: Any) -> str:
    """The text on one line with single spaces."""
    return " ".join(str(value or "").split())
