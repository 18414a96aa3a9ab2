"""Roles, and who wears which hat. Rules answer with a Decision whose reason the user reads."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.rules import administrators
from portal.kernel.decision import Decision, allow_if
from portal.web.access import signed_in


class Role(models.TextChoices):
    """What a position may do in the portal (domain §7)."""

    ADMIN = "admin", gettext_lazy("Admin portal")
    KADIS_PROV = "kadis_prov", gettext_lazy("Kepala Dinas Provinsi")
    KABID_PROV = "kabid_prov", gettext_lazy("Kepala Bidang Provinsi")
    PANITIA = "panitia", gettext_lazy("Panitia")
    NOTULIS = "notulis", gettext_lazy("Notulis")
    VERIFIKATOR = "verifikator", gettext_lazy("Verifikator")
    KADIS_KAB = "kadis_kab", gettext_lazy("Kepala Dinas Kabupaten/Kota")
    OPERATOR_KAB = "operator_kab", gettext_lazy("Operator Kabupaten/Kota")
    KABID_KAB = "kabid_kab", gettext_lazy("Kepala Bidang Kabupaten/Kota")
    PENGAMAT = "pengamat", gettext_lazy("Pengamat (kementerian, Bappeda)")
    PIMPINAN = "pimpinan", gettext_lazy("Pimpinan daerah")
    TPL = "tpl", gettext_lazy("Tenaga Penyuluh Lapangan")


PROVINCIAL = frozenset({Role.ADMIN, Role.KADIS_PROV, Role.KABID_PROV, Role.PANITIA, Role.NOTULIS, Role.VERIFIKATOR})
REGIONAL = frozenset({Role.KADIS_KAB, Role.KABID_KAB, Role.OPERATOR_KAB})
"""Roles of a regency's office. A TPL and the head of a region are placed in the regency, but not in its office."""

APPROVING = frozenset({Role.KADIS_PROV, Role.KABID_PROV, Role.VERIFIKATOR, Role.KADIS_KAB, Role.KABID_KAB})
"""Roles that say yes to the work of others. The admin has no such say, and cannot take it (domain §7)."""


def roles(user: Any) -> frozenset[str]:
    """Keys of all roles the user holds today; empty for strangers."""
    return frozenset(hat.role for hat in getattr(user, "hats", ()))


def regency_ids(user: Any, role: str = "") -> frozenset[int]:
    """Primary keys of the regencies whose office the user works in today, with `role` only where he holds it."""
    wanted = {role} if role else REGIONAL
    return frozenset(hat.regency_id for hat in getattr(user, "hats", ()) if hat.regency_id and hat.role in wanted)


def has_role(user: Any, *wanted: str) -> Decision:
    """Allowed when the user holds one of the roles; the refusal names them."""
    names = ", ".join(str(Role(role).label) for role in wanted)
    return signed_in(user) & allow_if(bool(roles(user) & set(wanted)), _("Hanya untuk %(roles)s.") % {"roles": names})


def province_staff(user: Any) -> Decision:
    """Pegawai dinas provinsi, semua peran."""
    return has_role(user, *sorted(PROVINCIAL))


def office_holders(user: Any) -> Decision:
    """Setiap pemegang jabatan yang sedang berlaku."""
    return signed_in(user) & allow_if(
        bool(roles(user)), _("Akun Anda belum mempunyai jabatan yang berlaku. Hubungi admin portal.")
    )


def only_worker(user: Any) -> bool:
    """Whether the user is an extension worker and nothing else: his menu and first page show his own work."""
    return roles(user) == {Role.TPL}


def more_than_worker(user: Any) -> Decision:
    """Setiap pemegang jabatan selain penyuluh lapangan."""
    return office_holders(user) & allow_if(not only_worker(user), _("Bukan bagian dari tugas penyuluh lapangan."))


OFFICE = "kantor"
"""What stands in keys of messages for a whole office; no role is called so."""


def post_key(role: str, regency_id: int | None = None) -> str:
    """The key, for messages, of a role in the offices of a regency; without one of a role outside regencies."""
    return f"{role}@{regency_id or ''}"


def office_key(agency_id: int) -> str:
    """The key, for messages, of everybody in an office outside regencies."""
    return f"{OFFICE}@{agency_id}"


def message_keys(user: Any) -> frozenset[str]:
    """The keys of all posts and offices that the user answers for today."""
    hats = getattr(user, "hats", ())
    posts = {post_key(hat.role, hat.regency_id) for hat in hats}
    return frozenset(posts | {office_key(hat.agency_id) for hat in hats if not hat.regency_id})


PUBLIC_ROLES = frozenset({Role.KADIS_PROV, Role.KABID_PROV, Role.KADIS_KAB, Role.PIMPINAN})
"""Officials whose names stand under letters anyway; names of other people are not everybody's business (domain §7)."""


def sees_all_names(user: Any) -> bool:
    """Whether the user may read every name in the register: the provincial office works with all of them."""
    return bool(roles(user) & PROVINCIAL)


def may_edit_agency(user: Any) -> Decision:
    """Admin portal."""
    return administrators(user)


def may_read_office_history(user: Any, agency: Any) -> Decision:
    """What was changed about an office, by whom: the provincial office, and the office itself."""
    own = any(hat.agency_id == agency.pk and hat.role != Role.TPL for hat in getattr(user, "hats", ()))
    return allow_if(own or sees_all_names(user), _("Riwayat kantor hanya untuk kantor itu dan dinas provinsi."))


def may_edit_emblems(user: Any) -> Decision:
    """Admin portal dan panitia; Kepala Dinas dan operator kabupaten/kota untuk lambang daerahnya sendiri."""
    return has_role(user, Role.ADMIN, Role.PANITIA, Role.KADIS_KAB, Role.OPERATOR_KAB)


def may_edit_emblem(user: Any, emblem: Any) -> Decision:
    """Upload, replace or remove this one: the provincial office all, a regency its own."""
    own = regency_ids(user, Role.KADIS_KAB) | regency_ids(user, Role.OPERATOR_KAB)
    return may_edit_emblems(user) & allow_if(
        bool(roles(user) & {Role.ADMIN, Role.PANITIA}) or emblem.regency_id in own,
        _("Lambang ini diunggah oleh panitia atau admin portal."),
    )


def number_keepers(user: Any) -> Decision:
    """Panitia, Kepala Bidang, Kepala Dinas Provinsi dan admin: register nomor."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV, Role.ADMIN)


def pattern_keepers(user: Any) -> Decision:
    """Kepala Bidang Provinsi dan admin: pola nomor dan register baru."""
    return has_role(user, Role.KABID_PROV, Role.ADMIN)


def may_void_by_hand(user: Any, number: Any) -> Decision:
    """Void a number in the book: one that no paper of the portal bears, and that is not void yet."""
    return (
        number_keepers(user)
        & allow_if(number.voided_at is None, _("Nomor ini sudah dibatalkan."))
        & allow_if(
            not number.subject_id, _("Nomor ini dipakai naskah di portal; batalkan naskahnya, nomornya ikut batal.")
        )
    )


def may_read_number_history(user: Any, register: Any) -> Decision:
    """What was done in a register by hand: whoever keeps it."""
    return number_keepers(user)
