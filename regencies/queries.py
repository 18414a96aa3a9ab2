"""Reading: positions as hats, the province and its regencies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from portal.accounts.hats import Hat
from regencies.models import Agency, Position, Province
from regencies.rules import Role

_RANKING = {role: number for number, role in enumerate(Role.values)}


def hats_from_positions(user: Any) -> Iterable[Hat]:
    """The user's positions in force today as hats, the highest role first."""
    held = Position.objects.in_force().filter(person=user).select_related("agency")
    return [
        Hat(
            role=position.role,
            title=position.full_title,
            agency_id=position.agency_id,
            agency_name=position.agency.name,
            regency_id=position.agency.regency_id,
            position_id=position.pk,
        )
        for position in sorted(held, key=lambda position: _RANKING[position.role])
    ]


def home_province() -> Province:
    """The province this portal serves (setting RAKOR_PROVINCE)."""
    return Province.objects.get(code=settings.PROVINCE_CODE)


def lead_agency() -> Agency:
    """The provincial office in charge of industry: organiser and letterhead."""
    return Agency.objects.select_related("province").get(
        is_lead=True, level=Agency.Level.PROVINCE, province__code=settings.PROVINCE_CODE
    )
