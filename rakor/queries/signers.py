"""Reading who signs which letter: to heads of regions the Governor or his Sekda, all others the head of office."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext as _

from rakor.models import Invitation
from rakor.queries.letter_papers import is_head_of_region
from regencies.models import Agency, Position, Register
from regencies.queries import home_province, registers
from regencies.rules import Role

USUAL_REGISTER = "surat-keluar"
"""Key of the register in which an office numbers its outgoing letters."""


def signers_for(group: str, on: dt.date) -> QuerySet[Position]:
    """The positions that may sign a letter to that group ("" for decree and report) on that day; stand-ins first.

    Source: domain §2.2 A; Permendagri 1/2023.
    """
    acting = Case(When(standing="plh", then=0), When(standing="plt", then=1), When(standing="pj", then=2), default=3)
    held = Position.objects.in_force(on).filter(
        agency__level=Agency.Level.PROVINCE, agency__province__code=settings.PROVINCE_CODE
    )
    if group == Invitation.Group.HEAD_OF_REGION:
        secretary_first = Case(When(title__icontains="Sekretaris", then=Value(0)), default=Value(1))
        held = held.filter(role=Role.PIMPINAN).order_by(secretary_first, acting, "-starts_on", "pk")
    else:
        held = held.filter(role=Role.KADIS_PROV, agency__is_lead=True).order_by(acting, "-starts_on", "pk")
    return held.select_related("person", "agency")


def on_behalf_for(group: str, signer: Position | None) -> str:
    """For whom the position signs: the Governor for a Sekda who writes to heads of regions, else ""."""
    if signer is None or group != Invitation.Group.HEAD_OF_REGION or is_head_of_region(signer):
        return ""
    return f"Gubernur {home_province().name}"


def usual_signer(group: str, on: dt.date) -> Position | None:
    """Whom a new letter is offered: the first of `signers_for`."""
    return signers_for(group, on).first()


def signer_fault(group: str, signer_id: Any, on: dt.date) -> str:
    """Why that position cannot sign a letter to the group on that day; "" when it can."""
    if signer_id is None:
        return _("Penandatangan belum dipilih.")
    if signers_for(group, on).filter(pk=signer_id).exists():
        return ""
    if group == Invitation.Group.HEAD_OF_REGION:
        return _(
            "Surat kepada Bupati/Wali Kota hanya ditandatangani Gubernur, atau Sekretaris Daerah atas nama Gubernur, "
            "yang sedang menjabat."
        )
    return _("Surat ini hanya ditandatangani Kepala Dinas Provinsi yang sedang menjabat.")


def register_of(signer: Position | None) -> Register | None:
    """The register that the signer's own office keeps, that of its outgoing letters first; None when it keeps none."""
    if signer is None:
        return None
    usual_first = Case(When(key=USUAL_REGISTER, then=0), default=1)
    return registers().filter(agency=signer.agency_id, active=True).order_by(usual_first, "name").first()


def register_fault(signer: Position | None, register: Register | None) -> str:
    """Why a letter of that signer is not numbered in that register; "" when it may be."""
    own = register_of(signer)
    if own is None or register is None or register.agency_id == own.agency_id:
        return ""
    return _("Surat yang ditandatangani %(title)s bernomor dari register %(office)s, misalnya “%(register)s”.") % {
        "title": signer.full_title, "office": own.agency.name, "register": own.name,
    }  # fmt: skip


def foreign_register(signer: Position | None, register: Register | None) -> str:
    """What to know when the number comes from another office than the signer's; "" when it does not."""
    if signer is None or register is None or register.agency_id == signer.agency_id:
        return ""
    return _(
        "%(office)s belum mempunyai register nomor di portal, jadi nomornya diambil dari “%(register)s” milik "
        "%(other)s. Bila kantor itu bernomor sendiri, tambahkan registernya di menu Register nomor, lalu pilih di "
        "surat ini."
    ) % {"office": signer.agency.name, "register": register.name, "other": register.agency.name}
