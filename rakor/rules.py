"""Who may do what with editions, sessions and minutes. A refusal is a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if, deny
from regencies.rules import PROVINCIAL, REGIONAL, Role, has_role, office_holders, province_staff, regency_ids, roles


def sees_drafts(user: Any) -> bool:
    """Whether the user works for the provincial office: drafts are its internal matter."""
    return bool(roles(user) & PROVINCIAL)


def reads_published(user: Any) -> bool:
    """Whether the user holds any position at all."""
    return bool(roles(user))


def readers(user: Any) -> Decision:
    """Setiap pemegang jabatan yang sedang berlaku."""
    return office_holders(user)


def planners(user: Any) -> Decision:
    """Panitia dan Kepala Bidang."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV)


def leaders(user: Any) -> Decision:
    """Panitia, Kepala Bidang dan Kepala Dinas Provinsi."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV)


def may_plan(user: Any, meeting: Any) -> Decision:
    """Change the edition and its programme: planners, while it is not over."""
    return planners(user) & allow_if(
        meeting.status in ("persiapan", "terjadwal", "berlangsung"),
        _("Rakor yang sudah selesai, diarsipkan atau dibatalkan tidak dapat diubah."),
    )


def may_move_meeting(user: Any, meeting: Any, move: str) -> Decision:
    """Planners lead the edition; only the head of office cancels what regencies already know of."""
    if move == "cancel" and meeting.published:
        return has_role(user, Role.KADIS_PROV)
    return leaders(user)


def agenda_orderers(user: Any) -> Decision:
    """Semua peran dinas provinsi."""
    return province_staff(user)


def may_order_agenda(user: Any, session_count: int) -> Decision:
    """Have the susunan acara printed: the provincial office, once there is a programme."""
    return agenda_orderers(user) & allow_if(session_count > 0, _("Susunan acara masih kosong."))


def may_delete_meeting(user: Any, meeting: Any) -> Decision:
    """Remove an edition for good: planners, as long as no regency has seen it."""
    return planners(user) & allow_if(
        meeting.status == "persiapan" and not meeting.published,
        _("Edisi yang sudah pernah terlihat oleh kabupaten/kota tidak dihapus, tetapi dapat dibatalkan."),
    )


def minute_takers(user: Any) -> Decision:
    """Notulis dan panitia."""
    return has_role(user, Role.NOTULIS, Role.PANITIA)


def minutes_movers(user: Any) -> Decision:
    """Notulis, panitia, Kepala Bidang dan Kepala Dinas Provinsi."""
    return has_role(user, Role.NOTULIS, Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV)


def may_start_minutes(user: Any, meeting: Any) -> Decision:
    """Begin the minutes of a session of this edition: minute takers, while it is not put away."""
    return minute_takers(user) & allow_if(
        meeting.status not in ("arsip", "dibatalkan"), _("Rakor ini sudah diarsipkan atau dibatalkan.")
    )


def may_write_minutes(user: Any, minutes: Any) -> Decision:
    """Change entries: minute takers, while the minutes are a draft of a meeting that is not archived."""
    if minutes.status == "final":
        return deny(_("Notula ini sudah final dan terkunci. Buka kembali dengan alasan untuk mengubahnya."))
    if minutes.status == "diperiksa":
        return deny(_("Notula ini sedang diperiksa pimpinan sidang. Minta dikembalikan bila masih perlu diubah."))
    if minutes.session.meeting.status in ("arsip", "dibatalkan"):
        return deny(_("Rakor ini sudah diarsipkan atau dibatalkan."))
    return minute_takers(user)


def may_move_minutes(user: Any, minutes: Any, move: str) -> Decision:
    """Minute takers submit; division head or head of office returns, finalises and re-opens.

    Whoever wrote an entry as it stands does not finalise it (domain §7: approver ≠ author; decision 0006).
    """
    if move == "submit":
        return minute_takers(user)
    head = has_role(user, Role.KABID_PROV, Role.KADIS_PROV)
    if move == "finalise":
        return head & allow_if(
            not head or user.pk not in minutes.author_ids,
            _("Anda ikut menulis butir notula ini, jadi penetapannya dilakukan oleh pejabat lain."),
        )
    if move == "reopen" and minutes.session.meeting.status == "arsip":
        return deny(_("Rakor ini sudah diarsipkan."))
    return head


def desk_leaders(user: Any) -> Decision:
    """Verifikator dan Kepala Bidang Provinsi."""
    return has_role(user, Role.VERIFIKATOR, Role.KABID_PROV)


def desk_people(user: Any) -> Decision:
    """Dinas provinsi, pengamat, dan kabupaten/kota yang mempunyai desk."""
    return office_holders(user)


def may_lead(user: Any, desk: Any) -> Decision:
    """Open, decide at and close a desk: verifiers and the division head, while the edition is running."""
    return desk_leaders(user) & allow_if(
        desk.session.meeting.status == "berlangsung", _("Desk hanya berjalan selama rakor berlangsung.")
    )


def may_close_desk(user: Any, desk: Any) -> Decision:
    """Close a desk: its leader, or the division head in the leader's place."""
    lead = may_lead(user, desk)
    return lead & allow_if(
        desk.leader_id == user.pk or Role.KABID_PROV in roles(user),
        _("Desk ini dipimpin oleh orang lain; hanya ia atau Kepala Bidang yang menutupnya."),
    )


