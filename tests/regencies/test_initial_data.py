"""The data migration: Nusa Tenggara Timur as domain §4.1 has it."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import Count, Sum

from regencies.models import Agency, Province, Regency, Register

migration = import_module("regencies.migrations.0003_ntt")
registers = import_module("regencies.migrations.0006_ready_registers")


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    pass


def test_the_22_with_the_sums_of_their_sources() -> None:
    ours = Regency.objects.filter(province__code="53")
    assert ours.count() == 22
    sums = ours.aggregate(Sum("population"), Sum("area_km2"), Sum("districts"), Sum("villages"))
    assert [str(value) for value in sums.values()] == ["5700772", "46378.1", "315", "3442"]
    assert all(one.population_male + one.population_female == one.population for one in ours)


def test_both_codes_stand_as_given_and_differ_16_times() -> None:
    ours = Regency.objects.filter(province__code="53")
    assert sum(one.code.replace(".", "") != one.bps_code for one in ours) == 16
    assert Regency.objects.get(code="53.01").bps_code == "5303"
    assert Regency.objects.get(bps_code="5301").name == "Kabupaten Sumba Barat"


def test_every_regency_has_its_own_tile_in_4_rows_of_12() -> None:
    tiles = {(one.tile_row, one.tile_col) for one in Regency.objects.filter(province__code="53")}
    assert len(tiles) == 22
    assert {row for row, _col in tiles} == {0, 1, 2, 3} and max(col for _row, col in tiles) == 11


def test_offices_of_province_regencies_ministry_and_planning_body() -> None:
    lead = Agency.objects.get(is_lead=True, level="provinsi", province__code="53")
    assert lead.name == "Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur"
    assert lead.letterhead_top == "Pemerintah Provinsi Nusa Tenggara Timur"
    assert lead.letterhead_address == ""  # not known: the admin fills it in
    counts = dict(Agency.objects.values_list("level").annotate(Count("pk")))
    assert counts == {"provinsi": 2, "kabupaten": 22, "pusat": 1}
    assert Agency.objects.filter(regency__isnull=False, is_lead=True).count() == 22


def test_offices_known_by_name_bring_their_aliases() -> None:
    belu = Agency.objects.get(regency__code="53.04")
    assert belu.name == "Dinas Perdagangan dan Perindustrian Kabupaten Belu"
    assert {"Disperdagin", "Dinas Perdagin", "Dinas Perindustrian dan Perdagangan"} <= set(belu.alias_list)
    assert Agency.objects.get(regency__code="53.08").name == "Dinas yang membidangi perindustrian Kabupaten Ende"


def test_loading_again_changes_nothing_that_people_wrote() -> None:
    Agency.objects.filter(regency__code="53.08").update(name="Dinas Perindag Ende")
    before = Agency.objects.count(), Regency.objects.count()
    migration.load(apps)
    assert (Agency.objects.count(), Regency.objects.count()) == before
    assert Agency.objects.get(regency__code="53.08").name == "Dinas Perindag Ende"


def test_it_can_be_taken_back() -> None:
    registers.unload(apps)
    migration.unload(apps)
    assert (Province.objects.count(), Regency.objects.count(), Agency.objects.count()) == (0, 0, 0)
    migration.load(apps)
    registers.load(apps)
    assert Regency.objects.count() == 22 and Register.objects.count() == 5
