"""From the queue to the desk: sharing work, scoring, returning with points, answers, passing, words kept apart."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from openpyxl import load_workbook

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.actions.moves import move_proposal, ready_all
from programs.actions.proposals import save_fields
from programs.actions.rubric import save_item
from programs.actions.verification import (
    answer_point,
    assign,
    comment,
    pass_proposal,
    return_proposal,
    score_proposal,
    take_next,
)
from programs.models import Comment, Proposal, ReturnPoint, RubricItem, Score, Submission
from programs.queries.verification import Wanted, next_in_queue, points_context, queue, verification_context
from tests import factories
from tests.factories_programs import make_attachments, make_proposal, make_round, make_submission, sub_activity

QUEUE = "/verifikasi/"


@pytest.fixture
def proposal(cast):
    return make_proposal(status="diajukan")


@pytest.fixture
def colleague(cast):
    """A second verifier."""
    person = factories.make_user("verifikator_dua")
    factories.make_position(person, "verifikator", factories.lead_agency())
    return person


def best() -> dict[str, int]:
    """The best step of each indicator that a reviewer judges."""
    return {item.key: item.steps.first().pk for item in RubricItem.objects.filter(computed="", is_active=True)}


def passed(proposal: Proposal, by: object) -> Proposal:
    score_proposal(proposal, best(), by=by)
    return pass_proposal(proposal, by=by)


def page_of(proposal: Proposal) -> str:
    return f"{QUEUE}{proposal.pk}/"


def return_data(*points: tuple[str, str], **values: object) -> dict[str, object]:
    """What the return form sends."""
    data = {"catatan-TOTAL_FORMS": len(points), "catatan-INITIAL_FORMS": 0, "note": "", **values}
    for number, (target, note) in enumerate(points):
        data |= {f"catatan-{number}-target": target, f"catatan-{number}-note": note}
    return data


class TestSharing:
    def test_take_next_takes_the_longest_waiting(self, cast, proposal):
        older = make_proposal("53.08", status="diajukan", sent_at=dt.datetime(2019, 1, 1, tzinfo=dt.UTC))
        assert take_next(2020, by=cast.verifikator) == older
        assert take_next(2020, by=cast.verifikator) == proposal
        assert take_next(2020, by=cast.verifikator) is None
        assert Proposal.objects.filter(verifier=cast.verifikator).count() == 2

    def test_only_verifiers(self, cast, proposal):
        for who in ("operator_belu", "kadis_belu", "panitia", "observer", "admin", "kadis_prov"):
            with pytest.raises(Denied):
                take_next(2020, by=cast[who])
            with pytest.raises(Denied):
                assign([proposal], cast.verifikator, by=cast[who])

    def test_a_verifier_takes_only_for_himself(self, cast, proposal, colleague):
        with pytest.raises(Blocked, match="Kepala Bidang membagi tugas"):
            assign([proposal], colleague, by=cast.verifikator)
        assign([proposal], colleague, by=colleague)
        with pytest.raises(Blocked, match="sudah diambil oleh"):
            assign([proposal], cast.verifikator, by=cast.verifikator)
        assign([proposal], cast.verifikator, by=cast.kabid)
        assign([proposal], None, by=cast.verifikator)
        proposal.refresh_from_db()
        assert proposal.verifier is None
        assert Entry.objects.about(proposal).filter(verb="Menetapkan verifikator").count() == 3

    def test_the_head_shares_many(self, cast, colleague):
        made = [make_proposal(status="diajukan") for _n in range(3)]
        assert assign(made, colleague, by=cast.kabid) == made
        with pytest.raises(Blocked, match="tidak memegang jabatan"):
            assign(made, cast.panitia, by=cast.kabid)
        with pytest.raises(Blocked, match="tidak sedang diverifikasi"):
            assign([make_proposal(status="siap_desk")], colleague, by=cast.kabid)

    def test_from_the_queue(self, cast, client_of, proposal, colleague):
        data = {"proposal": [proposal.pk], "verifier": colleague.pk, "kembali": "lingkup=bebas&x=http://evil"}
        answer = client_of(cast.kabid).post(f"{QUEUE}bagi/", data)
        assert (answer.status_code, answer["Location"]) == (302, f"{QUEUE}?lingkup=bebas")
        assert Proposal.objects.get().verifier == colleague
        assert client_of(cast.kabid).post(f"{QUEUE}bagi/", {"proposal": []}).status_code == 409
        answer = client_of(cast.verifikator).post(f"{QUEUE}ambil/", {"tahun": "2020"})
        assert answer["Location"] == f"{QUEUE}?tahun=2020"


class TestScoring:
    def test_exact_points(self, cast, proposal):
        row = score_proposal(proposal, best(), {"bahan_baku": "Benang lokal"}, by=cast.verifikator)
        # 10 priority + 10 authority + 0 files + 15 benefit + 10 + 10 + 15 reports
        assert row.score == Decimal("70.00") and row.verifier == cast.verifikator
        stored = Score.objects.get(proposal=proposal, item__key="bahan_baku")
        assert (stored.points, stored.why, stored.by) == (10, "Benang lokal", cast.verifikator)
        assert Score.objects.filter(proposal=proposal).count() == 7

    def test_a_choice_can_be_taken_back(self, cast, proposal):
        score_proposal(proposal, best(), by=cast.verifikator)
        row = score_proposal(proposal, {"bahan_baku": None}, by=cast.verifikator)
        assert row.score is None and not Score.objects.filter(proposal=proposal, item__key="bahan_baku").exists()

    def test_what_is_no_step_of_the_indicator(self, cast, proposal):
        foreign = RubricItem.objects.get(key="kelembagaan").steps.first().pk
        with pytest.raises(Blocked, match="Tingkat ini sudah diubah"):
            score_proposal(proposal, {"bahan_baku": foreign}, by=cast.verifikator)
        with pytest.raises(Blocked, match="dihitung otomatis"):
            score_proposal(proposal, {"prioritas": foreign}, by=cast.verifikator)
        assert not Score.objects.filter(proposal=proposal).exists()

    def test_two_verifiers(self, cast, proposal, colleague):
        score_proposal(proposal, best(), by=colleague)
        with pytest.raises(Denied, match="sedang diperiksa oleh Verifikator Dua"):
            score_proposal(proposal, best(), by=cast.verifikator)
        score_proposal(proposal, best(), by=cast.kabid)

    def test_head_and_verifier_choose_differently(self, cast, proposal):
        item = RubricItem.objects.get(key="bahan_baku")
        high, middle, low = item.steps.all()
        score_proposal(proposal, {item.key: high.pk}, by=cast.verifikator, base={item.key: None})
        with pytest.raises(StaleVersion, match="sudah dinilai orang lain"):
            score_proposal(proposal, {item.key: low.pk}, by=cast.kabid, base={item.key: None})
        score_proposal(proposal, {item.key: middle.pk}, by=cast.kabid, base={item.key: high.pk})
        assert Score.objects.get(item=item).points == 5

    def test_only_while_it_waits(self, cast):
        for status in ("dikembalikan", "lolos", "siap_desk", "disepakati"):
            with pytest.raises(Blocked, match="nilai hanya diubah"):
                score_proposal(make_proposal(status=status), best(), by=cast.verifikator)

    def test_the_sheet_saves_by_itself(self, cast, client_of, proposal):
        step = RubricItem.objects.get(key="bahan_baku").steps.first()
        data = {"step-bahan_baku": step.pk, "base-bahan_baku": "", "why-bahan_baku": "=1+1"}
        answer = client_of(cast.verifikator).post(f"{page_of(proposal)}nilai/", data, headers={"HX-Request": "true"})
        assert answer.status_code == 200 and "60 dari 100" in answer.content.decode()
        assert not Score.objects.filter(item__key="kelembagaan").exists()
        low = RubricItem.objects.get(key="bahan_baku").steps.last()
        data = {"step-bahan_baku": low.pk, "base-bahan_baku": ""}
        answer = client_of(cast.kabid).post(f"{page_of(proposal)}nilai/", data, headers={"HX-Request": "true"})
        assert answer.status_code == 409 and "sudah dinilai orang lain" in answer.content.decode()

    def test_sending_computes_the_first_points(self, cast):
        make_round(2020)
        proposal = make_attachments(make_proposal(status="menunggu_kadis"))
        move_proposal(proposal, "send", by=cast.kadis_belu)
        found = dict(Score.objects.filter(proposal=proposal).values_list("item__key", "points"))
        assert found == {"prioritas": 10, "kewenangan": 10, "kesiapan": 20, "manfaat": 15, "pelaporan": 15}

    def test_the_others_follow_when_one_leaves(self, cast, proposal, django_capture_on_commit_callbacks):
        other = make_proposal("53.08", status="diajukan", ikm_count=200)
        for row in (proposal, other):
            score_proposal(row, best(), by=cast.verifikator)
        assert Score.objects.get(proposal=proposal, item__key="manfaat").points == 5
        with django_capture_on_commit_callbacks(execute=True):
            return_proposal(other, [], note="Perbaiki.", by=cast.verifikator)
        assert Score.objects.get(proposal=proposal, item__key="manfaat").points == 15
        proposal.refresh_from_db()
        assert proposal.score == 70


class TestPassing:
    def test_pass_reopen_ready(self, cast, proposal):
        assert passed(proposal, cast.verifikator).status == "lolos"
        move_proposal(proposal, "reopen", by=cast.verifikator, note="Harga salah dibaca.")
        pass_proposal(proposal, by=cast.verifikator)
        outcome = ready_all(2020, by=cast.panitia)
        assert [row.status for row in outcome.moved] == ["siap_desk"]

    def test_without_all_points(self, cast, proposal):
        with pytest.raises(Blocked, match="Belum semua indikator dinilai"):
            pass_proposal(proposal, by=cast.verifikator)

    def test_authority_zero_blocks(self, cast):
        wrong = make_proposal(status="diajukan", sub_activity=sub_activity("3.31.02.1.01.0005"))
        score_proposal(wrong, best(), by=cast.verifikator)
        with pytest.raises(Blocked, match="“Kesesuaian kewenangan” bernilai 0"):
            pass_proposal(wrong, by=cast.verifikator)
        with pytest.raises(Blocked, match="bernilai 0"):
            move_proposal(wrong, "pass", by=cast.verifikator)
        wrong.refresh_from_db()
        assert wrong.status == "diajukan"

    def test_a_version_nobody_read(self, cast, proposal):
        score_proposal(proposal, best(), by=cast.verifikator)
        make_submission(proposal)
        with pytest.raises(StaleVersion, match="sudah mengirim versi 2"):
            pass_proposal(proposal, submission=1, by=cast.verifikator)

    def test_the_colleagues_proposal(self, cast, proposal, colleague):
        score_proposal(proposal, best(), by=colleague)
        for move in ("pass", "return"):
            with pytest.raises(Denied, match="sedang diperiksa"):
                move_proposal(proposal, move, by=cast.verifikator, note="x")

    def test_pass_then_next(self, cast, client_of, proposal):
        other = make_proposal("53.08", status="diajukan")
        score_proposal(proposal, best(), by=cast.verifikator)
        answer = client_of(cast.verifikator).post(f"{page_of(proposal)}lolos/", {"submission": 1, "next": "1"})
        assert answer["Location"] == page_of(other)

    def test_ready_page_asks_and_does(self, cast, client_of, proposal):
        passed(proposal, cast.verifikator)
        waiting = make_proposal("53.08", status="diajukan")
        client = client_of(cast.kabid)
        text = client.get(f"{QUEUE}siap-desk/?tahun=2020").content.decode()
        assert "Siapkan semua 1 usulan" in text and "1 usulan masih diperiksa" in text
        assert client.post(f"{QUEUE}siap-desk/", {"tahun": "2020", "kabupaten": "53.08"}).status_code == 302
        assert Proposal.objects.get(pk=proposal.pk).status == "lolos"
        client.post(f"{QUEUE}siap-desk/", {"tahun": "2020"})
        assert Proposal.objects.get(pk=proposal.pk).status == "siap_desk"
        assert Proposal.objects.get(pk=waiting.pk).status == "diajukan"


class TestReturning:
    def points(self, proposal: Proposal) -> list[dict[str, str]]:
        line = proposal.lines.order_by("position")[2]
        return [
            {"target": f"baris:{line.pk}:unit_price_rupiah", "note": "Perbaiki harga satuan."},
            {"target": "title", "note": "Judul terlalu umum."},
            {"target": "berkas:kak", "note": "KAK belum ditandatangani."},
            {"target": "seluruhnya", "note": "  "},
        ]

    def test_points_name_their_part(self, cast, proposal):
        row = return_proposal(proposal, self.points(proposal), by=cast.verifikator)
        assert row.status == "dikembalikan"
        assert [(p.label, p.field, bool(p.line_id)) for p in ReturnPoint.objects.all()] == [
            ("Harga satuan, baris 3", "unit_price_rupiah", True),
            ("Judul", "title", False),
            ("KAK (kerangka acuan kerja) bertanda tangan", "berkas:kak", False),
        ]
        entry = Entry.objects.about(proposal).first()
        assert entry.note.startswith("Harga satuan, baris 3: Perbaiki harga satuan.")
        found = points_context(row, cast.operator_belu)
        assert found["open_points"] == 3 and found["may_answer"] and set(found["points_by"]) == {
            f"line-{proposal.lines.order_by('position')[2].pk}", "title", "berkas-kak",
        }  # fmt: skip

    def test_nothing_to_mend_is_no_return(self, cast, proposal):
        with pytest.raises(Blocked, match="sedikitnya satu catatan"):
            return_proposal(proposal, [{"target": "title", "note": " "}], by=cast.verifikator)

    def test_a_part_of_another_proposal(self, cast, proposal):
        other = make_proposal("53.08", status="diajukan")
        point = {"target": f"baris:{other.lines.first().pk}", "note": "x"}
        with pytest.raises(Blocked, match="tidak ada lagi"):
            return_proposal(proposal, [point], by=cast.verifikator)
        assert Proposal.objects.get(pk=proposal.pk).status == "diajukan" and not ReturnPoint.objects.exists()

    def test_a_stale_return_keeps_what_was_written(self, cast, client_of, proposal):
        make_submission(proposal)
        client = client_of(cast.verifikator)
        data = return_data(("title", "Judul terlalu umum."), submission=1)
        answer = client.post(f"{page_of(proposal)}kembalikan/", data)
        text = answer.content.decode()
        assert answer.status_code == 409 and "sudah mengirim versi 2" in text and "Judul terlalu umum." in text
        assert 'name="submission" value="2"' in text
        assert client.post(f"{page_of(proposal)}kembalikan/", data | {"submission": 2}).status_code == 302

    def test_two_return_at_once(self, cast, proposal):
        return_proposal(proposal, [], note="Satu.", by=cast.verifikator)
        with pytest.raises(Blocked, match="sudah berstatus"):
            return_proposal(proposal, [{"target": "title", "note": "Dua."}], by=cast.verifikator)
        assert not ReturnPoint.objects.exists()

    def test_answers_and_difference(self, cast, client_of, proposal):
        return_proposal(proposal, self.points(proposal), by=cast.verifikator)
        price, title, _file = ReturnPoint.objects.all()
        client = client_of(cast.operator_belu)
        url = f"/usulan/{proposal.pk}/catatan/{title.pk}/"
        assert client.post(url, {"answer": "Sudah", "done": "1"}).status_code == 302
        title.refresh_from_db()
        assert title.answer == "Sudah" and title.answered_at
        client.post(url, {"answer": "Belum"})
        title.refresh_from_db()
        assert title.answered_at is None
        answer_point(title, "Sudah jelas", by=cast.operator_belu)
        with pytest.raises(Denied):
            answer_point(title, "Bukan milik saya", by=cast.operator_ende)
        with pytest.raises(Denied):
            answer_point(title, "Provinsi", by=cast.verifikator)
        proposal.lines.filter(pk=price.line_id).update(unit_price_rupiah=900_000)
        Proposal.objects.filter(pk=proposal.pk).update(title="Judul yang jelas")
        # Sent again: the status moves by the regency's own verbs, tested elsewhere.
        fresh = Proposal.objects.get(pk=proposal.pk)
        make_submission(fresh)
        Proposal.objects.filter(pk=proposal.pk).update(**{"status": "diajukan"})
        text = client_of(cast.verifikator).get(page_of(proposal)).content.decode()
        assert "Perubahan sejak versi 1" in text and "Sudah jelas" in text
        assert text.count("Belum dijawab") == 2 and text.count("Bagian ini berubah") == 2
        found = queue(cast.verifikator, Wanted(2020)).get()
        assert (found.versions, found.points, found.open_points) == (2, 3, 2)

    def test_the_province_never_reads_the_draft(self, cast, client_of, proposal):
        return_proposal(proposal, [], note="Perbaiki.", by=cast.verifikator)
        Proposal.objects.filter(pk=proposal.pk).update(title="Rahasia baru", problem="Rahasia lama", sector=None)
        for name in ("verifikator", "kabid", "panitia"):
            client = client_of(cast[name])
            for url in (QUEUE, page_of(proposal), f"/usulan/{proposal.pk}/versi/", f"{QUEUE}?sektor=tenun_ikat"):
                text = client.get(url).content.decode()
                assert "Rahasia" not in text and "Pengembangan sentra tenun ikat 1" in text
        made = Proposal.objects.get(pk=proposal.pk)
        save_fields(made, {"title": "Rahasia terbaru"}, base=None, by=cast.operator_belu)
        sibling = make_proposal(status="diajukan", title="Rahasia terbaru", year=2021)
        for name in ("verifikator", "observer"):
            client = client_of(cast[name])
            for part in ("", "lampiran/", "periksa/", "versi/"):
                text = client.get(f"/usulan/{proposal.pk}/{part}").content.decode()
                assert "Rahasia" not in text and "Pengembangan sentra tenun ikat 1" in text, part
            assert made.code not in client.get(f"/usulan/{sibling.pk}/periksa/").content.decode()
        assert "Rahasia" not in client_of(cast.kabid).get(page_of(proposal)).content.decode()  # nor in its history
        assert queue(cast.kabid, Wanted(2020, source="APBD_II")).count() == 1
        assert queue(cast.kabid, Wanted(2020, source="APBN")).count() == 0
        assert queue(cast.kabid, Wanted(2020, sub_activity="3.31.02.2.01.0005")).count() == 1


class TestWords:
    def test_both_sides_talk(self, cast, client_of, proposal):
        comment(proposal, "Mohon lampirkan foto.", by=cast.verifikator)
        client = client_of(cast.operator_belu)
        key = uuid.uuid4()
        for _twice in range(2):
            answer = client.post(f"/usulan/{proposal.pk}/komentar/", {"text": "Siap.", "client_key": key})
            assert answer.status_code == 302
        assert [row.text for row in Comment.objects.all()] == ["Mohon lampirkan foto.", "Siap."]
        assert client_of(cast.operator_ende).post(f"/usulan/{proposal.pk}/komentar/", {"text": "x"}).status_code == 404
        for who in ("observer", "panitia"):
            with pytest.raises(Denied):
                comment(proposal, "x", by=cast[who])

    def test_anothers_key_is_not_his_comment(self, cast, proposal):
        key = uuid.uuid4()
        comment(proposal, "Satu", by=cast.verifikator, client_key=key)
        with pytest.raises(Blocked):
            comment(proposal, "Dua", by=cast.operator_belu, client_key=key)

    def test_internal_notes_stay_inside(self, cast, client_of, proposal):
        answer = client_of(cast.verifikator).post(f"{page_of(proposal)}catatan/", {"text": "Rahasia dapur"})
        assert answer.status_code == 302 and Comment.objects.get().internal
        assert "Rahasia dapur" in client_of(cast.panitia).get(page_of(proposal)).content.decode()
        for who in ("operator_belu", "kadis_belu", "observer"):
            assert list(Comment.objects.visible_to(cast[who])) == []
            shown = verification_context(proposal, cast[who])
            assert shown["comments"] == [] and shown["sheet"] is None
            client = client_of(cast[who])
            for url in (proposal.get_absolute_url(), page_of(proposal), f"/usulan/{proposal.pk}/versi/", QUEUE):
                assert "Rahasia dapur" not in client.get(url).content.decode()
        assert not any("Rahasia" in entry.note for entry in Entry.objects.all())
        for who in ("operator_belu", "panitia", "observer"):
            with pytest.raises(Denied):
                comment(proposal, "x", internal=True, by=cast[who])

    def test_scores_stay_in_the_province(self, cast, client_of, proposal):
        score_proposal(proposal, best(), by=cast.verifikator)
        text = client_of(cast.operator_belu).get(proposal.get_absolute_url()).content.decode()
        assert "dari 100" not in text
        assert not any("Menilai" in entry.verb for entry in Entry.objects.about(proposal))


class TestQueue:
    def test_order_scopes_and_filters(self, cast, client_of):
        first = make_proposal(status="diajukan", rank=9, title="Tenun")
        second = make_proposal("53.08", status="diajukan", lines=5, rank=1, title="Garam dapur", source="APBN")
        second.sent_at += dt.timedelta(days=1)
        second.save()
        make_proposal(status="konsep")
        make_proposal(status="siap_desk")

        def found(**wanted: str) -> list[Proposal]:
            return list(queue(cast.verifikator, Wanted(2020, **wanted)))

        assert found() == [first, second] and found(sort="priority") == [second, first]
        assert found(sort="money") == [second, first] and found(text="garam") == [second]
        assert found(regency="53.08") == [second] and found(source="APBN") == [second]
        assert found(status="lolos") == [] and found(scope="saya") == [] and found(scope="bebas") == [first, second]
        assert found(sub_activity="3.31.02.2.01.0005") == [first, second] and found(sector="garam") == []
        assert next_in_queue(cast.verifikator, 2020) == first
        assign([second], cast.verifikator, by=cast.verifikator)
        assert next_in_queue(cast.verifikator, 2020) == second
        assert next_in_queue(cast.verifikator, 2020, after=second.pk) == first

    def test_excel(self, cast, client_of, proposal):
        Submission.objects.update(title="=1+1")
        answer = client_of(cast.kabid).get(f"{QUEUE}excel/?tahun=2020")
        sheet = load_workbook(BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert len(rows) == 2
        assert rows[1][:5] == ("BLU-2020-01", "=1+1", "Kabupaten Belu", 1, 30_000_000)
        assert sheet["B2"].data_type == "s"

    @pytest.mark.parametrize("lines", [3, 30])
    def test_the_page_of_one_proposal(self, cast, client_of, assert_queries, lines):
        proposal = make_proposal(status="diajukan", lines=lines)
        make_submission(proposal)
        for number in range(lines):
            first = proposal.submissions.get(number=1)
            proposal.return_points.create(submission=first, field="title", note=f"Butir {number}", by=cast.kabid)
            comment(proposal, f"Komentar {number}", by=cast.kabid)
        client = client_of(cast.verifikator)
        client.get(page_of(proposal))
        with assert_queries(21):
            assert client.get(page_of(proposal)).status_code == 200

    @pytest.mark.parametrize("number", [22, 2200])
    def test_budget_is_constant(self, cast, client_of, assert_queries, number):
        one = make_proposal(status="diajukan")
        rows = [
            Proposal(regency=one.regency, year=2020, number=n, title=f"U{n}", status="diajukan", sent_at=one.sent_at,
                     sent_by=one.sent_by, sector=one.sector, sub_activity=one.sub_activity)
            for n in range(2, number + 1)
        ]  # fmt: skip
        Proposal.objects.bulk_create(rows)
        content = one.submissions.get().content
        Submission.objects.bulk_create(
            Submission(proposal=row, number=1, content=content, title=row.title, budget_rupiah=1, sent_at=one.sent_at,
                       sent_by=cast.kadis_belu)
            for row in rows
        )  # fmt: skip
        client = client_of(cast.verifikator)
        client.get(QUEUE)
        with assert_queries(16):
            assert client.get(QUEUE).status_code == 200

    def test_hostile_inputs(self, cast, client_of, proposal):
        client = client_of(cast.kabid)
        nasty = ["", "'", "0", "-1", "9" * 30, "\x00", "<script>", "💥" * 50, "a" * 5000, "%00", "2020.5"]
        for value in nasty:
            for name in ("tahun", "lingkup", "kabupaten", "sumber", "sektor", "sub", "status", "sort", "q", "page"):
                assert client.get(QUEUE, {name: value}).status_code == 200
            for path in (f"{QUEUE}excel/", f"{QUEUE}siap-desk/"):
                assert client.get(path, {"tahun": value, "kabupaten": value, "q": value}).status_code == 200
            assert client.get(page_of(proposal), {"baris": value}).status_code == 200
            assert client.get(f"/usulan/{proposal.pk}/versi/", {"dari": value, "ke": value}).status_code == 200
            posts = {
                "bagi/": {"proposal": value, "verifier": value, "kembali": value},
                f"{proposal.pk}/nilai/": {"step-bahan_baku": value, "base-bahan_baku": value, "why-bahan_baku": value},
                f"{proposal.pk}/kembalikan/": return_data((value, value or "x"), submission=value, note=""),
                f"{proposal.pk}/catatan/": {"text": value, "client_key": value},
                "rubrik/baru/": {"name": value, "weight": value, "tingkat-TOTAL_FORMS": value},
            }
            for path, data in posts.items():
                answer = client.post(QUEUE + path, data)
                assert answer.status_code in (302, 409, 422), (path, value, answer.status_code)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def run(self, *works) -> list[object]:
        results: list[object] = [None] * len(works)
        gate = threading.Barrier(len(works))

        def at_once(place: int, work) -> None:
            gate.wait()
            try:
                results[place] = work()
            except Exception as error:  # noqa: BLE001  the test looks at whatever came
                results[place] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=at_once, args=pair) for pair in enumerate(works)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        return results

    def test_two_take_two_different_ones(self, cast, colleague):
        for _n in range(2):
            make_proposal(status="diajukan")
        taken = self.run(lambda: take_next(2020, by=cast.verifikator), lambda: take_next(2020, by=colleague))
        assert len({row.pk for row in taken}) == 2

    def test_two_pass_while_one_takes_points_back(self, cast):
        proposal = make_proposal(status="diajukan")
        score_proposal(proposal, best(), by=cast.verifikator)
        results = self.run(
            lambda: pass_proposal(proposal, by=cast.verifikator),
            lambda: pass_proposal(proposal, by=cast.kabid),
            lambda: score_proposal(proposal, {"bahan_baku": None}, by=cast.kabid),
        )
        proposal.refresh_from_db()
        assert sum(isinstance(result, Blocked) for result in results) in (1, 2)
        assert proposal.status in ("lolos", "diajukan")
        assert (proposal.status == "lolos") is (proposal.score is not None)
        errors = [result for result in results if isinstance(result, Exception)]
        assert all(isinstance(error, Blocked) for error in errors)


class TestRubric:
    def values(self, item: RubricItem, **changed: object) -> dict[str, object]:
        names = ("name", "explanation", "weight", "position", "must_pass", "is_active")
        return {name: getattr(item, name) for name in names} | changed

    def steps(self, item: RubricItem, *points: int) -> list[dict[str, object]]:
        return [
            {"id": step.pk, "label": step.label, "points": new}
            for step, new in zip(item.steps.all(), points, strict=True)
        ]

    def test_weights_change_open_proposals(self, cast, proposal):
        item = RubricItem.objects.get(key="bahan_baku")
        score_proposal(proposal, best(), by=cast.verifikator)
        save_item(item, self.values(item, weight=20), self.steps(item, 20, 8, 0), version=1, by=cast.kabid)
        proposal.refresh_from_db()
        assert proposal.score == 80
        entry = Entry.objects.about(item).get()
        assert entry.changes["bobot"] == [10, 20] and "Salah satu tersedia 8" in entry.changes["Tingkat"][1]
        item.refresh_from_db()
        save_item(item, self.values(item, is_active=False), self.steps(item, 20, 8, 0), version=2, by=cast.kabid)
        proposal.refresh_from_db()
        assert proposal.score == 60

    def test_computed_points_change_too(self, cast, proposal):
        item = RubricItem.objects.get(key="prioritas")
        score_proposal(proposal, best(), by=cast.verifikator)
        save_item(item, self.values(item, weight=40), self.steps(item, 40, 25, 0), version=1, by=cast.kabid)
        proposal.refresh_from_db()
        assert proposal.score == 85

    def test_only_the_division_head_and_only_once(self, cast, proposal):
        item = RubricItem.objects.get(key="bahan_baku")
        for who in ("verifikator", "panitia", "kadis_prov", "admin", "operator_belu"):
            with pytest.raises(Denied):
                save_item(item, self.values(item), [], version=1, by=cast[who])
        save_item(item, self.values(item, name="Baru"), self.steps(item, 10, 5, 0), version=1, by=cast.kabid)
        with pytest.raises(StaleVersion):
            save_item(item, self.values(item, name="Lama"), self.steps(item, 10, 5, 0), version=1, by=cast.kabid)

    def test_what_does_not_fit(self, cast):
        item, files = RubricItem.objects.get(key="bahan_baku"), RubricItem.objects.get(key="kesiapan")
        benefit = RubricItem.objects.get(key="manfaat")
        for row, steps, sentence in (
            (item, self.steps(item, 9, 5, 0), "harus sama dengan bobot"),
            (item, [], "Isi 2 sampai 8 tingkat"),
            (files, [{"label": "x", "points": 20}], "tidak memakai tingkat"),
            (benefit, self.steps(benefit, 15, 10, 5, 0)[:3], "dihitung otomatis dengan 4 tingkat"),
            (benefit, self.steps(benefit, 0, 5, 10, 15), "Urutkan tingkat"),
        ):
            with pytest.raises(Blocked, match=sentence):
                save_item(row, self.values(row), steps, version=1, by=cast.kabid)

    def test_a_new_indicator_is_missing_everywhere(self, cast, client_of, proposal):
        score_proposal(proposal, best(), by=cast.verifikator)
        data = {
            "name": "Baru", "explanation": "", "weight": "5", "is_active": "on", "version": "0",
            "tingkat-TOTAL_FORMS": 3, "tingkat-INITIAL_FORMS": 0, "tingkat-0-label": "Ya", "tingkat-0-points": "5",
            "tingkat-1-label": "Tidak", "tingkat-1-points": "0", "tingkat-2-label": "", "tingkat-2-points": "",
        }  # fmt: skip
        client = client_of(cast.kabid)
        assert client.post(f"{QUEUE}rubrik/baru/", data | {"tingkat-0-points": "4"}).status_code == 422
        assert client.post(f"{QUEUE}rubrik/baru/", data).status_code == 302
        item = RubricItem.objects.get(name="Baru")
        assert (item.key, item.position, [step.points for step in item.steps.all()]) == ("baru-2", 8, [5, 0])
        proposal.refresh_from_db()
        assert proposal.score is None
        assert "Jumlah bobot yang dipakai 105" in client.get(f"{QUEUE}rubrik/").content.decode()
        assert client.get(f"{QUEUE}rubrik/{item.key}/").status_code == 200