def may_confirm_desk(user: Any, desk: Any) -> Decision:
    """Say yes for the regency: its head of office, or its operator as delegate."""
    regency = desk.session.regency_id
    own = any(hat.regency_id == regency and hat.role in REGIONAL for hat in getattr(user, "hats", ()))
    return allow_if(own, _("Hanya kepala dinas atau utusan kabupaten/kota ini yang mengonfirmasi."))


def may_change_agreement(user: Any, agreement: Any) -> Decision:
    """Change verdicts in the plenary: division head and head of office, until it is signed."""
    return has_role(user, Role.KABID_PROV, Role.KADIS_PROV) & allow_if(
        agreement.status == "rekap",
        _("Kesepakatan sudah disahkan. Buka kembali pleno, atau buat adendum bila sudah ditandatangani."),
    )


def may_move_agreement(user: Any, agreement: Any, move: str) -> Decision:
    """Agree and re-open: the head of office and the division head; the scan comes from the committee too."""
    if move == "sign":
        return leaders(user)
    return has_role(user, Role.KABID_PROV, Role.KADIS_PROV)


def may_add_addendum(user: Any, agreement: Any) -> Decision:
    """Write an addendum: division head and head of office, once the berita acara is signed."""
    return has_role(user, Role.KABID_PROV, Role.KADIS_PROV) & allow_if(
        agreement.status == "ditandatangani", _("Adendum hanya dibuat sesudah berita acara ditandatangani.")
    )


def may_start_agreement(user: Any, meeting: Any) -> Decision:
    """Begin the recap of an edition: its leaders, once it is running."""
    return leaders(user) & allow_if(
        meeting.status in ("berlangsung", "selesai"), _("Rekap kesepakatan dimulai setelah rakor berlangsung.")
    )


def may_edit_agreement(user: Any, agreement: Any) -> Decision:
    """Fill in the head of the berita acara and the table of signatures: the leaders, until the plenary agreed."""
    return leaders(user) & allow_if(
        agreement.status == "rekap",
        _("Kesepakatan sudah disahkan, jadi berita acaranya tidak berubah lagi. Buka kembali pleno bila perlu."),
    )


def may_prepare_signing(user: Any, meeting: Any) -> Decision:
    """Choose and order the papers of a signing ceremony: the leaders, while the edition is not over."""
    return leaders(user) & allow_if(
        meeting.status in ("persiapan", "terjadwal", "berlangsung"),
        _("Rakor yang sudah selesai, diarsipkan atau dibatalkan tidak dapat diubah."),
    )


def may_change_ceremony(user: Any, ceremony: Any) -> Decision:
    """Change which papers are signed in which order: the leaders, until the ceremony is closed."""
    return may_prepare_signing(user, ceremony.session.meeting) & allow_if(
        ceremony.closed_at is None, _("Penandatanganan ini sudah ditutup. Buka kembali bila masih perlu diubah.")
    )


def may_open_ceremony(user: Any, ceremony: Any) -> Decision:
    """Begin or resume the ceremony: the leaders, while the edition is running."""
    return leaders(user) & allow_if(
        ceremony.session.meeting.status == "berlangsung",
        _("Penandatanganan hanya dibuka selama rakor berlangsung."),
    )


