"""Whose turn it is to sign a contract, and why not yet. The page shows it, signing asks it again under the lock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.dates import short_date
from portal.kernel.workflow import Status
from programs.models import Contract, Signature, Signer
from programs.models.contracts import SIGNABLE
from regencies.models import Position

SIGNED = Status("signed", gettext_noop("Sudah ditandatangani"), "success")
TURN = Status("turn", gettext_noop("Gilirannya"), "warning")
WAITING = Status("waiting", gettext_noop("Menunggu"), "neutral")


@dataclass(frozen=True)
class Place:
    """One who signs: the signature or None, the state, and what it waits for."""

    signer: Signer
    signature: Signature | None
    state: Status
    reason: str = ""
    mine: bool = False


def places(contract: Contract, signers: list[Signer], user: Any) -> list[Place]:
    """Everybody who signs in the order of the steps, each with state and reason. Needs `stored_signers`."""
    result = []
    for signer in sorted(signers, key=lambda signer: (signer.step, signer.kind, signer.order)):
        signature = signature_of(signer)
        mine = signer.account_id is not None and signer.account_id == getattr(user, "pk", None)
        if signature is not None:
            result.append(Place(signer, signature, SIGNED, mine=mine))
            continue
        reason = why_not_yet(contract, signer, signers)
        result.append(Place(signer, None, WAITING if reason else TURN, reason, mine))
    return result


def signature_of(signer: Signer) -> Signature | None:
    """The signature that was given here."""
    return getattr(signer, "signature", None)


def why_not_yet(contract: Contract, signer: Signer, signers: list[Signer], on: dt.date | None = None) -> str:
    """What a signature here waits for; "" when it may be given on that day (today).

    `signers` are all of the contract, with their signatures.
    """
    if contract.status not in SIGNABLE:
        return _("Naskah belum siap ditandatangani.")
    if contract.frozen_at is None:
        return _("Berkasnya sedang dibekukan.")
    if contract.worker_id and contract.worker.status == "diputus":
        return _("Kontrak %(name)s pernah diputus; tempatkan kembali dahulu.") % {"name": contract.worker}
    open_places = [each for each in signers if signature_of(each) is None]
    if signer not in open_places:
        return _("%(name)s sudah menandatangani.") % {"name": signer.name}
    before = [each for each in open_places if each.step < signer.step]
    if before:
        first = min(each.step for each in before)
        names = ", ".join(each.name for each in before if each.step == first)
        return _("Menunggu langkah %(step)s: %(names)s.") % {"step": first, "names": names}
    if signer.witnesses_id in [each.pk for each in open_places]:
        return _("Menunggu tanda tangan %(label)s yang disaksikannya.") % {"label": signer.witnesses.label}
    people = {each.account_id for each in signers if signature_of(each) is not None} - {None}
    if signer.account_id in people:
        return _("%(name)s sudah menandatangani naskah ini di tempat lain.") % {"name": signer.name}
    return _not_in_office(signer.position, on or timezone.localdate()) if signer.position_id else ""


def _not_in_office(position: Position, day: dt.date) -> str:
    """Why somebody does not hold his office on that day, and who does; "" when he does."""
    if position.starts_on > day:
        return _("Jabatan %(title)s baru berlaku sejak %(day)s.") % {
            "title": position.full_title, "day": short_date(position.starts_on),
        }  # fmt: skip
    if position.ends_on is None or position.ends_on >= day:
        return ""
    over = _("Jabatan %(title)s yang dipegang %(name)s berakhir %(day)s.") % {
        "title": position.full_title, "name": position.person.display_name, "day": short_date(position.ends_on),
    }  # fmt: skip
    held = Position.objects.in_force(day).filter(agency=position.agency_id, role=position.role)
    holder = held.select_related("person").order_by("-starts_on", "pk").first()
    if holder is None:
        return f"{over} {_('Belum ada penggantinya; buka kembali naskah setelah jabatan itu terisi.')}"
    must = _("Penanda tangannya harus diganti dengan %(name)s, %(title)s: buka kembali naskah ini.") % {
        "name": holder.person.display_name, "title": holder.full_title,
    }  # fmt: skip
    return f"{over} {must}"
