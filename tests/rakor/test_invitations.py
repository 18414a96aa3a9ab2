"""rakor.actions.invitations: an office answers, changes its mind, and hands in its surat tugas."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion, WrongFile
from rakor.actions import invitations as actions
from rakor.actions.invitations import accept, decline, open_copies
from rakor.facts.assignment import LARGEST, read_assignment
from rakor.models import Invitation, LetterCopy
from rakor.queries import invitations as queries
from regencies.models import Agency
from tests import factories
from tests.factories_guests import BUPATI, delegate, invite_agency, make_invitation, send

ON = dt.date(2019, 4, 20)
OTHERS = ["operator_ende", "bupati_belu", "tpl_belu", "notulis", "observer", "kadis_prov", "stranger"]


@pytest.fixture
def invited(published_meeting, cast):
    """The invitation of Belu, not answered."""
    return make_invitation(published_meeting, by=cast.panitia)


def photo(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(out, kind)
    return out.getvalue()


def paper(data: bytes | None = None, name: str = "tugas.jpg"):
    data = photo() if data is None else data
    return read_assignment(name, data, size=len(data))


def hand_in(invitation, number, on, file, *, by, seen=None):
    """The surat tugas handed in by somebody who saw what stands there now, or `seen`."""
    mark = Invitation.objects.get(pk=invitation.pk).assignment_mark if seen is None else seen
    return actions.attach_assignment(invitation, number, on, file, by=by, seen=mark)


def test_an_office_says_yes(invited, cast):
    answered = accept(invited, by=cast.operator_belu, base_version=1)
    assert (answered.answer, answered.answered_by, answered.version) == ("hadir", cast.operator_belu, 2)
    again = accept(invited, by=cast.operator_belu, base_version=1)
    assert again.version == 2
    assert Entry.objects.filter(verb="Menjawab undangan").count() == 1


def test_the_committee_answers_for_an_office_that_telephoned(invited, cast):
    assert decline(invited, "Ditelepon: berhalangan", by=cast.panitia, base_version=1).answer == "menolak"


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_answers(who, invited, cast):
    with pytest.raises(Denied):
        accept(invited, by=cast[who], base_version=1)


def test_heads_of_regions_and_agencies_answer_their_own(published_meeting, cast):
    head = make_invitation(published_meeting, by=cast.panitia, group=BUPATI)
    agency = invite_agency(published_meeting, Agency.objects.get(pk=cast.observer.hats[0].agency_id), by=cast.panitia)
    assert accept(head, by=cast.bupati_belu, base_version=1).answer == "hadir"
    assert accept(agency, by=cast.observer, base_version=1).answer == "hadir"
    with pytest.raises(Denied):
        accept(head, by=cast.kadis_belu, base_version=2)


def test_decline_then_accept_names_the_same_people_again(invited, cast):
    accept(invited, by=cast.operator_belu, base_version=1)
    place = delegate(invited, by=cast.operator_belu)
    invited.refresh_from_db()
    with pytest.raises(Blocked, match="Alasan"):
        decline(invited, " ", by=cast.operator_belu, base_version=invited.version)
    declined = decline(invited, "Kapal tidak berlayar", by=cast.operator_belu, base_version=invited.version)
    place.refresh_from_db()
    assert (declined.answer_reason, place.status, place.status_reason) == (
        "Kapal tidak berlayar", "batal", "Kapal tidak berlayar",
    )  # fmt: skip
    with pytest.raises(Blocked, match="Jawab undangan"):
        delegate(invited, by=cast.operator_belu)
    coming = accept(invited, by=cast.operator_belu, base_version=declined.version)
    assert (coming.answer, coming.answer_reason) == ("hadir", "")
    place.refresh_from_db()
    assert place.status == "batal"
    again = delegate(invited, by=cast.operator_belu)
    assert (again.pk, again.token, again.status) == (place.pk, place.token, "terdaftar")


def test_two_answers_at_once_show_both(invited, cast):
    accept(invited, by=cast.kadis_belu, base_version=1)
    with pytest.raises(StaleVersion) as late:
        decline(invited, "Sakit", by=cast.operator_belu, base_version=1)
    assert (late.value.current.answer, late.value.yours["answer"]) == ("hadir", "menolak")


@pytest.mark.parametrize("status", ["selesai", "arsip"])
def test_a_meeting_that_is_over_takes_no_answer(status, cast):
    invited = make_invitation(factories.make_meeting(status=status), by=cast.panitia)
    with pytest.raises(Denied):
        accept(invited, by=cast.operator_belu, base_version=1)


def test_only_the_recipients_first_opening_is_noted(invited, cast):
    assert open_copies(invited, by=cast.panitia) == 0
    assert open_copies(invited, by=cast.operator_ende) == 0
    assert open_copies(invited, by=cast.operator_belu) == 1
    assert open_copies(invited, by=cast.kadis_belu) == 0
    assert LetterCopy.objects.get().read_by == cast.operator_belu


def test_two_surat_tugas_at_once_show_both(invited, cast):
    accept(invited, by=cast.operator_belu, base_version=1)
    hand_in(invited, "094/12", ON, paper(), by=cast.operator_belu)
    with pytest.raises(StaleVersion, match="orang lain") as stale:
        hand_in(invited, "094/13", ON, paper(photo("PNG"), "t.png"), by=cast.kadis_belu, seen="")
    assert stale.value.current.assignment_number == "094/12"
    Invitation.objects.update(version=9, phone="0812")  # another change of the invitation is none of the surat tugas
    mark = f"{paper().sha256[:16]} {ON} 094/12"
    assert hand_in(invited, "094/13", ON, paper(), by=cast.kadis_belu, seen=mark).assignment_number == "094/13"


def test_the_surat_tugas_is_kept_with_its_hash(invited, cast):
    accept(invited, by=cast.operator_belu, base_version=1)
    kept = hand_in(invited, "094/12/DPP/2019", ON, paper(), by=cast.operator_belu)
    assert default_storage.open(kept.assignment_file.name).read() == paper().data
    assert kept.assignment_sha256 == paper().sha256
    first, version = kept.assignment_file.name, kept.version
    assert hand_in(invited, "094/12/DPP/2019", ON, paper(), by=cast.operator_belu).version == version
    other = hand_in(invited, "094/13/DPP/2019", ON, paper(photo("PNG"), "t.png"), by=cast.operator_belu)
    assert other.assignment_file.name.endswith(".png")
    assert Entry.objects.filter(verb="Mengunggah surat tugas").count() == 2
    assert first != other.assignment_file.name


def test_a_replaced_surat_tugas_is_deleted(invited, cast, django_capture_on_commit_callbacks):
    accept(invited, by=cast.operator_belu, base_version=1)
    with django_capture_on_commit_callbacks(execute=True):
        first = hand_in(invited, "1", ON, paper(), by=cast.operator_belu).assignment_file.name
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(invited, "2", ON, paper(photo("PNG"), "t.png"), by=cast.operator_belu)
    assert not default_storage.exists(first)


def test_a_surat_tugas_wants_a_yes_a_number_and_the_own_office(invited, cast):
    with pytest.raises(Blocked, match="Hadir"):
        hand_in(invited, "1", ON, paper(), by=cast.operator_belu)
    accept(invited, by=cast.operator_belu, base_version=1)
    with pytest.raises(Blocked, match="nomor"):
        hand_in(invited, " ", ON, paper(), by=cast.operator_belu)
    with pytest.raises(Denied):
        hand_in(invited, "1", ON, paper(), by=cast.operator_ende)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("tugas.pdf", b"MZ\x90\x00program", "tidak diterima"),
        ("tugas.pdf", photo(), "isinya berkas JPEG"),
        ("tugas.jpg", b"%PDF-1.7\nbukan pdf", "isinya berkas PDF"),
        ("tugas.pdf", b"%PDF-1.7\n1 0 obj\nterpotong", "terpotong"),
        ("tugas.jpg", photo()[:200], "rusak"),
        ("tugas.png", b"", "kosong"),
        ("tugas.html", b"<html><script>alert(1)</script>", "tidak diterima"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name, data, told):
    with pytest.raises(WrongFile, match=told):
        read_assignment(name, data, size=len(data))


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(WrongFile, match="paling besar 10 MB"):
        read_assignment("tugas.pdf", b"", size=LARGEST + 1)


def test_the_board_counts_and_puts_the_silent_first(published_meeting, cast):
    belu = make_invitation(published_meeting, by=cast.panitia)
    ende = make_invitation(published_meeting, "53.08", by=cast.panitia, letter=LetterCopy.objects.get().letter)
    make_invitation(published_meeting, "53.01")
    accept(belu, by=cast.operator_belu, base_version=1)
    delegate(belu, by=cast.operator_belu)
    rows = queries.board(cast.panitia, published_meeting, queries.Wanted())
    assert [(row.regency.code, queries.state_of(row).key) for row in rows] == [
        ("53.08", "belum"), ("53.04", "hadir"), ("53.01", "belum_dikirim"),
    ]  # fmt: skip
    belu.refresh_from_db()
    hand_in(belu, "1", ON, paper(), by=cast.operator_belu)
    decline(ende, "Jauh", by=cast.operator_ende, base_version=1)
    told = queries.totals(published_meeting)
    assert told == {
        "belum": 0, "menolak": 1, "hadir": 0, "lengkap": 1, "belum_dikirim": 1, "read": 0, "coming": 1, "delegates": 1,
    }  # fmt: skip
    assert list(queries.board(cast.panitia, published_meeting, queries.Wanted(q="ende"))) == [ende]
    assert list(queries.board(cast.panitia, published_meeting, queries.Wanted(state="lengkap"))) == [belu]


def test_the_map_turns_from_grey_to_colour(published_meeting, cast):
    from regencies.models import Regency

    belu = make_invitation(published_meeting, by=cast.panitia)
    places = Regency.objects.filter(province=published_meeting.province)

    def tones():
        return {tile["name"]: tile["tone"] for tile in queries.tiles(published_meeting, "kadis_kab", places)}

    assert set(tones().values()) == {"neutral"}
    assert len(tones()) == 22
    accept(belu, by=cast.operator_belu, base_version=1)
    assert tones()["Kabupaten Belu"] == "info"
    delegate(belu, by=cast.operator_belu)
    hand_in(belu, "1", ON, paper(), by=cast.operator_belu)
    assert tones()["Kabupaten Belu"] == "success"
    belu.refresh_from_db()
    decline(belu, "Sakit", by=cast.operator_belu, base_version=belu.version)
    assert tones()["Kabupaten Belu"] == "danger"


def test_a_withdrawn_invitation_is_no_longer_his_to_answer(invited, cast):
    from django.utils import timezone

    Invitation.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="Salah kantor")
    LetterCopy.objects.update(voided_at=timezone.now(), void_reason="Salah kantor")
    invited.refresh_from_db()
    with pytest.raises(Denied):
        accept(invited, by=cast.operator_belu, base_version=1)
    assert not Invitation.objects.visible_to(cast.operator_belu).exists()
    assert Invitation.objects.received_by(cast.operator_belu).exists()


def test_what_was_never_sent_is_nobodys_to_see(published_meeting, cast):
    unsent = make_invitation(published_meeting)
    assert not Invitation.objects.received_by(cast.operator_belu).exists()
    assert not queries.own_invitations(cast.operator_belu).exists()
    letter = make_invitation(published_meeting, "53.08", by=cast.panitia).copies.get().letter
    send(unsent, letter, by=cast.panitia)
    assert list(queries.own_invitations(cast.operator_belu)) == [unsent]