def may_record_signature(user: Any, ceremony: Any) -> Decision:
    """Record signatures, and close: the leaders, while the ceremony is open."""
    if ceremony.opened_at is None:
        return leaders(user) & deny(_("Buka penandatanganan dahulu; sesudah itu tanda tangan dapat dicatat."))
    return leaders(user) & allow_if(ceremony.closed_at is None, _("Penandatanganan ini sudah ditutup."))


def photo_keepers(user: Any) -> Decision:
    """Notulis, panitia, Kepala Bidang dan Kepala Dinas Provinsi."""
    return minutes_movers(user)


def may_keep_photos(user: Any, meeting: Any) -> Decision:
    """Add, caption, order and remove photos of sessions: until the edition is put away."""
    return photo_keepers(user) & allow_if(
        meeting.status not in ("arsip", "dibatalkan"), _("Rakor ini sudah diarsipkan atau dibatalkan.")
    )


def letter_writers(user: Any) -> Decision:
    """Panitia dan Kepala Bidang Provinsi."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV)


def letter_people(user: Any) -> Decision:
    """Panitia, Kepala Bidang dan Kepala Dinas Provinsi."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV)


def may_write_letter(user: Any, letter: Any) -> Decision:
    """Change the text, the signer and the list of recipients: its writers, while it is a draft."""
    return letter_writers(user) & allow_if(
        letter.status == "konsep", _("Surat ini sudah diparaf. Minta dikembalikan bila masih perlu diubah.")
    )


def may_move_letter(user: Any, letter: Any, move: str) -> Decision:
    """Initial: division head; approve: head of office; neither wrote it (domain §7: approver ≠ author)."""
    if move == "initial":
        return has_role(user, Role.KABID_PROV) & allow_if(
            user.pk != letter.author_id, _("Penyusun surat tidak memaraf suratnya sendiri.")
        )
    if move == "return":
        return has_role(user, Role.KABID_PROV, Role.KADIS_PROV)
    if move == "approve":
        return has_role(user, Role.KADIS_PROV) & allow_if(
            user.pk not in (letter.author_id, letter.initialled_by_id),
            _("Yang menyetujui bukan penyusun atau pemaraf surat ini."),
        )
    if move == "cancel" and letter.status == "disetujui":
        return has_role(user, Role.KADIS_PROV)
    return letter_writers(user)


def invited(user: Any, prefix: str = "") -> Q:
    """Invitations (behind `prefix`) that were addressed to this user's office, or to him as head of the region."""
    heads = {hat.regency_id for hat in getattr(user, "hats", ()) if hat.regency_id and hat.role == Role.PIMPINAN}
    offices = {hat.agency_id for hat in getattr(user, "hats", ()) if not hat.regency_id}
    return (
        Q(**{f"{prefix}group": "kadis_kab", f"{prefix}regency__in": regency_ids(user)})
        | Q(**{f"{prefix}group": "kepala_daerah", f"{prefix}regency__in": heads})
        | Q(**{f"{prefix}group": "instansi", f"{prefix}agency__in": offices})
    )


def is_invited(user: Any, invitation: Any) -> bool:
    """Whether this invitation was addressed to this user: `invited` for a row at hand."""
    hats = getattr(user, "hats", ())
    if invitation.group == "kadis_kab":
        return invitation.regency_id in regency_ids(user)
    if invitation.group == "kepala_daerah":
        return any(hat.role == Role.PIMPINAN and hat.regency_id == invitation.regency_id for hat in hats)
    return any(hat.agency_id == invitation.agency_id and not hat.regency_id for hat in hats)


def guest_keepers(user: Any) -> Decision:
    """Panitia dan Kepala Bidang Provinsi."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV)


def may_answer(user: Any, invitation: Any) -> Decision:
    """Confirm or decline and name delegates: the invited office, or the committee on its behalf, until the end."""
    return allow_if(
        is_invited(user, invitation) or bool(guest_keepers(user)),
        _("Hanya kantor yang diundang, atau panitia atas namanya, yang menjawab undangan ini."),
    ) & allow_if(
        invitation.meeting.status in ("terjadwal", "berlangsung", "persiapan") and invitation.withdrawn_at is None,
        _("Undangan ini tidak berlaku lagi atau rakornya sudah selesai."),
    )


def reads_personal_data(user: Any, registration: Any) -> bool:
    """Whether NIP, phone and e-mail are this user's business: the committee, the own office, the person himself."""
    own = registration.user_id is not None and registration.user_id == getattr(user, "pk", None)
    office = registration.invitation_id is not None and is_invited(user, registration.invitation)
    return own or office or bool(guest_keepers(user))


