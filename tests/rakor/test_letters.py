"""Letters: who signs which, who may move them on, and that every recipient's copy has a number of its own."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from portal.documents.models import Document
from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions import letters as actions
from rakor.facts.addressees import names_head_of_region
from rakor.models import Letter, LetterCopy, Meeting
from rakor.queries import letters as queries
from rakor.queries.signers import on_behalf_for, signers_for, usual_signer
from regencies.models import LetterNumber, Position
from regencies.queries import register_for
from tests.cast import Cast
from tests.factories import lead_agency, make_meeting, make_position, make_user
from tests.factories_letter_moves import make_province_head, moved_letter
from tests.factories_letters import make_invitation

pytestmark = pytest.mark.django_db
TODAY = dt.date.today()
YESTERDAY = TODAY - dt.timedelta(days=1)


# -- the right signer -------------------------------------------------------------------------------------------------


def test_each_group_has_its_signers(cast: Cast) -> None:
    secretary, governor = make_province_head(), make_province_head("Gubernur Nusa Tenggara Timur", "gubernur")
    head = cast.kadis_prov.positions.get()
    for group in ("kadis_kab", "instansi", ""):
        assert list(signers_for(group, TODAY)) == [head]
    assert list(signers_for("kepala_daerah", TODAY)) == [secretary, governor]
    assert on_behalf_for("kepala_daerah", secretary) == "Gubernur Nusa Tenggara Timur"
    assert on_behalf_for("kepala_daerah", governor) == ""
    assert on_behalf_for("kadis_kab", head) == ""


def test_a_bupati_is_no_signer_of_the_province(cast: Cast) -> None:
    assert cast.bupati_belu.positions.get().role == "pimpinan"
    assert not signers_for("kepala_daerah", TODAY).exists()


def test_a_stand_in_goes_before_the_head(cast: Cast) -> None:
    acting = make_position(make_user("plh"), "kadis_prov", lead_agency(), title="Kepala Dinas", standing="plh",
                           starts_on=YESTERDAY)  # fmt: skip
    assert usual_signer("kadis_kab", TODAY) == acting
    assert cast.kadis_prov.positions.get() in signers_for("kadis_kab", TODAY)


@pytest.mark.parametrize("group", ["kadis_kab", "kepala_daerah", "instansi"])
def test_no_verb_takes_the_signer_of_another_group(cast: Cast, group: str) -> None:
    head, secretary = cast.kadis_prov.positions.get(), make_province_head()
    wrong = head if group == "kepala_daerah" else secretary
    with pytest.raises(Blocked, match="ditandatangani"):
        moved_letter(cast, group=group, signer=wrong)
    letter = moved_letter(cast, group=group, meeting=make_meeting(slug="lain", status="terjadwal"))
    for other in (wrong, cast.kabid.positions.get(), cast.bupati_belu.positions.get()):
        with pytest.raises(Blocked, match="ditandatangani"):
            actions.save_letter(letter, {"signer": other}, by=cast.panitia, base_version=letter.version)


@pytest.mark.parametrize("move", ["initial", "approve"])
def test_a_signer_written_past_the_verbs_stops_the_letter(cast: Cast, move: str) -> None:
    letter = moved_letter(cast, "konsep" if move == "initial" else "diparaf", group="kepala_daerah")
    Letter.objects.filter(pk=letter.pk).update(signer=cast.kadis_prov.positions.get())
    with pytest.raises(Blocked, match="Gubernur"):
        actions.move_letter(letter, move, by=cast.kabid if move == "initial" else cast.kadis_prov)
    assert not LetterNumber.objects.exists()


def test_a_signer_who_left_office_signs_nothing_more(cast: Cast) -> None:
    letter = moved_letter(cast, "diparaf")
    Position.objects.filter(pk=letter.signer_id).update(ends_on=YESTERDAY)
    make_position(make_user("baru"), "kadis_prov", lead_agency(), title="Kepala Dinas", starts_on=TODAY)
    approver = make_user("penyetuju")
    make_position(approver, "kadis_prov", lead_agency(), title="Kepala Dinas", standing="plh")
    with pytest.raises(Blocked, match="sedang menjabat"):
        actions.move_letter(letter, "approve", by=approver)
    assert LetterCopy.objects.count() == 0


def test_for_whom_a_letter_is_signed_is_not_typed(cast: Cast) -> None:
    letter = moved_letter(cast, group="kepala_daerah", on_behalf="Presiden")
    assert letter.on_behalf == "Gubernur Nusa Tenggara Timur"
    governor = make_province_head("Gubernur", "gubernur")
    letter = actions.save_letter(letter, {"signer": governor}, by=cast.panitia, base_version=1)
    assert letter.on_behalf == ""


@pytest.mark.parametrize(
    ("words", "head"),
    [("Bupati Belu", True), ("Yth. Pj. Bupati Belu", True), ("WALIKOTA Kupang", True), ("Wali  Kota Kupang", True),
     ("Bapak Wakil Bupati Ende", True), ("Gubernur Bali", True), ("Kepala Dinas Perindustrian", False),
     ("Sekretaris Daerah Kabupaten Belu", False), ("Kepala Bagian Protokol Bupati Belu", False), ("", False)],
)  # fmt: skip
def test_words_tell_a_head_of_region(words: str, head: bool) -> None:
    assert names_head_of_region(words) is head


def test_a_bupati_slipped_into_another_group_stops_the_letter(cast: Cast) -> None:
    letter = moved_letter(cast)
    make_invitation(letter.meeting, "53.01", addressee="Bupati Kupang")
    with pytest.raises(Blocked, match="Bupati Kupang adalah kepala daerah"):
        actions.move_letter(letter, "initial", by=cast.kabid)


# -- who may ----------------------------------------------------------------------------------------------------------


def test_three_people_stand_behind_a_letter(cast: Cast) -> None:
    letter = moved_letter(cast)
    for who in (cast.panitia, cast.kadis_prov, cast.admin, cast.kadis_belu, cast.observer):
        with pytest.raises(Denied):
            actions.move_letter(letter, "initial", by=who)
    actions.move_letter(letter, "initial", by=cast.kabid)
    for who in (cast.panitia, cast.kabid, cast.admin):
        with pytest.raises(Denied):
            actions.move_letter(letter, "approve", by=who)


def test_nobody_initials_or_approves_his_own_letter(cast: Cast) -> None:
    make_position(cast.panitia, "kabid_prov", lead_agency(), title="Kepala Bidang")
    letter = moved_letter(cast)
    with pytest.raises(Denied, match="tidak memaraf suratnya sendiri"):
        actions.move_letter(letter, "initial", by=cast.panitia)
    actions.move_letter(letter, "initial", by=cast.kabid)
    make_position(cast.kabid, "kadis_prov", lead_agency(), title="Kepala Dinas", standing="plh")
    cast.kabid.__dict__.pop("hats", None)
    with pytest.raises(Denied, match="bukan penyusun"):
        actions.move_letter(letter, "approve", by=cast.kabid)


def test_who_changed_the_text_does_not_approve_it_as_stand_in(cast: Cast) -> None:
    letter = moved_letter(cast)
    other = make_user("kabid_dua")
    make_position(other, "kabid_prov", lead_agency(), title="Kepala Bidang")
    actions.save_letter(letter, {"subject": "Undangan baru"}, by=cast.kabid, base_version=1)
    actions.move_letter(letter, "initial", by=other)
    make_position(cast.kabid, "kadis_prov", lead_agency(), title="Kepala Dinas", standing="plh")
    with pytest.raises(Denied, match="ikut menulis"):
        actions.move_letter(letter, "approve", by=cast.kabid)
    assert actions.move_letter(letter, "approve", by=cast.kadis_prov).status == "disetujui"


@pytest.mark.parametrize("name", ["kadis_prov", "notulis", "verifikator", "admin", "operator_belu", "stranger"])
def test_only_panitia_and_kabid_write(cast: Cast, name: str) -> None:
    with pytest.raises(Denied):
        actions.draft_letter(make_meeting(), "undangan", {"group": "instansi", "subject": "x"}, by=cast[name])
    letter = moved_letter(cast, meeting=make_meeting(slug="dua", status="terjadwal"))
    with pytest.raises(Denied):
        actions.save_letter(letter, {"subject": "Lain"}, by=cast[name], base_version=1)


# -- numbers ----------------------------------------------------------------------------------------------------------


def test_every_recipient_gets_a_copy_with_a_number_and_a_paper(cast: Cast) -> None:
    letter = moved_letter(cast, "disetujui")
    copies = list(letter.copies.select_related("number", "document"))
    assert [copy.number.sequence for copy in copies] == [1, 2]
    assert {copy.number.register for copy in copies} == {register_for("surat-keluar")}
    assert {copy.number.on for copy in copies} == {TODAY} == {letter.dated_on}
    assert [copy.addressee for copy in copies] == [
        "Kepala Dinas Perindustrian Kabupaten Belu",
        "Kepala Dinas Perindustrian Kabupaten Ende",
    ]
    assert len({copy.document_id for copy in copies}) == 2
    assert {copy.sent_at for copy in copies} == {None}


def test_an_own_classification_is_printed_in_the_number(cast: Cast) -> None:
    letter = moved_letter(cast, "disetujui", classification="005")
    assert letter.copies.first().number.text.startswith("005/1/")


def test_nothing_is_sent_before_it_is_approved(cast: Cast) -> None:
    for status in ("konsep", "diparaf"):
        letter = moved_letter(cast, status, meeting=make_meeting(slug=status, status="terjadwal"))
        with pytest.raises(Blocked, match="tidak dapat dilakukan"):
            actions.move_letter(letter, "send", by=cast.panitia)


def test_sending_dates_every_copy(cast: Cast) -> None:
    letter = moved_letter(cast, "terkirim")
    assert set(letter.copies.values_list("sent_at", flat=True)) == {letter.sent_at}


def test_a_letter_whose_paper_failed_is_not_sent(cast: Cast) -> None:
    letter = moved_letter(cast, "disetujui")
    paper = letter.copies.first().document
    Document.objects.filter(pk=paper.pk).update(status="failed", error="Rusak.")
    with pytest.raises(Blocked, match="1 surat gagal dicetak"):
        actions.move_letter(letter, "send", by=cast.panitia)


def test_a_cancelled_letter_leaves_gaps_with_the_reason(cast: Cast) -> None:
    letter = moved_letter(cast, "disetujui")
    with pytest.raises(Denied):
        actions.move_letter(letter, "cancel", by=cast.panitia, note="Salah tanggal")
    actions.move_letter(letter, "cancel", by=cast.kadis_prov, note="Salah tanggal")
    assert set(LetterNumber.objects.values_list("void_reason", flat=True)) == {"Salah tanggal"}
    assert not letter.copies.standing().exists()
    again = moved_letter(cast, "disetujui", meeting=letter.meeting)
    assert [copy.number.sequence for copy in again.copies.all()] == [3, 4]


def test_a_sent_letter_is_not_cancelled(cast: Cast) -> None:
    letter = moved_letter(cast, "terkirim")
    with pytest.raises(Blocked):
        actions.move_letter(letter, "cancel", by=cast.panitia, note="Salah")


def test_approving_twice_numbers_once(cast: Cast) -> None:
    letter = moved_letter(cast, "diparaf")
    stale = Letter.objects.get(pk=letter.pk)
    actions.move_letter(letter, "approve", by=cast.kadis_prov)
    with pytest.raises(Blocked, match="sudah berstatus"):
        actions.move_letter(stale, "approve", by=cast.kadis_prov)
    assert LetterNumber.objects.count() == 2


# -- drafts -----------------------------------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_letter(cast: Cast) -> None:
    meeting, key = make_meeting(), uuid.uuid4()
    values = {"group": "instansi", "subject": "Undangan", "content": {}}
    found = [actions.draft_letter(meeting, "undangan", values, by=cast.panitia, client_key=key) for _each in "ab"]
    assert found[0] == found[1]
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "group"), [("undangan", ""), ("undangan", "siapa"), ("sk_panitia", "kadis_kab"), ("laporan_panitia", "x")]
)
def test_kinds_and_groups_fit(cast: Cast, kind: str, group: str) -> None:
    with pytest.raises(Blocked):
        actions.draft_letter(make_meeting(), kind, {"group": group, "subject": "x", "content": {}}, by=cast.panitia)


def test_an_edition_has_one_decree(cast: Cast) -> None:
    meeting, values = make_meeting(), {"subject": "Pembentukan panitia", "content": {}}
    first = actions.draft_letter(meeting, "sk_panitia", values, by=cast.panitia)
    assert first.register == register_for("sk")
    with pytest.raises(Blocked, match="sudah mempunyai"):
        actions.draft_letter(meeting, "sk_panitia", values, by=cast.panitia)


def test_who_saves_too_late_sees_both(cast: Cast) -> None:
    letter = moved_letter(cast)
    actions.save_letter(letter, {"subject": "Undangan A"}, by=cast.panitia, base_version=1)
    with pytest.raises(StaleVersion) as late:
        actions.save_letter(letter, {"subject": "Undangan B"}, by=cast.kabid, base_version=1)
    assert (late.value.current.subject, late.value.yours["subject"]) == ("Undangan A", "Undangan B")


def test_another_text_than_was_read_is_not_initialled(cast: Cast) -> None:
    letter = moved_letter(cast)
    actions.save_letter(letter, {"subject": "Undangan A"}, by=cast.panitia, base_version=1)
    with pytest.raises(StaleVersion):
        actions.move_letter(letter, "initial", by=cast.kabid, base_version=1)


def test_an_initialled_letter_is_not_written(cast: Cast) -> None:
    letter = moved_letter(cast, "diparaf")
    with pytest.raises(Denied, match="sudah diparaf"):
        actions.save_letter(letter, {"subject": "Lain"}, by=cast.panitia, base_version=1)
    actions.move_letter(letter, "return", by=cast.kadis_prov, note="Perbaiki tempat")
    assert actions.save_letter(letter, {"subject": "Lain"}, by=cast.panitia, base_version=1).subject == "Lain"


def test_the_journal_tells_which_part_changed(cast: Cast) -> None:
    from portal.journal.queries import history_of

    letter = moved_letter(cast)
    content = {**letter.content, "venue": "Aula Baru"}
    actions.save_letter(letter, {"content": content}, by=cast.panitia, base_version=1)
    assert history_of(letter)[0]["changes"] == [("Tempat", "Hotel Matahari, Atambua", "Aula Baru")]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"venue": ""}, "belum diisi"), ({"agenda": []}, "belum diisi"), ({"ends_on": "2019-04-01"}, "mendahului")],
)
def test_what_is_missing_is_said(cast: Cast, change: dict[str, Any], sentence: str) -> None:
    letter = moved_letter(cast)
    letter.content = {**letter.content, **change}
    assert sentence in " ".join(queries.missing_parts(letter))


def test_a_new_letter_is_ready_to_be_read(cast: Cast) -> None:
    letter = moved_letter(cast, group="kepala_daerah")
    assert queries.missing_parts(letter) == []
    assert "Gubernur Nusa Tenggara Timur" in letter.content["copies_to"][0]


# -- the edition ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["selesai", "arsip", "dibatalkan"])
def test_an_edition_that_is_over_sends_no_invitation(cast: Cast, status: str) -> None:
    letter = moved_letter(cast, "disetujui")
    reason = "Dana tidak tersedia" if status == "dibatalkan" else ""
    Meeting.objects.filter(pk=letter.meeting_id).update(status=status, cancelled_reason=reason)
    with pytest.raises(Denied, match="tidak mengirim surat lagi"):
        actions.move_letter(Letter.objects.get(pk=letter.pk), "send", by=cast.panitia)
    assert not letter.copies.filter(sent_at__isnull=False).exists()


def test_an_edition_with_numbered_letters_is_not_deleted(cast: Cast) -> None:
    from rakor.actions.meetings import delete_meeting
    from rakor.actions.recipients import replace_recipient

    meeting = make_meeting()
    first = make_invitation(meeting)
    replace_recipient(first, {"addressee": "Kepala Dinas Baru"}, "Salah", by=cast.panitia)
    letter = moved_letter(cast, "diparaf", meeting=meeting)
    lettered = moved_letter(cast, "disetujui", meeting=make_meeting(slug="lain"))
    with pytest.raises(Blocked, match="surat bernomor"):
        delete_meeting(lettered.meeting, by=cast.panitia)
    delete_meeting(meeting, by=cast.panitia)
    assert not Letter.objects.filter(pk=letter.pk).exists()
