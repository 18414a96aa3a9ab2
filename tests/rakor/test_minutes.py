"""Minutes: entries, conflicts, history, moves, the paper; every sentence of the issue that the server can prove."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from portal.documents.models import Document
from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions.minutes import (
    delete_entry,
    move_entry,
    save_entry,
    save_head,
    start_minutes,
    undelete_entry,
)  # fmt: skip
from rakor.actions.minutes_conflicts import restore_revision, settle_conflict
from rakor.actions.minutes_drafts import close_draft, save_draft
from rakor.actions.minutes_moves import move_minutes, print_collection, print_draft
from rakor.models import EntryDraft, MinuteEntry, Minutes
from regencies.models import Position
from tests import factories

pytestmark = pytest.mark.django_db


def words(text: str = "Data IKM disampaikan.", **values) -> dict:
    blank = dict.fromkeys(MinuteEntry.TEXT_FIELDS, "") | {"kind": "pembahasan", "due_on": None, "text": text}
    return blank | values


def position(person) -> Position:
    return Position.objects.get(person=person)


@pytest.fixture
def session(published_meeting):
    return published_meeting.sessions.get(kind="pleno")


@pytest.fixture
def minutes(session, cast) -> Minutes:
    return start_minutes(session, by=cast.notulis)


@pytest.fixture
def complete(minutes, cast) -> Minutes:
    """Minutes that may be submitted."""
    save_entry(minutes, words(), by=cast.notulis)
    Minutes.objects.filter(pk=minutes.pk).update(chair=position(cast.kadis_prov))
    minutes.refresh_from_db()
    return minutes


def finalised(minutes: Minutes, cast) -> Minutes:
    move_minutes(minutes, "submit", by=cast.notulis)
    move_minutes(minutes, "finalise", by=cast.kabid)
    return Minutes.objects.get(pk=minutes.pk)


# -- beginning and head -----------------------------------------------------------------------------------------------


def test_begins_once_with_the_times_of_the_session_and_the_writer_as_recorder(session, cast):
    first = start_minutes(session, by=cast.notulis)
    again = start_minutes(session, by=cast.panitia)
    assert first == again
    assert (first.opened_at, first.closed_at) == (session.starts_at, session.ends_at)
    assert first.called_at == session.starts_at
    assert first.recorder == position(cast.notulis)
    assert Entry.objects.about(first).count() == 1


@pytest.mark.parametrize("who", ["admin", "kabid", "kadis_prov", "operator_belu", "observer", "stranger"])
def test_only_minute_takers_begin(session, cast, who):
    with pytest.raises(Denied):
        start_minutes(session, by=cast[who])


def test_head_saved_twice_at_once_overwrites_nothing(minutes, cast):
    head = {"attendance": "22 kabupaten/kota", "chair": position(cast.kadis_prov)}
    save_head(minutes, head, head_version=1, by=cast.notulis)
    with pytest.raises(StaleVersion):
        save_head(minutes, {"attendance": "lain"}, head_version=1, by=cast.panitia)
    minutes.refresh_from_db()
    assert minutes.attendance == "22 kabupaten/kota"
    save_head(minutes, head, head_version=1, by=cast.panitia)  # the same content is no conflict


# -- entries ----------------------------------------------------------------------------------------------------------


def test_a_new_entry_sent_twice_is_stored_once(minutes, cast):
    key = uuid.uuid4()
    first = save_entry(minutes, words(), by=cast.notulis, key=key)
    again = save_entry(minutes, words(), by=cast.notulis, key=key)
    assert first == again
    assert minutes.entries.count() == 1
    assert first.revisions.count() == 1


def test_a_lost_answer_of_an_edit_is_no_conflict_even_after_somebody_else_saved(minutes, cast):
    entry = save_entry(minutes, words("satu"), by=cast.notulis)
    save_entry(minutes, words("dua"), by=cast.notulis, entry_id=entry.pk, base_version=1)
    save_entry(minutes, words("tiga"), by=cast.panitia, entry_id=entry.pk, base_version=2)
    same = save_entry(minutes, words("dua"), by=cast.notulis, entry_id=entry.pk, base_version=1)
    assert same.text == "tiga"
    assert entry.revisions.count() == 3


def test_an_outdated_save_overwrites_nothing_and_keeps_the_losing_text(minutes, cast):
    entry = save_entry(minutes, words("asal"), by=cast.notulis)
    save_entry(minutes, words("milik panitia"), by=cast.panitia, entry_id=entry.pk, base_version=1)
    for _time in range(2):  # sent again: kept once
        with pytest.raises(StaleVersion) as caught:
            save_entry(minutes, words("milik notulis"), by=cast.notulis, entry_id=entry.pk, base_version=1)
    assert "Panitia Contoh" in str(caught.value)
    entry.refresh_from_db()
    assert entry.text == "milik panitia"
    kept = entry.revisions.get(kept_from_conflict=True)
    assert (kept.text, kept.by) == ("milik notulis", cast.notulis)


@pytest.mark.parametrize(
    ("choice", "outcome"),
    [
        ("mine", ("milik notulis", "milik notulis", {"milik panitia"})),
        ("stored", ("milik notulis", "milik panitia", {"milik notulis"})),
        ("merged", ("gabungan", "gabungan", {"milik notulis", "milik panitia"})),
    ],
)
def test_settling_a_conflict_keeps_what_gives_way(minutes, cast, choice, outcome):
    sent, stored, lost = outcome
    entry = save_entry(minutes, words("asal"), by=cast.notulis)
    save_entry(minutes, words("milik panitia"), by=cast.panitia, entry_id=entry.pk, base_version=1)
    with pytest.raises(StaleVersion):
        save_entry(minutes, words("milik notulis"), by=cast.notulis, entry_id=entry.pk, base_version=1)
    settle_conflict(minutes, entry.pk, choice, words(sent), base_version=2, by=cast.notulis)
    entry.refresh_from_db()
    assert entry.text == stored
    assert set(entry.revisions.filter(kept_from_conflict=True).values_list("text", flat=True)) == lost
    texts = set(entry.revisions.values_list("text", flat=True))
    assert {"asal", "milik panitia", "milik notulis"} <= texts


def test_a_choice_made_on_an_outdated_comparison_is_a_new_conflict(minutes, cast):
    entry = save_entry(minutes, words("asal"), by=cast.notulis)
    save_entry(minutes, words("dua"), by=cast.panitia, entry_id=entry.pk, base_version=1)
    save_entry(minutes, words("tiga"), by=cast.panitia, entry_id=entry.pk, base_version=2)
    with pytest.raises(StaleVersion):
        settle_conflict(minutes, entry.pk, "mine", words("punya saya"), base_version=2, by=cast.notulis)
    entry.refresh_from_db()
    assert entry.text == "tiga"
    assert entry.revisions.filter(text="punya saya", kept_from_conflict=True).exists()


def test_an_edit_of_a_deleted_entry_is_kept_and_can_bring_it_back(minutes, cast):
    entry = save_entry(minutes, words("asal"), by=cast.notulis)
    delete_entry(minutes, entry.pk, base_version=1, by=cast.panitia)
    with pytest.raises(StaleVersion, match="dihapus oleh Panitia Contoh"):
        save_entry(minutes, words("teks saya"), by=cast.notulis, entry_id=entry.pk, base_version=1)
    settle_conflict(minutes, entry.pk, "mine", words("teks saya"), base_version=1, by=cast.notulis)
    entry.refresh_from_db()
    assert (entry.deleted_at, entry.text) == (None, "teks saya")


def test_nobody_deletes_what_somebody_has_just_changed(minutes, cast):
    entry = save_entry(minutes, words("asal"), by=cast.notulis)
    save_entry(minutes, words("baru"), by=cast.panitia, entry_id=entry.pk, base_version=1)
    with pytest.raises(Blocked, match="Panitia Contoh"):
        delete_entry(minutes, entry.pk, base_version=1, by=cast.notulis)


def test_delete_and_undo(minutes, cast):
    entry = save_entry(minutes, words(), by=cast.notulis)
    delete_entry(minutes, entry.pk, base_version=1, by=cast.notulis)
    assert not minutes.entries.kept().exists()
    undelete_entry(minutes, entry.pk, by=cast.notulis)
    assert minutes.entries.kept().get() == entry


def test_reordering_is_relative_so_two_people_both_get_what_they_meant(minutes, cast):
    a, b, c, d = (save_entry(minutes, words(letter), by=cast.notulis).pk for letter in "abcd")
    move_entry(minutes, d, before=a, by=cast.notulis)
    assert move_entry(minutes, a, before=None, by=cast.panitia) == [d, b, c, a]
    assert list(minutes.entries.kept().values_list("pk", flat=True)) == [d, b, c, a]


def test_restoring_an_old_version_makes_a_new_one(minutes, cast):
    entry = save_entry(minutes, words("satu"), by=cast.notulis)
    save_entry(minutes, words("dua"), by=cast.notulis, entry_id=entry.pk, base_version=1)
    old = entry.revisions.get(version=1)
    restored = restore_revision(minutes, old, base_version=2, by=cast.panitia)
    assert (restored.text, restored.version) == ("satu", 3)
    assert entry.revisions.get(version=3).restored_from == 1
    with pytest.raises(Blocked):
        restore_revision(minutes, old, base_version=2, by=cast.panitia)


def test_each_verb_writes_one_journal_entry(minutes, cast):
    before = Entry.objects.count()
    entry = save_entry(minutes, words(), by=cast.notulis)
    save_entry(minutes, words("baru"), by=cast.notulis, entry_id=entry.pk, base_version=1)
    delete_entry(minutes, entry.pk, base_version=2, by=cast.notulis)
    undelete_entry(minutes, entry.pk, by=cast.notulis)
    assert Entry.objects.count() == before + 4


# -- drafts -----------------------------------------------------------------------------------------------------------


def test_a_late_draft_does_not_overwrite_a_newer_one(minutes, cast):
    key = str(uuid.uuid4())
    save_draft(minutes, key, words("lama dan panjang"), base_version=0, seq=20, by=cast.notulis)
    stored = save_draft(minutes, key, words("lama"), base_version=0, seq=10, by=cast.notulis)
    assert (stored.text, stored.seq) == ("lama dan panjang", 20)


def test_saving_ends_the_draft_and_a_request_still_under_way_does_not_bring_it_back(minutes, cast):
    key = uuid.uuid4()
    save_draft(minutes, str(key), words("sedang"), base_version=0, seq=10, by=cast.notulis)
    save_entry(minutes, words("selesai"), by=cast.notulis, key=key, seq=12)
    save_draft(minutes, str(key), words("sedang d"), base_version=0, seq=11, by=cast.notulis)
    assert not EntryDraft.objects.open().exists()
    save_draft(minutes, str(key), words("lanjut"), base_version=0, seq=13, by=cast.notulis)
    assert EntryDraft.objects.open().get().text == "lanjut"
    close_draft(minutes, str(key), seq=14, by=cast.notulis)
    assert not EntryDraft.objects.open().exists()


def test_drafts_are_kept_even_when_the_minutes_are_locked(complete, cast):
    finalised(complete, cast)
    save_draft(complete, str(uuid.uuid4()), words("terlambat"), base_version=0, seq=1, by=cast.notulis)
    assert EntryDraft.objects.open().get().author == cast.notulis


# -- moves ------------------------------------------------------------------------------------------------------------


def test_incomplete_minutes_are_not_submitted_and_the_sentence_says_what_is_missing(minutes, cast):
    with pytest.raises(Blocked, match="sekurang-kurangnya satu butir; pimpinan sidang"):
        move_minutes(minutes, "submit", by=cast.notulis)
    save_entry(minutes, words(kind="tindak_lanjut"), by=cast.notulis)
    with pytest.raises(Blocked, match="penanggung jawab pada butir 1; batas waktu pada butir 1"):
        move_minutes(minutes, "submit", by=cast.notulis)


def test_the_life_of_a_notula(complete, cast, django_capture_on_commit_callbacks):
    move_minutes(complete, "submit", by=cast.notulis)
    with pytest.raises(Denied, match="sedang diperiksa"):
        save_entry(complete, words("terlambat"), by=cast.notulis)
    with pytest.raises(Blocked, match="Alasan"):
        move_minutes(complete, "return", by=cast.kabid)
    move_minutes(complete, "return", by=cast.kabid, note="Lengkapi peserta.")
    final = finalised(complete, cast)
    assert (final.status, final.version, final.chair, final.recorder) == (
        "final", 1, position(cast.kadis_prov), position(cast.notulis),
    )  # fmt: skip
    release = final.releases.get()
    assert release.document.facts["status"] == "Final"
    with pytest.raises(Denied, match="final dan terkunci"):
        save_entry(final, words("terlambat"), by=cast.notulis)

    move_minutes(final, "reopen", by=cast.kadis_prov, note="Nama pembicara keliru.")
    save_entry(final, words("tambahan"), by=cast.panitia)
    second = finalised(final, cast)
    assert second.version == 2
    newest, oldest = second.releases.all()
    assert (newest.version, newest.reason) == (2, "")
    assert (oldest.version, oldest.reason) == (1, "Nama pembicara keliru.")
    assert newest.document != oldest.document


@pytest.mark.parametrize("move", ["finalise", "return"])
@pytest.mark.parametrize("who", ["notulis", "panitia", "admin", "operator_belu", "observer"])
def test_only_heads_check_and_finalise(complete, cast, who, move):
    move_minutes(complete, "submit", by=cast.notulis)
    with pytest.raises(Denied):
        move_minutes(complete, move, by=cast[who], note="x")


def test_who_wrote_an_entry_does_not_finalise_it(complete, cast):
    factories.make_position(cast.kabid, "panitia", factories.lead_agency())
    save_entry(complete, words("ditulis kabid"), by=cast.kabid)
    move_minutes(complete, "submit", by=cast.notulis)
    with pytest.raises(Denied, match="pejabat lain"):
        move_minutes(complete, "finalise", by=cast.kabid)
    move_minutes(complete, "finalise", by=cast.kadis_prov)


def test_a_chair_who_did_not_hold_the_position_that_day_cannot_sign(complete, cast):
    move_minutes(complete, "submit", by=cast.notulis)
    Position.objects.filter(pk=complete.chair_id).update(ends_on="2018-12-31")
    with pytest.raises(Blocked, match="tidak menjabat pada hari sidang"):
        move_minutes(complete, "finalise", by=cast.kabid)
    assert not Document.objects.exists()


@pytest.mark.parametrize("statement", ["insert", "update", "delete", "head", "gone"])
def test_the_database_itself_refuses_to_change_final_minutes(complete, cast, statement):
    final = finalised(complete, cast)
    entry = final.entries.get()
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        if statement == "insert":
            factories.make_entry(final)
        elif statement == "update":
            MinuteEntry.objects.filter(pk=entry.pk).update(text="diubah diam-diam")
        elif statement == "delete":
            MinuteEntry.objects.filter(pk=entry.pk)._raw_delete("default")
        elif statement == "head":
            Minutes.objects.filter(pk=final.pk).update(attendance="lain")
        else:
            Minutes.objects.filter(pk=final.pk)._raw_delete("default")


# -- papers -----------------------------------------------------------------------------------------------------------


def test_the_paper_says_what_the_minutes_say(complete, cast, session):
    save_entry(complete, words("**Selamat datang.**", kind="pembukaan", speaker="Ketua"), by=cast.notulis)
    save_entry(complete, words("Data belum mutakhir.", kind="permasalahan", source="Dinas Kominfo"), by=cast.notulis)
    save_entry(complete, words("Laporan tiap triwulan.", kind="keputusan"), by=cast.notulis)
    due = {"kind": "tindak_lanjut", "responsible": "Disperindag Prov. NTT", "due_on": session.ends_at.date()}
    save_entry(complete, words("Menyiapkan templat.", **due), by=cast.notulis)
    part = finalised(complete, cast).releases.get().document.facts["parts"][0]
    assert "<strong>Selamat datang.</strong>" in part["opening"]
    assert "Sumber: Dinas Kominfo" in part["problems"][0]["text"]
    assert part["discussion"][0]["speaker"] == "Catatan"
    assert part["place"] == "Aula, Hotel Matahari, Atambua"
    assert part["conclusions"] == ["<p>Laporan tiap triwulan.</p>\n"]
    assert part["follow_ups"] == [
        {"text": "<p>Menyiapkan templat.</p>\n", "owner": "Disperindag Prov. NTT", "due": "Rabu, 24 April 2019"}
    ]
    assert part["held_at"] == "10.00–11.00 WITA"
    assert "Kepala Dinas Contoh" in part["chair"]


def test_drafts_are_printed_as_konsep_for_the_province_only(complete, cast):
    paper = print_draft(complete, by=cast.notulis)
    assert paper.facts["status"] == "KONSEP"
    readers = {name for name in ("kabid", "admin", "operator_belu", "observer")
               if paper in Document.objects.visible_to(cast[name])}  # fmt: skip
    assert readers == {"kabid", "admin"}
    with pytest.raises(Denied):
        print_draft(complete, by=cast.operator_belu)


def test_a_draft_never_counts_as_a_newer_version_of_the_final_paper(complete, cast):
    final = finalised(complete, cast)
    release = final.releases.get()
    move_minutes(final, "reopen", by=cast.kadis_prov, note="Perbaikan.")
    print_draft(final, by=cast.notulis)
    assert Document.objects.of_subject(release.document).get() == release.document


def test_final_papers_are_for_every_position_also_after_reopening(complete, cast):
    final = finalised(complete, cast)
    paper = final.releases.get().document
    move_minutes(final, "reopen", by=cast.kadis_prov, note="Perbaikan.")
    for name in ("operator_belu", "kadis_ende", "observer", "notulis"):
        assert paper in Document.objects.visible_to(cast[name])
    assert paper not in Document.objects.visible_to(cast.stranger)


def test_the_public_summary_says_whether_the_version_still_holds_and_nothing_that_was_said(complete, cast):
    from rakor.queries.minutes_papers import notula_summary

    final = finalised(complete, cast)
    paper = final.releases.get().document
    assert dict(notula_summary(paper))["Keberlakuan"] == "Versi terakhir yang berlaku."
    move_minutes(final, "reopen", by=cast.kadis_prov, note="Perbaikan rahasia.")
    shown = str(notula_summary(paper))
    assert "dibuka kembali untuk perbaikan" in shown
    assert "rahasia" not in shown
    assert "Data IKM" not in shown
    assert "Contoh" not in shown
    finalised(final, cast)
    assert "digantikan oleh versi 2" in str(notula_summary(paper))


def test_the_collection_holds_all_final_minutes_in_order(complete, cast, published_meeting):
    with pytest.raises(Blocked):
        print_collection(published_meeting, by=cast.operator_belu)
    finalised(complete, cast)
    opening = start_minutes(published_meeting.sessions.get(kind="pembukaan"), by=cast.notulis)
    save_entry(opening, words("Dibuka."), by=cast.notulis)
    Minutes.objects.filter(pk=opening.pk).update(chair=position(cast.kadis_prov))
    finalised(opening, cast)
    paper = print_collection(published_meeting, by=cast.operator_belu)
    assert [part["title"] for part in paper.facts["parts"]] == ["Pembukaan", "Pleno"]
    assert paper in Document.objects.visible_to(cast.operator_ende)
    assert print_collection(published_meeting, by=cast.observer) == paper
