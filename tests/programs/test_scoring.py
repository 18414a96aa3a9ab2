"""Scores: every computed indicator to the point, totals, the rubric as data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programs.actions.scores import recompute_open, recompute_scores, refresh_benefits
from programs.facts.authority import misfits, within_authority
from programs.models import Attachment, Proposal, ReadinessItem, Realisation, RubricItem, Score
from programs.queries.scoring import computed_points, number, rubric, sheet_of
from tests.factories_programs import make_proposal, sector, sub_activity


def points(proposal: Proposal, computed: str) -> tuple[Decimal, str]:
    """What the proposal gets for the indicator that is computed this way."""
    items = rubric()
    item = next(item for item in items if item.computed == computed)
    fresh = Proposal.objects.select_related("regency").get(pk=proposal.pk)
    found = computed_points([fresh], items)[proposal.pk][item.pk]
    return found.points, found.why


def attach(proposal: Proposal, *keys: str) -> None:
    """Files for these readiness items."""
    for key in keys:
        Attachment.objects.create(
            proposal=proposal, item=ReadinessItem.objects.get(key=key), name=f"{key}.pdf", kind="pdf",
            file=f"{key}.pdf", size=1, sha256=f"{key:0<64}"[:64], added_by=proposal.created_by,
        )  # fmt: skip


class TestAuthority:
    @pytest.mark.parametrize(
        ("level", "sources", "fits"),
        [
            ("kabupaten_kota", ["APBD_II"], True),
            ("kabupaten_kota", ["DAK_FISIK"], True),
            ("kabupaten_kota", ["APBD_I"], True),
            ("perdagangan_kabupaten", ["APBD_I"], False),
            ("kabupaten_kota", ["APBN"], True),
            ("provinsi", ["APBD_I"], True),
            ("provinsi", ["APBD_II"], False),
            ("provinsi", ["DAK_FISIK", "APBD_II"], False),
            ("provinsi", ["APBD_I", "APBD_II"], True),
            ("penunjang", ["APBD_I"], True),
            ("kabupaten_kota", [], False),
            ("", ["APBN"], False),
            ("kabupaten_kota", ["KUR"], True),
            ("provinsi", ["KUR"], False),
            ("provinsi", ["APBN"], True),
        ],
    )
    def test_level_against_sources(self, level, sources, fits):
        assert within_authority(level, sources) is fits

    def test_misfits_are_named_in_order(self):
        assert misfits("provinsi", ["APBD_II", "APBN", "DAK_FISIK"]) == ["APBD_II", "DAK_FISIK"]

    def test_points_and_sentence(self, cast):
        good = make_proposal(status="diajukan")
        assert points(good, "kewenangan") == (
            10, "Kode 3.31.02.2.01.0005 (kewenangan kabupaten/kota) sesuai dengan sumber dana: 10 dari 10.",
        )  # fmt: skip
        wrong = make_proposal(status="diajukan", sub_activity=sub_activity("3.31.02.1.01.0005"))
        assert points(wrong, "kewenangan") == (
            0,
            "Kode 3.31.02.1.01.0005 (kewenangan provinsi) tidak dibiayai dari APBD Kabupaten/Kota: 0 dari 10.",
        )


class TestPriority:
    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            ("garam", (20, "Sektor “Garam” termasuk prioritas utama: 20 dari 20.")),
            ("tenun_ikat", (10, "Sektor “Tenun ikat” termasuk prioritas pendukung: 10 dari 20.")),
            ("industri_agro", (0, "Sektor “Industri agro” bukan prioritas: 0 dari 20.")),
        ],
    )
    def test_standing_of_the_sector(self, cast, key, expected):
        assert points(make_proposal(status="diajukan", sector=sector(key)), "prioritas") == expected

    def test_without_a_sector(self, cast):
        assert points(make_proposal(status="diajukan", sector=None), "prioritas")[0] == 0


class TestReadiness:
    def test_eight_of_twelve(self, cast):
        proposal = make_proposal(status="diajukan", source="DAK_FISIK")
        attach(proposal, "kak", "rab", "surat_usulan", "surat_pernyataan", "ded", "lahan", "lingkungan", "foto_nol")
        found, why = points(proposal, "kesiapan")
        assert found == Decimal("13.33")
        assert why == (
            "8 dari 12 berkas ada: 13,33 dari 20. Belum ada: Peta lokasi; Daftar IKM calon pengguna; "
            "SK sentra/lokasi; Kesanggupan pengelolaan dan pemeliharaan."
        )

    def test_an_ordinary_proposal_needs_two(self, cast):
        proposal = make_proposal(status="diajukan")
        attach(proposal, "kak", "foto", "ded")
        assert points(proposal, "kesiapan")[0] == 10
        attach(proposal, "rab")
        assert points(proposal, "kesiapan") == (20, "2 dari 2 berkas ada: 20 dari 20.")

    def test_two_files_for_one_item_count_once_and_deleted_ones_not(self, cast):
        proposal = make_proposal(status="diajukan")
        attach(proposal, "kak")
        copy = Attachment.objects.get(proposal=proposal)
        copy.pk, copy.sha256, copy.public_id = None, "f" * 64, "00000000-0000-0000-0000-000000000001"
        copy.save()
        assert points(proposal, "kesiapan")[0] == 10
        Attachment.objects.filter(proposal=proposal).update(deleted_at=proposal.sent_at)
        assert points(proposal, "kesiapan")[0] == 0


class TestBenefit:
    def test_quartiles_of_eight(self, cast):
        made = [make_proposal(status="diajukan", ikm_count=n, male_workers=0, female_workers=0) for n in range(1, 9)]
        assert [points(proposal, "manfaat")[0] for proposal in made] == [0, 0, 5, 5, 10, 10, 15, 15]
        assert points(made[7], "manfaat")[1] == (
            "8 IKM dan tenaga kerja untuk Rp30.000.000, kuartil tertinggi di antara usulan 2020: 15 dari 15."
        )

    def test_equal_proposals_are_equal(self, cast):
        made = [make_proposal(status="diajukan", lines=n) for n in (1, 1, 1, 1)]
        assert {points(proposal, "manfaat")[0] for proposal in made} == {15}

    def test_other_years_drafts_and_returned_ones_do_not_count(self, cast):
        one = make_proposal(status="diajukan", ikm_count=1, male_workers=0, female_workers=0)
        make_proposal(status="diajukan", year=2021)
        make_proposal(status="konsep")
        make_proposal(status="dikembalikan")
        assert points(one, "manfaat")[0] == 15

    def test_without_money_or_people(self, cast):
        make_proposal(status="diajukan")
        none = make_proposal(status="diajukan", lines=0, ikm_count=None, male_workers=None, female_workers=None)
        assert points(none, "manfaat")[0] in (0, 5)

    def test_others_follow_when_one_comes(self, cast):
        made = [make_proposal(status="diajukan", ikm_count=n, male_workers=0, female_workers=0) for n in (1, 2, 3)]
        for proposal in made:
            recompute_scores(proposal)
        scores = Score.objects.filter(item__key="manfaat").order_by("proposal")
        # 1 of 3 → quartile 2, 2 of 3 → quartile 3, 3 of 3 → quartile 4
        assert [score.points for score in scores.all()] == [5, 10, 15]
        make_proposal(status="diajukan", ikm_count=99, male_workers=0, female_workers=0)
        assert refresh_benefits(2020) == 3
        assert [score.points for score in scores.all()] == [0, 5, 10]
        assert refresh_benefits(2020) == 0


class TestReporting:
    def reports(self, n: int) -> tuple[Decimal, str]:
        old = make_proposal(year=2018, status="disepakati")
        for quarter in range(1, n + 1):
            Realisation.objects.create(
                proposal=old, quarter=quarter, spent_rupiah=1, physical_percent=1, reported_by=old.created_by
            )
        return points(make_proposal(year=2020, status="diajukan"), "pelaporan")

    @pytest.mark.parametrize(("n", "expected"), [(0, 0), (1, 4), (2, 8), (3, 12), (4, 15)])
    def test_quarters_reported(self, cast, n, expected):
        assert self.reports(n) == (expected, f"{n} dari 4 laporan triwulan 2018 masuk: {expected} dari 15.")

    def test_first_time(self, cast):
        make_proposal("53.08", year=2018, status="disepakati")
        make_proposal(year=2018, status="ditunda")
        make_proposal(year=2019, status="disepakati")
        assert points(make_proposal(year=2020, status="diajukan"), "pelaporan") == (
            15, "Belum ada program 2018 yang harus dilaporkan (pertama kali): 15 dari 15.",
        )  # fmt: skip

    def test_two_programs(self, cast):
        make_proposal(year=2018, status="disepakati")
        assert self.reports(4) == (8, "4 dari 8 laporan triwulan 2018 masuk: 8 dari 15.")


class TestTotals:
    def test_total_only_when_nothing_is_missing(self, cast):
        proposal = make_proposal(status="diajukan")
        assert recompute_scores(proposal) is None
        sheet = sheet_of(proposal)
        # 10 priority, 10 authority, 0 files, 15 benefit, 15 reports
        assert (sheet.total, sheet.most, len(sheet.missing)) == (50, 100, 2)
        assert sheet.sentence == "50 dari 100 = 10 + 10 + 0 + 15 + 15; 2 indikator belum dinilai."
        for key in ("bahan_baku", "kelembagaan"):
            item = RubricItem.objects.get(key=key)
            step = item.steps.get(points=5)
            Score.objects.create(proposal=proposal, item=item, step=step, points=5, by=cast.verifikator)
        assert recompute_scores(proposal) == 60
        proposal.refresh_from_db()
        assert proposal.score == 60

    def test_points_follow_changed_steps(self, cast):
        proposal = make_proposal(status="diajukan")
        item = RubricItem.objects.get(key="bahan_baku")
        step = item.steps.get(points=5)
        Score.objects.create(proposal=proposal, item=item, step=step, points=5, by=cast.verifikator)
        step.points = 7
        step.save()
        assert recompute_open() == 1
        assert Score.objects.get(proposal=proposal, item=item).points == 7
        step.delete()
        recompute_open()
        assert not Score.objects.filter(proposal=proposal, item=item).exists()

    def test_decided_proposals_keep_their_points(self, cast):
        proposal = make_proposal(status="siap_desk", score=77)
        make_proposal(status="diajukan")
        assert recompute_open() == 1
        proposal.refresh_from_db()
        assert proposal.score == 77

    @pytest.mark.parametrize(("value", "text"), [("13.33", "13,33"), ("20.00", "20"), ("0", "0"), ("7.50", "7,5")])
    def test_numbers_as_people_write_them(self, value, text):
        assert number(Decimal(value)) == text

    def test_budget_is_constant(self, cast, assert_queries):
        made = [make_proposal(status="diajukan") for _n in range(12)]
        items = rubric()
        for some in (made[:2], made):
            fresh = list(Proposal.objects.filter(pk__in=[proposal.pk for proposal in some]))
            with assert_queries(7):
                computed_points(fresh, items)
