"""What the page of one contract shows: who signs when, what comes next for this user, and why not otherwise."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.queries import history_of
from portal.kernel.decision import Decision, allow_if
from portal.kernel.money import rupiah_in_words
from portal.kernel.workflow import OfferedMove
from programs import contract_rules as rules
from programs.facts.contract_periods import ordinal
from programs.models import Contract, ContractKind, Revision
from programs.models.contracts import SIGNABLE
from programs.queries.contracts import reads_money
from programs.queries.contracts_checks import Remark, remarks
from programs.queries.contracts_files import current_file, latest_file, may_read_paper
from programs.queries.contracts_signers import stored_signers
from programs.queries.contracts_turns import TURN, Place, places
from programs.workflow import CONTRACT

SHOWN = ("check", "approve", "return", "reopen", "renew", "terminate", "cancel")
DANGEROUS = ("terminate", "cancel")
PAGE = ("konsep", "diparaf", "siap_ttd", "sebagian", "aktif")
"""The steps on top of the page."""


def offered_moves(user: Any, contract: Contract, found: list[Remark]) -> list[OfferedMove]:
    """The moves that the table allows now, refused ones with their sentence; none for people outside the office."""
    if not rules.province_internal(user):
        return []
    return [
        OfferedMove(
            key=move.key,
            label=_(move.label),
            url=reverse("contract_move", args=[contract.pk, move.key]),
            decision=_decision(user, contract, move.key, found),
            posts=move.key == "renew",
            confirm=_("Buat naskah berikutnya dari kontrak ini?") if move.key == "renew" else "",
            style="primary" if move.key in ("check", "approve", "renew") else
            "outline-danger" if move.key in DANGEROUS else "secondary",
        )
        for move in sorted(CONTRACT.moves_from(contract.status), key=_place)
        if move.key in SHOWN
    ]  # fmt: skip


def _place(move: Any) -> int:
    return SHOWN.index(move.key) if move.key in SHOWN else len(SHOWN)


def _decision(user: Any, contract: Contract, move: str, found: list[Remark]) -> Decision:
    allowed = rules.may_move_contract(user, contract, move)
    if move in ("check", "approve"):
        blocking = [remark.sentence for remark in found if remark.blocks]
        return allowed & allow_if(not blocking, " ".join(blocking[:2]))
    if move == "renew":
        following = getattr(contract, "next", None)
        used_up = contract.kind == ContractKind.TPL and contract.contract_year >= settings.TPL_MAX_YEARS
        most = _("Kontrak TPL paling banyak %(n)s tahun.") % {"n": settings.TPL_MAX_YEARS}
        return allowed & allow_if(following is None, _("Perpanjangannya sudah dibuat.")) & allow_if(not used_up, most)
    return allowed


WAITS_FOR = {
    "konsep": gettext_noop("Menunggu penulis melengkapi naskah, lalu paraf Kepala Bidang Provinsi."),
    "diparaf": gettext_noop("Menunggu persetujuan Kepala Dinas Provinsi; nomor diambil saat disetujui."),
    "siap_ttd": gettext_noop("Menunggu tanda tangan pertama."),
    "sebagian": gettext_noop("Menunggu tanda tangan berikutnya."),
    "aktif": gettext_noop("Kontrak berlaku."),
    "berakhir": gettext_noop("Masa kontrak sudah berakhir; masih dapat diperpanjang."),
    "diperpanjang": gettext_noop("Kontrak ini sudah diperpanjang."),
    "diputus": gettext_noop("Kontrak ini diputus sebelum waktunya."),
    "dibatalkan": gettext_noop("Naskah ini dibatalkan; nomornya tidak dipakai lagi."),
}
WAITS_FOR_MOU = WAITS_FOR | {
    "aktif": gettext_noop("MOU ini berlaku."),
    "berakhir": gettext_noop("Masa MOU ini sudah berakhir; masih dapat diperpanjang."),
    "diperpanjang": gettext_noop("MOU ini sudah diperpanjang."),
    "diputus": gettext_noop("MOU ini diputus sebelum waktunya."),
}


def waits_for(contract: Contract, shown: list[Place]) -> str:
    """One sentence on what happens next, with names where it is known whose turn it is."""
    if contract.status in SIGNABLE and contract.frozen_at is None:
        return _("Berkas naskah sedang dibekukan; sesudah itu dapat ditandatangani.")
    names = [place.signer.name for place in shown if place.state is TURN]
    if contract.status in SIGNABLE and names:
        return _("Giliran menandatangani: %(names)s.") % {"names": ", ".join(names)}
    words = WAITS_FOR_MOU if contract.kind == ContractKind.MOU else WAITS_FOR
    return _(words[contract.status])


def steps_of(contract: Contract) -> list[dict[str, str]]:
    """The way of the contract as components/steps.html shows it."""
    keys = list(PAGE)
    if contract.status not in keys:
        reached = "aktif" if contract.effective_on else "konsep"
        keys = [*keys[: keys.index(reached) + 1], contract.status]
    here = keys.index(contract.status)
    stopped = contract.status in ("diputus", "dibatalkan")
    over = contract.status in ("aktif", "berakhir", "diperpanjang")
    states = [
        "done" if place < here or (place == here and over) else
        ("stopped" if stopped else "current") if place == here else "todo"
        for place in range(len(keys))
    ]  # fmt: skip
    return [{"label": _(CONTRACT.status(key).label), "state": state} for key, state in zip(keys, states, strict=True)]


def contract_context(contract: Contract, user: Any) -> dict[str, Any]:
    """What `programs/contracts/detail.html` shows."""
    signers = stored_signers(contract)
    shown = places(contract, signers, user)
    internal = bool(rules.province_internal(user))
    found = remarks(contract) if internal and contract.status in ("konsep", "diparaf") else []
    money = reads_money(user, contract)
    may_paper = may_read_paper(user, contract) if contract.document else None
    electronic = contract.route == Contract.Route.ELECTRONIC
    return {
        "contract": contract, "places": shown, "steps": steps_of(contract), "remarks": found,
        "moves": offered_moves(user, contract, found), "waits_for": waits_for(contract, shown),
        "may_write": rules.may_write_contract(user, contract),
        "money": _money(contract) if money else [], "hides_money": contract.kind == ContractKind.TPL and not money,
        "year": ordinal(contract.contract_year) if contract.contract_year else "",
        "mandate": list(contract.mandate_fields.all()),
        "extra": [(name.replace("_", " "), value) for name, value in contract.extra.items() if value],
        "revisions": _files(contract, user, may_paper), "may_paper": may_paper,
        "scan_missing": _scan_missing(contract),
        "my_turn": electronic and any(place.mine and place.state is TURN for place in shown),
        "signing_open": contract.status in SIGNABLE and contract.frozen_at is not None,
        "following": getattr(contract, "next", None),
        "may_number": bool(rules.drafters(user)) and contract.status not in ("diparaf", "dibatalkan"),
        "reads_reason": internal or (contract.worker is not None and contract.worker.user_id == user.pk),
        "internal": internal, "history": history_of(contract, limit=30) if internal else [],
    }  # fmt: skip


def _files(contract: Contract, user: Any, may_paper: Decision | None) -> list[dict[str, Any]]:
    """Every version of the file; `readable` when this user may open it.

    Shape: dicts with revision, readable.
    """
    revisions = list(contract.revisions.select_related("by", "confirmed_by"))
    if not revisions or not may_paper:
        return [{"revision": revision, "readable": False} for revision in revisions]
    internal = bool(rules.province_internal(user))
    open_to_all = {latest_file(contract), current_file(contract)} if not internal else set()
    return [{"revision": revision, "readable": internal or revision in open_to_all} for revision in revisions]


def _money(contract: Contract) -> list[tuple[str, str]]:
    rows = ((_("Honorarium sebulan"), contract.honorarium_rupiah),
            (_("Biaya operasional sebulan"), contract.operational_rupiah))  # fmt: skip
    return [(label, rupiah_in_words(amount)) for label, amount in rows if amount is not None]


def _scan_missing(contract: Contract) -> bool:
    if contract.route != Contract.Route.PAPER or contract.signed_at is None:
        return False
    return not contract.revisions.filter(kind=Revision.Kind.SCAN, confirmed_by__isnull=False).exists()
