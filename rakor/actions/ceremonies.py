"""The signing ceremony: which papers in which order, who stands on the stage, opening, one signature after another.

Locks are taken in one order: the ceremony's row first, then contracts. Every step raises `Ceremony.change`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked, ensure
from programs.actions.signing import record_wet
from programs.models import Contract, Signature, Signer
from programs.models.contracts import SIGNABLE
from rakor import rules
from rakor.models import Ceremony, CeremonyItem, Session
from rakor.queries.ceremonies import missing, papers_of

MOST = 200
"""More papers than this are no ceremony."""


@dataclass
class Added:
    """What became of contracts that were to be added: the new items, and a sentence for each refused one."""

    items: list[CeremonyItem] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def start_ceremony(session: Session, *, by: Any) -> Ceremony:
    """The ceremony of a signing session, begun when there was none; a double click begins one.

    Errors: Denied; Blocked when the session is of another kind.
    """
    if session.kind != Session.Kind.SIGNING:
        raise Blocked(_("Sesi ini bukan sesi penandatanganan."))
    ensure(rules.may_prepare_signing(by, session.meeting))
    with transaction.atomic():
        ceremony, new = Ceremony.objects.get_or_create(session=session)
        if new:
            record(gettext_noop("Menyiapkan penandatanganan"), session, by=by)
    return ceremony


def release_ceremony(session: Session) -> None:
    """Forget the ceremony of a session that leaves the programme or changes its kind, while it is empty.

    Errors: Blocked when papers are in it, or it was opened.
    """
    ceremony = Ceremony.objects.filter(session=session).first()
    if ceremony is None:
        return
    if ceremony.opened_at or ceremony.items.exists():
        raise Blocked(
            _("Sesi “%(title)s” sudah berisi penandatanganan, jadi tidak dapat dihapus atau diganti jenisnya.")
            % {"title": session.title}
        )
    ceremony.delete()


def locked(ceremony: Ceremony) -> Ceremony:
    """The ceremony's row, held until the transaction ends.

    Errors: Blocked for a ceremony that nobody has begun.
    """
    if ceremony.pk is None:
        raise Blocked(_("Penandatanganan ini belum disiapkan."))
    rows = Ceremony.objects.select_for_update(of=("self",)).select_related("session__meeting")
    return rows.get(pk=ceremony.pk)


def _changing(ceremony: Ceremony, by: Any) -> Ceremony:
    row = locked(ceremony)
    ensure(rules.may_change_ceremony(by, row))
    return row


def _stepped(row: Ceremony, *fields: str) -> Ceremony:
    """One step further: screens that show it ask again."""
    row.change += 1
    row.save(update_fields=["change", *fields])
    return row


@transaction.atomic
def add_contracts(ceremony: Ceremony, contracts: Iterable[int], *, by: Any) -> Added:
    """What was added of the contracts with these pks, behind those that are there, in the order they are given.

    Errors: Denied; Blocked when there are too many.
    """
    row = _changing(ceremony, by)
    wanted = list(dict.fromkeys(contracts))
    if len(wanted) + row.items.count() > MOST:
        raise Blocked(_("Paling banyak %(n)s naskah dalam satu penandatanganan.") % {"n": MOST})
    rows = Contract.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    found = {contract.pk: contract for contract in rows}
    held = {
        item.contract_id: item
        for item in CeremonyItem.objects.filter(contract__in=found).select_related("ceremony__session")
    }
    added, last = Added(), row.items.aggregate(last=Max("order"))["last"] or 0
    for contract in (found[pk] for pk in wanted if pk in found):
        if reason := _not_addable(contract, held.get(contract.pk), row):
            added.refused.append(reason)
        elif contract.pk not in held:
            last += 1
            added.items.append(CeremonyItem.objects.create(ceremony=row, contract=contract, order=last))
    if added.items:
        _stepped(row)
        named = "; ".join(str(item.contract) for item in added.items)
        record(gettext_noop("Menambahkan naskah"), row.session, by=by, note=named[:1000])
    return added


def _not_addable(contract: Contract, held: CeremonyItem | None, row: Ceremony) -> str:
    """Why this contract cannot be signed in this ceremony; "" when it can, or is in it already."""
    if held is not None and held.ceremony_id != row.pk:
        return _("“%(title)s” sudah masuk penandatanganan lain: %(session)s.") % {
            "title": contract, "session": held.ceremony.session,
        }  # fmt: skip
    if held is None and contract.status not in SIGNABLE:
        return _("“%(title)s” berstatus “%(status)s”, jadi tidak menunggu tanda tangan.") % {
            "title": contract, "status": _(contract.state.label),
        }  # fmt: skip
    return ""


@transaction.atomic
def remove_item(item: CeremonyItem, *, by: Any) -> Ceremony:
    """The ceremony without that paper; the contract stays as it is.

    Errors: Denied; Blocked when all have signed it, or it was taken out already.
    """
    row = _changing(item.ceremony, by)
    stored = _item(row, item)
    if stored.contract.status not in SIGNABLE and stored.contract.signed_at:
        raise Blocked(
            _("“%(title)s” sudah ditandatangani lengkap, jadi tetap tercatat di sini.") % {"title": stored.contract}
        )
    stored.delete()
    record(gettext_noop("Mengeluarkan naskah"), row.session, by=by, note=str(stored.contract))
    return _stepped(row)


def _item(row: Ceremony, item: CeremonyItem) -> CeremonyItem:
    stored = row.items.select_related("contract").filter(pk=item.pk).first()
    if stored is None:
        raise Blocked(_("Naskah ini sudah dikeluarkan dari penandatanganan. Muat ulang halaman."))
    return stored


@transaction.atomic
def mark_on_stage(item: CeremonyItem, on_stage: bool, *, by: Any) -> Ceremony:
    """The ceremony with that paper signed on the stage for all of them, or not.

    Errors: Denied; Blocked when it was taken out.
    """
    row = _changing(item.ceremony, by)
    stored = _item(row, item)
    if stored.on_stage == on_stage:
        return row
    stored.on_stage = on_stage
    stored.save(update_fields=["on_stage"])
    verb = gettext_noop("Menaikkan naskah ke panggung") if on_stage else gettext_noop("Menurunkan naskah dari panggung")
    record(verb, row.session, by=by, note=str(stored.contract))
    return _stepped(row)


@transaction.atomic
def order_items(ceremony: Ceremony, pks: Sequence[int], *, by: Any) -> Ceremony:
    """The ceremony with its papers in this order; those on the stage come first all the same.

    Errors: Denied; Blocked when the papers are others by now.
    """
    row = _changing(ceremony, by)
    items = {item.pk: item for item in row.items.all()}
    if set(items) != set(pks) or len(pks) != len(items):
        raise Blocked(_("Daftar naskahnya baru saja berubah. Muat ulang halaman, lalu urutkan lagi."))
    moved = [(items[pk], place) for place, pk in enumerate(pks, 1) if items[pk].order != place]
    for item, place in moved:
        item.order = place
    if moved:
        CeremonyItem.objects.bulk_update([item for item, _place in moved], ["order"])
        _stepped(row)
    return row


@transaction.atomic
def step_item(item: CeremonyItem, step: int, *, by: Any) -> Ceremony:
    """The ceremony with that paper one place up (-1) or down (1) among those on the stage, or among the others.

    Errors: Denied; Blocked when it was taken out.
    """
    row = _changing(item.ceremony, by)
    stored = _item(row, item)
    shown = list(row.items.order_by("-on_stage", "order", "pk"))
    pks = [each.pk for each in shown]
    here = pks.index(stored.pk)
    there = here + (1 if step > 0 else -1)
    if not 0 <= there < len(shown) or shown[there].on_stage != stored.on_stage:
        return row
    pks[here], pks[there] = pks[there], pks[here]
    return order_items(row, pks, by=by)


@transaction.atomic
def open_ceremony(ceremony: Ceremony, *, by: Any, at: dt.datetime | None = None) -> Ceremony:
    """The open ceremony: signatures can be recorded. One that was closed is resumed and keeps its beginning.

    Errors: Denied; Blocked without papers, or when it is open.
    """
    row = locked(ceremony)
    ensure(rules.may_open_ceremony(by, row))
    if row.opened_at and row.closed_at is None:
        raise Blocked(_("Penandatanganan ini sudah dibuka."))
    if not row.items.exists():
        raise Blocked(_("Belum ada naskah yang akan ditandatangani. Tambahkan naskah dahulu."))
    verb = gettext_noop("Membuka kembali penandatanganan") if row.closed_at else gettext_noop("Membuka penandatanganan")
    row.opened_at, row.closed_at = row.opened_at or at or timezone.now(), None
    record(verb, row.session, by=by)
    return _stepped(row, "opened_at", "closed_at")


@transaction.atomic
def close_ceremony(ceremony: Ceremony, *, by: Any, at: dt.datetime | None = None) -> Ceremony:
    """The closed ceremony; the journal keeps which papers were not signed by all. They can still be signed elsewhere.

    Errors: Denied; Blocked when it is not open.
    """
    row = locked(ceremony)
    ensure(rules.may_record_signature(by, row))
    papers = papers_of(row, by)
    left = missing(papers)
    row.closed_at = at or timezone.now()
    note = f"{len(papers) - len(left)} dari {len(papers)} naskah ditandatangani lengkap."
    names = "; ".join(f"{paper.contract}: {', '.join(names)}" for paper, names in left)
    record(gettext_noop("Menutup penandatanganan"), row.session, by=by, note=f"{note} {names}".strip()[:2000])
    return _stepped(row, "closed_at")


@transaction.atomic
def record_signature(ceremony: Ceremony, signer: Signer, *, by: Any, at: dt.datetime | None = None) -> Signature:
    """The signature on paper that was just given before the hall.

    Errors: Denied; Blocked when the ceremony is not open, the paper is not in it, or it is not this signer's turn.
    """
    row = locked(ceremony)
    ensure(rules.may_record_signature(by, row))
    if not row.items.filter(contract=signer.contract_id).exists():
        raise Blocked(_("Naskah ini sudah dikeluarkan dari penandatanganan. Muat ulang halaman."))
    signature = record_wet(signer, by=by, at=at)
    _stepped(row)
    return signature
