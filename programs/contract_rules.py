"""Who may do what with contracts, extension workers and their reports. A refusal is a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if, deny
from regencies.rules import PROVINCIAL, REGIONAL, Role, has_role, office_holders, province_staff, regency_ids


def readers(user: Any) -> Decision:
    """Setiap pemegang jabatan yang sedang berlaku; yang terlihat hanya naskah yang menyangkut dirinya."""
    return office_holders(user)


def province_readers(user: Any) -> Decision:
    """Dinas provinsi dan pengamat."""
    return has_role(user, *sorted(PROVINCIAL), Role.PENGAMAT)


def province_internal(user: Any) -> Decision:
    """Semua peran dinas provinsi: juga konsep."""
    return province_staff(user)


def drafters(user: Any) -> Decision:
    """Panitia dan Kepala Bidang Provinsi."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV)


def movers(user: Any) -> Decision:
    """Panitia, Kepala Bidang dan Kepala Dinas Provinsi."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV)


def checkers(user: Any) -> Decision:
    """Kepala Bidang Provinsi; yang ikut menulis sebuah naskah tidak memarafnya."""
    return has_role(user, Role.KABID_PROV)


def approvers(user: Any) -> Decision:
    """Kepala Dinas Provinsi; yang ikut menulis atau memaraf sebuah naskah tidak menyetujuinya."""
    return has_role(user, Role.KADIS_PROV)


def worker_readers(user: Any) -> Decision:
    """Dinas provinsi, pengamat, kantor kabupaten/kota, dan penyuluh sendiri."""
    return has_role(user, *sorted(PROVINCIAL | REGIONAL), Role.PENGAMAT, Role.TPL)


def may_write_template(user: Any, version: Any) -> Decision:
    """Change the wording: drafters, until it is published."""
    return drafters(user) & allow_if(
        version.status == "konsep",
        _("Versi %(number)s sudah terbit dan dibekukan. Perubahan berikutnya menjadi versi baru.")
        % {"number": version.number},
    )


def may_publish_template(user: Any, version: Any) -> Decision:
    """Put a wording in force: a head of division or of office who wrote nothing in it (four eyes, as for contracts)."""
    head = has_role(user, Role.KABID_PROV, Role.KADIS_PROV)
    return (
        head
        & allow_if(version.status == "konsep", _("Versi ini sudah terbit."))
        & allow_if(
            not head or user.pk not in version.author_ids,
            _("Anda ikut menulis versi ini, jadi penerbitannya dilakukan oleh pejabat lain."),
        )
    )


def may_write_contract(user: Any, contract: Any) -> Decision:
    """Change the text, the parties or the witnesses: drafters, while it is a draft."""
    return drafters(user) & allow_if(
        contract.status == "konsep",
        _("Naskah ini berstatus “%(status)s”, jadi tidak dapat diubah. Minta dikembalikan ke konsep dahulu.")
        % {"status": _(contract.state.label)},
    )


def may_move_contract(user: Any, contract: Any, move: str) -> Decision:
    """The division head initials, the head of office approves; neither wrote it, nor did one person do both.

    Source: domain §7, two-step approval (panitia → kabid → kadis), approver ≠ author.
    """
    wrote = _("Anda ikut menulis naskah ini, jadi langkah ini dilakukan oleh pejabat lain.")
    if move == "check":
        head = checkers(user)
        return head & allow_if(not head or user.pk not in contract.author_ids, wrote)
    if move == "approve":
        head = approvers(user)
        return (
            head
            & allow_if(not head or user.pk not in contract.author_ids, wrote)
            & allow_if(not head or user.pk != contract.checked_by_id, _("Pemberi paraf tidak sekaligus menyetujui."))
        )
    if move in ("return", "reopen", "terminate", "cancel"):
        return has_role(user, Role.KABID_PROV, Role.KADIS_PROV)
    if move == "renew":
        return drafters(user)
    return deny(_("Langkah ini terjadi dengan tanda tangan atau dengan berlalunya waktu."))


def may_sign(user: Any, signer: Any) -> Decision:
    """Sign electronically: only the person himself."""
    return allow_if(
        signer.account_id is not None and signer.account_id == getattr(user, "pk", None),
        _("Hanya %(name)s sendiri yang menandatangani di tempat ini.") % {"name": signer.name},
    )


def witnesses_of_paper(user: Any) -> Decision:
    """Panitia, Kepala Bidang dan Kepala Dinas Provinsi: mencatat tanda tangan basah dan pindaian."""
    return movers(user)


def may_confirm_scan(user: Any, revision: Any) -> Decision:
    """Say that a scan is the printed paper, signed: a second person of the committee, never the one who uploaded it."""
    return movers(user) & allow_if(
        revision.by_id != getattr(user, "pk", None),
        _("Pindaian dicocokkan oleh orang lain daripada yang mengunggahnya."),
    )


def may_keep_workers(user: Any) -> Decision:
    """Panitia dan Kepala Bidang Provinsi: register penyuluh."""
    return drafters(user)


def may_read_personal(user: Any, worker: Any) -> Decision:
    """NIK, address, phone and honorarium of a worker: the provincial office and the person himself (domain §7)."""
    own = worker.user_id is not None and worker.user_id == getattr(user, "pk", None)
    return allow_if(
        own or bool(province_internal(user)), _("Data pribadi hanya untuk dinas provinsi dan penyuluh sendiri.")
    )


def may_read_worker_history(user: Any, worker: Any) -> Decision:
    """Who changed what about a worker, and why a contract ended: as his personal data."""
    return may_read_personal(user, worker)


def may_place_worker(user: Any, worker: Any) -> Decision:
    """Place a worker, move him elsewhere or place him again; while a contract runs, it says where he works."""
    return may_keep_workers(user) & allow_if(
        worker.status != "kontrak",
        _("Kontraknya sedang berjalan, jadi kabupaten/kotanya tetap. Wilayah kerja diubah lewat “Ubah data”."),
    )


def report_writers(user: Any) -> Decision:
    """Tenaga Penyuluh Lapangan."""
    return has_role(user, Role.TPL)


def may_write_report(user: Any, report: Any) -> Decision:
    """Write the report: the worker himself, while it is a draft or was returned. Needs `worker`."""
    own = report_writers(user) & allow_if(
        report.worker.user_id == getattr(user, "pk", None), _("Laporan ini milik penyuluh lain.")
    )
    return own & allow_if(
        report.status in ("konsep", "dikembalikan"),
        _("Laporan ini berstatus “%(status)s”, jadi tidak dapat diubah. Isian yang belum terkirim tidak hilang.")
        % {"status": _(report.state.label)},
    )


def may_move_report(user: Any, report: Any, move: str) -> Decision:
    """The worker hands in and takes back; the division head of the placement's office returns and approves, but not
    his own, who is a worker too.

    The placement is that of the contract: a worker who moved on leaves his reports behind. Needs `contract`.
    """
    if move in ("submit", "recall"):
        return report_writers(user) & allow_if(
            report.worker.user_id == getattr(user, "pk", None), _("Laporan ini milik penyuluh lain.")
        )
    placed_here = report.contract.regency_id in regency_ids(user, Role.KABID_KAB)
    return (
        has_role(user, Role.KABID_KAB)
        & allow_if(placed_here, _("Penyuluh ini ditempatkan di wilayah lain."))
        & allow_if(report.worker.user_id != user.pk, _("Laporan sendiri diperiksa oleh orang lain."))
    )


def payment_readers(user: Any) -> Decision:
    """Panitia, Kepala Bidang dan Kepala Dinas Provinsi; honorarium bukan urusan yang lain."""
    return movers(user)
