"""Verbs on the shares of funding: what the regency says each source pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.errors import Blocked, StaleVersion
from portal.kernel.money import rupiah
from programs.actions.rows import finish, locked
from programs.models import Funding, FundingSource, Proposal
from programs.models.proposals import LARGEST_RUPIAH


@transaction.atomic
def set_shares(
    proposal: Proposal, shares: Mapping[str, int], *, by: Any, base: Mapping[str, int] | None = None
) -> dict[str, int]:
    """The shares by source key, which are now exactly these; a source without money has no share.

    `base` is what the writer saw: a share that somebody else changed since then is not overwritten.
    Errors: Denied; Blocked for an unknown source or impossible money; StaleVersion with {key: rupiah} on both sides.
    """
    row = locked(proposal, by=by)
    wanted = {key: int(amount or 0) for key, amount in shares.items()}
    unknown = sorted(set(wanted) - set(FundingSource.objects.values_list("key", flat=True)))
    if unknown:
        raise Blocked(_("Sumber dana “%(key)s” tidak dikenal.") % {"key": unknown[0][:40]})
    if any(not 0 <= amount <= LARGEST_RUPIAH for amount in wanted.values()) or sum(wanted.values()) > LARGEST_RUPIAH:
        raise Blocked(_("Porsi sumber dana harus antara Rp0 dan %(most)s.") % {"most": rupiah(LARGEST_RUPIAH)})
    stored = stored_shares(row)
    if base is not None:
        wanted = _merged(stored, {key: int(amount or 0) for key, amount in base.items()}, wanted)
    return _store(proposal, row, {key: amount for key, amount in wanted.items() if amount}, by=by)


@transaction.atomic
def shares_from_lines(proposal: Proposal, *, by: Any) -> dict[str, int]:
    """The shares by source key, which are now the sums of the kept lines.

    Errors: Denied.
    """
    row = locked(proposal, by=by)
    return _store(proposal, row, line_sums(row), by=by)


def stored_shares(proposal: Proposal) -> dict[str, int]:
    """The shares as stored, by source key."""
    return dict(proposal.shares.values_list("source__key", "share_rupiah"))


def line_sums(proposal: Proposal) -> dict[str, int]:
    """What the kept lines of each source cost, by its key; lines without source are in none."""
    sums = proposal.lines.kept().filter(source__isnull=False, amount_rupiah__gt=0).order_by("source__position")
    return {key: int(total) for key, total in sums.values_list("source__key").annotate(total=Sum("amount_rupiah"))}


def _merged(stored: dict[str, int], base: dict[str, int], wanted: dict[str, int]) -> dict[str, int]:
    """Each share from whoever changed it since `base`.

    Errors: StaleVersion when both changed the same share differently.
    """
    keys = {*stored, *base, *wanted}
    merged = {}
    for key in keys:
        theirs, seen, mine = stored.get(key, 0), base.get(key, 0), wanted.get(key, 0)
        if theirs != seen and mine not in (seen, theirs):
            raise StaleVersion(
                _("Porsi sumber dana baru saja diubah orang lain. Tidak ada yang ditimpa."),
                current=stored, yours=wanted,
            )  # fmt: skip
        merged[key] = theirs if mine == seen else mine
    return merged


def _store(proposal: Proposal, row: Proposal, wanted: dict[str, int], *, by: Any) -> dict[str, int]:
    stored = stored_shares(row)
    if wanted == stored:
        return stored
    sources = FundingSource.objects.in_bulk([*stored, *wanted], field_name="key")
    row.shares.exclude(source__key__in=wanted).delete()
    Funding.objects.bulk_create(
        [Funding(proposal=row, source=sources[key], share_rupiah=amount) for key, amount in wanted.items()],
        update_conflicts=True, unique_fields=["proposal", "source"], update_fields=["share_rupiah"],
    )  # fmt: skip
    changes = {
        source.name: [stored.get(key), wanted.get(key)]
        for key, source in sorted(sources.items(), key=lambda pair: pair[1].position)
        if stored.get(key) != wanted.get(key)
    }
    finish(proposal, row, gettext_noop("Mengubah porsi sumber dana"), by=by, changes=changes)
    return wanted
