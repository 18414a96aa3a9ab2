"""What the pages of signing show: the paper, whose turn it is, what a signature will be, and the scan."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.documents.workflow import FAILED
from portal.signing.models import SigningIdentity
from programs import contract_rules as rules
from programs.models import Contract, Revision, RevisionCheck, Signer
from programs.models.contracts import SIGNABLE
from programs.queries.contracts_files import current_file, last_signed, latest_file, scan_to_match
from programs.queries.contracts_signers import stored_signers
from programs.queries.contracts_turns import TURN, places

KINDS = {
    SigningIdentity.Backend.LOCAL.value: (
        gettext_noop("Tanda tangan dengan sertifikat portal (tidak tersertifikasi)"),
        gettext_noop(
            "Membuktikan siapa yang menandatangani di portal ini dan bahwa naskah tidak berubah sesudahnya. "
            "Sertifikatnya diterbitkan portal sendiri, bukan oleh penyelenggara sertifikasi elektronik negara."
        ),
    ),
    SigningIdentity.Backend.BSRE.value: (
        gettext_noop("Tanda tangan tersertifikasi (BSrE)"),
        gettext_noop(
            "Dibubuhkan oleh layanan Balai Besar Sertifikasi Elektronik dengan sertifikat Anda di sana. Naskah dan "
            "frasa sandi dikirim ke layanan itu; portal tidak menyimpan frasa sandinya."
        ),
    ),
}
"""Kind of identity: what a signature with it is called, and what that means. Stated before anybody signs."""


def signing_context(contract: Contract, user: Any) -> dict[str, Any]:
    """What `programs/contracts/signing/page.html` shows."""
    shown = places(contract, stored_signers(contract), user)
    mine = next((place for place in shown if place.mine), None)
    electronic = contract.route == Contract.Route.ELECTRONIC
    committee = bool(rules.witnesses_of_paper(user))
    turn = mine is not None and mine.state is TURN and electronic
    identity = SigningIdentity.objects.of(user) if turn else None
    return {
        "contract": contract, "places": shown, "mine": mine, "turn": turn, "electronic": electronic,
        "identity": identity, "kind": _kind(identity), "committee": committee,
        "revision": current_file(contract), "latest": latest_file(contract),
        "freezing": contract.status in SIGNABLE and contract.frozen_at is None,
        "print_failed": contract.document.status == FAILED,
        "given": sum(place.signature is not None for place in shown),
        "check": _check(contract) if electronic else None,
        **(_scans(contract, user) if not electronic else {}),
    }  # fmt: skip


def _kind(identity: SigningIdentity | None) -> dict[str, str]:
    if identity is None:
        return {}
    title, text = KINDS[identity.backend]
    return {"title": _(title), "text": _(text)}


def _check(contract: Contract) -> RevisionCheck | None:
    revision = last_signed(contract)
    return RevisionCheck.objects.filter(revision=revision).first() if revision else None


def _scans(contract: Contract, user: Any) -> dict[str, Any]:
    """How far the scan of a paper is."""
    found = contract.revisions.filter(kind=Revision.Kind.SCAN).select_related("by", "confirmed_by")
    waiting = scan_to_match(contract)
    confirmed = [row for row in found if row.confirmed_by_id]
    return {
        "scan": confirmed[-1] if confirmed else None, "scan_waiting": waiting,
        "may_confirm": rules.may_confirm_scan(user, waiting) if waiting else None,
        "rejected": [row for row in found if row.rejected_reason],
        "wants_scan": contract.signed_at is not None and not confirmed and waiting is None,
    }  # fmt: skip


def own_place(contract: Contract, user: Any) -> Signer | None:
    """Where this person signs."""
    return next((signer for signer in stored_signers(contract) if signer.account_id == user.pk), None)


def comparison(contract: Contract, scan: Revision) -> list[dict[str, Any]]:
    """Print and scan beside each other.

    Shape: {"label", "printed", "scanned", "differs"}.
    """
    printed = current_file(contract)
    rows = [
        (_("Halaman"), printed.pages, scan.pages, printed.pages != scan.pages),
        ("sha256", printed.sha256, scan.sha256, False),
    ]
    return [
        {"label": label, "printed": one, "scanned": other, "differs": differs} for label, one, other, differs in rows
    ]
