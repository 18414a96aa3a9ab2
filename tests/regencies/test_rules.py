"""Roles come from positions in force; a refusal says why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import User
from regencies.models import Agency, Position
from regencies.rules import Role, has_role, may_edit_agency, office_holders, province_staff, regency_ids, roles
from tests.cast import Cast
from tests.factories import lead_agency, make_position, make_user, regency


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(0, None, True), (0, 0, True), (1, None, False), (-10, -1, False), (-10, 0, True), (-10, 10, True)],
)
def test_a_right_begins_and_ends_with_the_position(db, starts: int, ends: int | None, holds: bool) -> None:
    today = timezone.localdate()
    person = make_user("petugas")
    make_position(
        person, Role.NOTULIS, lead_agency(), starts_on=today + dt.timedelta(days=starts),
        ends_on=None if ends is None else today + dt.timedelta(days=ends),
    )  # fmt: skip
    assert (Role.NOTULIS in roles(person)) is holds


def test_one_person_may_wear_several_hats_the_highest_first(db) -> None:
    person = make_user("rangkap")
    make_position(person, Role.OPERATOR_KAB, lead_agency("53.04"))
    make_position(person, Role.PANITIA, lead_agency())
    assert [hat.role for hat in fresh(person).hats] == ["panitia", "operator_kab"]
    assert regency_ids(fresh(person)) == {regency("53.04").pk}


def test_a_refusal_names_who_may(cast: Cast) -> None:
    assert has_role(cast.observer, Role.PANITIA, Role.NOTULIS).reason == "Hanya untuk Panitia, Notulis."
    assert office_holders(cast.stranger).reason.startswith("Akun Anda belum mempunyai jabatan")
    assert office_holders(AnonymousUser()).reason == "Silakan masuk terlebih dahulu."


def test_rules_of_the_cast(cast: Cast) -> None:
    assert all(province_staff(cast[name]) for name in ("admin", "kadis_prov", "kabid", "panitia", "notulis"))
    assert not any(province_staff(cast[name]) for name in ("kadis_belu", "operator_ende", "observer", "stranger"))
    assert may_edit_agency(cast.admin) and not may_edit_agency(cast.kadis_prov)


def test_names_that_may_be_read(cast: Cast) -> None:
    def seen(name: str) -> set[str]:
        return {position.person.username for position in Position.objects.visible_to(cast[name])}

    heads = {"kadis_prov", "kabid", "kadis_belu", "kadis_ende", "bupati_belu"}
    assert len(seen("notulis")) == 14
    assert seen("observer") == heads | {"observer"}
    assert seen("operator_belu") == heads | {"operator_belu", "kabid_belu", "tpl_belu"}
    assert seen("bupati_belu") == heads
    assert seen("stranger") == set()


def test_offices_of_other_provinces_are_not_seen(cast: Cast, settings) -> None:
    assert Agency.objects.visible_to(cast.operator_belu).count() == 26
    assert not Agency.objects.visible_to(cast.stranger).exists()
    settings.PROVINCE_CODE = "35"
    assert [office.level for office in Agency.objects.visible_to(cast.admin)] == ["pusat"]


# -- what the database keeps ------------------------------------------------------------------------------------------


def test_one_definitive_head_at_a_time_but_a_stand_in_beside(cast: Cast) -> None:
    other, office = make_user("kadis_lain"), lead_agency("53.04")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_position(other, Role.KADIS_KAB, office)
    make_position(other, Role.KADIS_KAB, office, standing="plh")


def test_heads_may_follow_each_other(db) -> None:
    office = lead_agency("53.07")
    make_position(make_user("lama"), Role.KADIS_KAB, office, ends_on=dt.date(2020, 6, 30))
    make_position(make_user("baru"), Role.KADIS_KAB, office, starts_on=dt.date(2020, 7, 1))


@pytest.mark.parametrize("wrong", [{"ends_on": dt.date(2010, 1, 1)}, {"employee_number": "123"}])
def test_positions_that_cannot_be(db, wrong: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_position(make_user("salah"), Role.NOTULIS, lead_agency(), **wrong)


def test_one_lead_office_per_regency_and_province(db) -> None:
    belu = regency()
    for values in (
        {"level": "kabupaten", "regency": belu, "is_lead": True},
        {"level": "provinsi", "province": belu.province, "is_lead": True},
        {"level": "kabupaten"},
        {"level": "provinsi", "regency": belu},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agency.objects.create(name="Dinas lain", **values)
