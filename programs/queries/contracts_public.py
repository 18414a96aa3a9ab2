"""What anybody with the code of a contract may know: who signed what, when and how, and what a file of theirs is.

No personal data: officials are named as they sign, an extension worker is only called by his office.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.documents.keeping import kept
from portal.documents.kinds import Examined, Panel
from portal.documents.models import Document
from portal.kernel.dates import clock, short_date, zone_label
from portal.kernel.errors import WrongFile
from portal.signing import checking
from programs.facts.scans import read_scan
from programs.models import Contract, Revision, RevisionCheck, Signer
from programs.queries.contracts_files import current_file, frozen_print
from programs.queries.contracts_signers import stored_signers
from programs.queries.contracts_turns import signature_of

TEMPLATE = "programs/contracts/signing/public.html"


def contract_of(document: Document) -> Contract | None:
    """The contract that the paper is about."""
    return Contract.objects.filter(pk=document.subject_id).first()


def public_panel(document: Document) -> Panel | None:
    """The part of the public page about signatures."""
    contract = contract_of(document)
    if contract is None:
        return None
    if contract.document_id != document.pk:
        return Panel(TEMPLATE, {"withdrawn": True})
    latest = current_file(contract)
    verdicts, checked_at = _verdicts(contract, latest)
    rows = [_row(signer, verdicts) for signer in stored_signers(contract)]
    return Panel(
        TEMPLATE,
        {
            "state": contract.state, "route": contract.get_route_display(), "rows": rows, "checked_at": checked_at,
            "given": sum(row["signature"] is not None for row in rows), "latest": latest,
            "lost": latest is not None and kept(latest.file.name, latest.sha256) is None,
            "effective_on": contract.effective_on,
        },
    )  # fmt: skip


def _verdicts(contract: Contract, latest: Revision | None) -> tuple[dict[str, Any], Any]:
    """What the last check said of each field, and when that was: the full analysis, else the check at signing."""
    if latest is None or latest.kind != Revision.Kind.SIGNED:
        return {}, None
    full = RevisionCheck.objects.filter(revision=latest).first()
    verdict = full.verdict if full else latest.signature.verdict
    return {one["field"]: one for one in verdict.get("signatures", [])}, full.at if full else latest.at


def _row(signer: Signer, verdicts: dict[str, Any]) -> dict[str, Any]:
    signature = signature_of(signer)
    verdict = verdicts.get(signature.field) if signature is not None else None
    name = "" if signer.worker_id else signature.name if signature is not None else signer.name
    return {
        "label": signer.label, "name": name, "office": signature.title if signature is not None else signer.title,
        "witnesses": signer.witnesses.label if signer.witnesses_id else "", "signature": signature,
        "good": verdict["valid"] if verdict else None, "intact": verdict["intact"] if verdict else None,
    }  # fmt: skip


# -- a file somebody holds --------------------------------------------------------------------------------------------


def examine(document: Document, content: bytes, sha256: str) -> Examined:
    """Which state of the contract the file is, and what its signatures are worth; of a foreign one, what it is."""
    contract = contract_of(document)
    if contract is not None:
        revision = contract.revisions.filter(sha256=sha256).select_related("signature").order_by("-sequence").first()
        if revision is not None:
            return _as_of_today(document, contract, _known(contract, revision, content), printed=False)
    if sha256 == document.sha256:
        found = Examined("success", _("Cocok"), _("Ini naskah yang disetujui, tanpa tanda tangan elektronik."))
        return _as_of_today(document, contract, found, printed=True)
    return _foreign(content)


def _as_of_today(document: Document, contract: Contract | None, found: Examined, *, printed: bool) -> Examined:
    """What a known file is worth while its contract is in this state; `printed`: it is the approved paper itself,
    which is known before anything is frozen."""
    if contract is None or found.tone == "danger":
        return found
    if contract.status == "dibatalkan":
        return Examined("danger", _("Dibatalkan"), _("Naskah ini sudah dibatalkan dan tidak berlaku."), found.lines)
    withdrawn = contract.document_id != document.pk or contract.status in ("konsep", "diparaf")
    if withdrawn or (contract.frozen_at is None and not printed):
        return Examined(
            "danger", _("Ditarik kembali"), _("Naskah ini sudah ditarik kembali dan tidak berlaku."), found.lines
        )  # fmt: skip
    if contract.status in ("diputus", "berakhir"):
        text = _("%(found)s Keadaan kontraknya sekarang: %(state)s.") % {
            "found": found.text, "state": _(contract.state.label),
        }  # fmt: skip
        return Examined("warning", _("Cocok, tetapi tidak berlaku lagi"), text, found.lines)
    return found


def _known(contract: Contract, revision: Revision, content: bytes) -> Examined:
    if revision.kind == Revision.Kind.SCAN:
        return _scan(revision)
    frozen, latest = frozen_print(contract), current_file(contract)
    if frozen and revision.sequence < frozen.sequence:
        return Examined("danger", _("Ditarik kembali"), _("Ini cetakan lama yang sudah ditarik dan diganti."))
    if revision.kind == Revision.Kind.PRINT:
        return _print(contract, revision, latest)
    verdict = checking.check(content) if content else None
    lines = _lines(verdict) if verdict else ()
    if verdict and not verdict.whole:
        return Examined("danger", _("Tidak utuh"), verdict.sentence, lines)
    given = contract.signatures.filter(revision__sequence__lte=revision.sequence).count()
    if latest and revision.pk != latest.pk:
        text = ngettext(
            "Ini naskah sesudah %(n)s tanda tangan. Ada berkas yang lebih baru dengan tanda tangan yang lebih banyak.",
            "Ini naskah sesudah %(n)s tanda tangan. Ada berkas yang lebih baru dengan tanda tangan yang lebih banyak.",
            given,
        ) % {"n": given}  # fmt: skip
        return Examined("warning", _("Cocok, tetapi bukan yang terbaru"), text, lines)
    wanted = contract.signers.count()
    text = ngettext(
        "Ini berkas terbaru dengan %(n)s dari %(all)s tanda tangan.",
        "Ini berkas terbaru dengan %(n)s dari %(all)s tanda tangan.",
        given,
    ) % {"n": given, "all": wanted}  # fmt: skip
    return Examined("success", _("Cocok"), f"{text} {verdict.sentence}" if verdict else text, lines)


def _print(contract: Contract, revision: Revision, latest: Revision | None) -> Examined:
    if contract.route == Contract.Route.PAPER:
        return Examined(
            "success", _("Cocok"), _("Ini cetakan yang dibekukan; tanda tangannya diberikan di kertas.")
        )  # fmt: skip
    if latest and latest.pk != revision.pk:
        return Examined(
            "warning", _("Cocok, tetapi belum bertanda tangan"),
            _("Ini naskah sebelum tanda tangan pertama. Ada berkas yang lebih baru dan sudah ditandatangani."),
        )  # fmt: skip
    return Examined("success", _("Cocok"), _("Ini naskah yang dibekukan. Belum ada yang menandatanganinya."))


def _scan(revision: Revision) -> Examined:
    if revision.confirmed_by_id:
        return Examined("success", _("Cocok"), _("Ini pindaian bertanda tangan yang sudah dicocokkan orang kedua."))
    if revision.rejected_reason:
        return Examined("danger", _("Tidak berlaku"), _("Pindaian ini dinyatakan tidak cocok dengan naskahnya."))
    return Examined("warning", _("Belum dicocokkan"), _("Pindaian ini masih menunggu dicocokkan orang kedua."))


def _foreign(content: bytes) -> Examined:
    """What is to be said of a file the portal did not make for this code."""
    other = _("Berkas ini bukan salah satu keadaan naskah dengan kode ini: telah diubah, atau naskah lain.")
    if not content:
        return Examined("danger", _("Tidak cocok"), other)
    try:
        read_scan("berkas.pdf", content, size=len(content), largest=settings.EXAMINE_LARGEST)
    except WrongFile:  # its sentence tells who uploads a file how to mend it; nobody shall mend this one
        unread = _("Isinya tidak terbaca sebagai PDF yang utuh, sehingga tanda tangannya tidak dapat diperiksa.")
        return Examined("danger", _("Tidak cocok"), f"{other} {unread}")
    verdict = checking.check(content)
    return Examined(
        "danger", _("Tidak cocok"), f"{other} {verdict.sentence}", _lines(verdict)
    )  # fmt: skip


def _lines(verdict: checking.Verdict) -> tuple[str, ...]:
    """The signatures of a file in plain words; those of a changed file are not called good."""
    return tuple(_line(one, verdict.whole) for one in verdict.signatures)


def _line(one: checking.CheckedSignature, whole: bool) -> str:
    moment = parse_datetime(one.signed_at)
    at = _moment(moment) if moment else _("waktu tidak diketahui")
    return f"{one.name}, {at}: {one.sentence if whole else _('tanda tangan atas berkas sebelum diubah.')}"


def _moment(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    zone = zone_label(local.tzinfo, local.replace(tzinfo=None))
    return f"{short_date(local)} {_('pukul')} {clock(local)} {zone}"
