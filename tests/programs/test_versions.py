"""The difference between two versions: fields, lines, indicators, shares, files, totals."""

from __future__ import annotations

import pytest

from programs.models import CostLine
from programs.queries.snapshots import content_of
from programs.queries.versions import ADDED, CHANGED, REMOVED, SAME, Change, difference, shown_number, shown_value
from tests.factories_programs import make_line, make_proposal, source


@pytest.fixture
def proposal(cast):
    return make_proposal(status="diajukan")


@pytest.fixture
def before(proposal):
    return content_of(proposal)


class TestFields:
    def test_nothing_differs(self, before):
        found = difference(before, before)
        assert (found.count, found.fields, found.touched_lines, found.budget_step) == (0, [], [], 0)

    def test_texts_numbers_and_choices(self, proposal, before):
        proposal.title, proposal.ikm_count, proposal.sector = "Judul baru", None, None
        proposal.save()
        found = difference(before, content_of(proposal))
        assert [(c.label, c.old, c.new, c.kind) for c in found.fields] == [
            ("Judul", "Pengembangan sentra tenun ikat 1", "Judul baru", CHANGED),
            ("IKM penerima", "30", "", REMOVED),
            ("Sektor industri", "Tenun ikat", "", REMOVED),
        ]
        assert found.touches("title", None) and not found.touches("problem", None) and found.touches("", None)

    def test_words(self):
        assert Change("x", "tiga mesin jahit", "lima mesin jahit").pieces == [
            (REMOVED, "tiga"), (ADDED, "lima"), (SAME, "mesin jahit"),
        ]  # fmt: skip

    def test_values_as_people_read_them(self):
        assert shown_value({"edition": 2020, "code": "13122", "title": "Kain tenun ikat"}) == "13122 Kain tenun ikat"
        assert shown_value({"key": "garam", "name": "Garam"}) == "Garam"
        assert [shown_number(text) for text in ("10.00", "2.50", "100", None, "", "x")] == [
            "10",
            "2,5",
            "100",
            "",
            "",
            "x",
        ]


class TestLists:
    def test_lines_added_removed_changed(self, proposal, before):
        first, second, third = CostLine.objects.filter(proposal=proposal)
        CostLine.objects.filter(pk=second.pk).update(unit_price_rupiah=900_000)
        third.deleted_at = proposal.sent_at
        third.save()
        make_line(proposal, description="Sewa tempat", source="KUR")
        proposal.refresh_from_db()
        found = difference(before, content_of(proposal))
        assert [(row.kind, row.number, row.name) for row in found.lines] == [
            (SAME, 1, "Pelatihan tahap 1"), (CHANGED, 2, "Pelatihan tahap 2"), (REMOVED, 3, "Pelatihan tahap 3"),
            (ADDED, 3, "Sewa tempat"),
        ]  # fmt: skip
        assert [(c.label, c.old, c.new) for c in found.lines[1].changed] == [
            ("Harga satuan", "Rp1.000.000", "Rp900.000"), ("Jumlah", "Rp10.000.000", "Rp9.000.000"),
        ]  # fmt: skip
        assert [(c.old, c.new) for c in found.totals] == [("Rp30.000.000", "Rp19.000.000"), ("Rp0", "Rp10.000.000")]
        assert found.budget_step == -11_000_000
        assert [(row.kind, row.name) for row in found.shares] == [
            (CHANGED, "APBD Kabupaten/Kota"), (ADDED, "Kredit Usaha Rakyat (KUR)"),
        ]  # fmt: skip
        assert found.touches("unit_price_rupiah", second.pk)
        assert not found.touches("description", second.pk)
        assert not found.touches("unit_price_rupiah", first.pk)
        assert found.touches("", third.pk) and found.touches("lines", None) and not found.touches("indicators", None)

    def test_source_of_a_line(self, proposal, before):
        line = CostLine.objects.filter(proposal=proposal).first()
        CostLine.objects.filter(pk=line.pk).update(source=source("APBN"))
        found = difference(before, content_of(proposal))
        assert found.touches("source", line.pk) and len(found.touched_lines) == 1

    def test_indicators_and_files(self, proposal, before):
        from tests.programs.test_scoring import attach

        proposal.indicators.filter(kind="hasil").update(target=20)
        attach(proposal, "kak")
        found = difference(before, content_of(proposal))
        changed = [row for row in found.indicators if row.kind == CHANGED]
        assert [(c.label, c.old, c.new) for row in changed for c in row.changed] == [("Target", "10", "20")]
        assert found.touches("berkas:kak", None) and not found.touches("berkas:rab", None)

    def test_an_old_or_strange_content_is_no_error(self, before):
        found = difference({}, before)
        assert [row.kind for row in found.lines] == [ADDED] * 3
        assert difference({"title": "x"}, {"title": "y"}).count == 0