def door_keepers(user: Any) -> Decision:
    """Panitia, notulis dan Kepala Bidang Provinsi."""
    return has_role(user, Role.PANITIA, Role.NOTULIS, Role.KABID_PROV)


def may_keep_door(user: Any, meeting: Any) -> Decision:
    """Check people in: the committee, from when the programme stands until the edition is over."""
    return door_keepers(user) & allow_if(
        meeting.status in ("terjadwal", "berlangsung"), _("Daftar hadir dibuka bila rakor sudah terjadwal.")
    )


def may_correct_attendance(user: Any, meeting: Any) -> Decision:
    """Correct what a list says: panitia and division head, until the edition is put away."""
    return guest_keepers(user) & allow_if(
        meeting.status not in ("arsip", "dibatalkan"), _("Rakor ini sudah diarsipkan atau dibatalkan.")
    )


def guest_readers(user: Any) -> Decision:
    """Pegawai dinas provinsi, semua peran; NIP dan nomor HP hanya bagi panitia dan Kepala Bidang."""
    return province_staff(user)


def may_keep_guests(user: Any, meeting: Any) -> Decision:
    """Add, change and cancel participants of all kinds: panitia and division head, until the edition is put away."""
    return guest_keepers(user) & allow_if(
        meeting.status not in ("arsip", "dibatalkan"), _("Rakor ini sudah diarsipkan atau dibatalkan.")
    )


def may_change_registration(user: Any, registration: Any) -> Decision:
    """Change, replace or cancel a place: the invited office its own delegates, the committee everybody's."""
    if registration.invitation_id and is_invited(user, registration.invitation):
        return may_answer(user, registration.invitation)
    return may_keep_guests(user, registration.meeting)


def may_invite(user: Any, meeting: Any) -> Decision:
    """Add, change, replace and withdraw recipients: panitia and division head, until the edition is over."""
    return guest_keepers(user) & allow_if(
        meeting.status in ("persiapan", "terjadwal", "berlangsung"),
        _("Rakor yang sudah selesai, diarsipkan atau dibatalkan tidak dapat diubah."),
    )


def may_number_late(user: Any, letter: Any) -> Decision:
    """Give recipients who came later a copy with a number: the head of office, once the letter is approved."""
    return (
        has_role(user, Role.KADIS_PROV)
        & allow_if(user.pk != letter.author_id, _("Yang menyetujui bukan penyusun atau pemaraf surat ini."))
        & allow_if(letter.status in ("disetujui", "terkirim"), _("Surat ini belum disetujui."))
    )


def attendance_readers(user: Any) -> Decision:
    """Panitia, notulis, Kepala Bidang dan Kepala Dinas Provinsi."""
    return has_role(user, Role.PANITIA, Role.NOTULIS, Role.KABID_PROV, Role.KADIS_PROV)


def may_send_scans(user: Any, meeting: Any) -> Decision:
    """Send what a device at the door kept: also when the edition is over by then, but not when it is put away."""
    return door_keepers(user) & allow_if(
        meeting.status in ("terjadwal", "berlangsung", "selesai"),
        _("Pintu rakor ini belum dibuka, atau rakornya sudah diarsipkan atau dibatalkan."),
    )


def committee_readers(user: Any) -> Decision:
    """Pegawai dinas provinsi, semua peran; NIP hanya bagi panitia, Kepala Bidang dan Kepala Dinas."""
    return province_staff(user)


def may_edit_committee(user: Any, meeting: Any, decree: Any) -> Decision:
    """Change who is on the committee: its writers, while the decree (None before there is one) is a draft."""
    return (
        letter_writers(user)
        & allow_if(meeting.status not in ("arsip", "dibatalkan"), _("Rakor ini sudah diarsipkan atau dibatalkan."))
        & allow_if(
            decree is None or decree.status == "konsep",
            _("SK panitia sudah diparaf, jadi susunannya tidak berubah lagi. Minta SK dikembalikan; bila sudah "
              "terkirim, susun SK pengganti dari halamannya."),
        )
    )  # fmt: skip


def may_remind(user: Any, meeting: Any) -> Decision:
    """Remind those who have not answered: panitia and division head, until the edition is over."""
    return guest_keepers(user) & allow_if(
        meeting.status in ("persiapan", "terjadwal", "berlangsung"), _("Rakor ini sudah selesai atau dibatalkan.")
    )
