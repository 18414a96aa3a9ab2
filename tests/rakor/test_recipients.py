"""The list of the invited: all regencies, other agencies, changes, and a recipient replaced after sending."""

from __future__ import annotations

import datetime as dt
import io
import uuid

import pytest
from openpyxl import Workbook

from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions import recipients as actions
from rakor.actions.letters import move_letter, number_late_copies
from rakor.facts.recipient_rows import UnreadableRows, cells_of, read_rows
from rakor.models import Invitation, LetterCopy
from regencies.models import LetterNumber, Position
from tests.cast import Cast
from tests.factories import make_meeting, regency
from tests.factories_letter_moves import moved_letter
from tests.factories_letters import make_invitation

pytestmark = pytest.mark.django_db
BPOM = {"group": "instansi", "addressee": "Kepala Balai Besar POM di Kupang", "place": "Kupang", "quota": 1}


def test_all_heads_of_office_are_invited_at_once(cast: Cast) -> None:
    meeting = make_meeting()
    assert actions.invite_all(meeting, "kadis_kab", by=cast.panitia) == 22
    belu = meeting.invitations.get(regency__code="53.04")
    assert belu.addressee.startswith("Kepala Dinas") and "Belu" in belu.addressee
    assert (belu.place, belu.quota, belu.agency.is_lead) == ("Atambua", 2, True)
    assert actions.invite_all(meeting, "kadis_kab", by=cast.panitia) == 0


def test_all_heads_of_region_are_invited_at_once(cast: Cast) -> None:
    meeting = make_meeting()
    assert actions.invite_all(meeting, "kepala_daerah", by=cast.kabid) == 22
    names = dict(meeting.invitations.values_list("regency__code", "addressee"))
    assert (names["53.04"], names["53.71"]) == ("Bupati Belu", "Wali Kota Kupang")


def test_only_who_is_missing_is_added(cast: Cast) -> None:
    meeting = make_meeting()
    make_invitation(meeting, "53.04")
    make_invitation(meeting, "53.08", withdrawn_at=dt.datetime.now(dt.UTC), withdrawn_reason="Salah")
    assert actions.invite_all(meeting, "kadis_kab", by=cast.panitia) == 21


@pytest.mark.parametrize("name", ["kadis_prov", "notulis", "admin", "operator_belu", "kadis_belu", "observer"])
def test_only_the_committee_keeps_the_list(cast: Cast, name: str) -> None:
    meeting = make_meeting()
    invitation = make_invitation(meeting)
    for verb in (
        lambda: actions.invite_all(meeting, "kadis_kab", by=cast[name]),
        lambda: actions.add_recipient(meeting, BPOM, by=cast[name]),
        lambda: actions.change_recipient(invitation, {"quota": 3}, by=cast[name], base_version=1),
        lambda: actions.withdraw_recipient(invitation, "Salah", by=cast[name]),
        lambda: actions.replace_recipient(invitation, {"addressee": "Lain"}, "Salah", by=cast[name]),
    ):
        with pytest.raises(Denied):
            verb()


def test_a_finished_edition_invites_nobody(cast: Cast) -> None:
    with pytest.raises(Denied, match="sudah selesai"):
        actions.add_recipient(make_meeting(status="selesai"), BPOM, by=cast.panitia)


def test_the_same_form_twice_is_one_recipient(cast: Cast) -> None:
    meeting, key = make_meeting(), uuid.uuid4()
    first, second = (actions.add_recipient(meeting, BPOM, by=cast.panitia, client_key=key) for _each in "ab")
    assert first == second


def test_nobody_is_invited_twice(cast: Cast) -> None:
    meeting = make_meeting()
    actions.add_recipient(meeting, BPOM, by=cast.panitia)
    with pytest.raises(Blocked, match="sudah ada"):
        actions.add_recipient(meeting, {**BPOM, "addressee": "kepala balai besar POM di kupang"}, by=cast.panitia)
    make_invitation(meeting, "53.04")
    again = {"group": "kadis_kab", "addressee": "Kepala Dinas Lain", "regency": regency("53.04"), "quota": 2}
    with pytest.raises(Blocked, match="sudah ada"):
        actions.add_recipient(meeting, again, by=cast.panitia)


@pytest.mark.parametrize("group", ["instansi", "kadis_kab"])
def test_a_head_of_region_is_in_no_other_group(cast: Cast, group: str) -> None:
    values = {**BPOM, "group": group, "addressee": "Yth. Bupati Belu", "regency": regency("53.04")}
    with pytest.raises(Blocked, match="Gubernur atau Sekda"):
        actions.add_recipient(make_meeting(), values, by=cast.panitia)


def test_what_is_on_the_list_stands_while_the_letter_is_initialled(cast: Cast) -> None:
    letter = moved_letter(cast, "diparaf")
    invitation = letter.meeting.invitations.first()
    for verb in (
        lambda: actions.invite_all(letter.meeting, "kadis_kab", by=cast.panitia),
        lambda: actions.withdraw_recipient(invitation, "Salah", by=cast.panitia),
        lambda: actions.change_recipient(invitation, {"addressee": "Kepala"}, by=cast.panitia, base_version=1),
    ):
        with pytest.raises(Blocked, match="sudah diparaf"):
            verb()
    assert actions.add_recipient(letter.meeting, BPOM, by=cast.panitia).group == "instansi"


def test_what_is_printed_does_not_change_but_the_telephone_does(cast: Cast) -> None:
    letter = moved_letter(cast, "disetujui")
    invitation = letter.meeting.invitations.first()
    with pytest.raises(Blocked, match="Ganti penerima"):
        actions.change_recipient(invitation, {"addressee": "Kepala"}, by=cast.panitia, base_version=1)
    changed = actions.change_recipient(invitation, {"phone": "0812", "quota": 5}, by=cast.panitia, base_version=1)
    assert (changed.phone, changed.quota, changed.version) == ("0812", 5, 2)


def test_who_changes_a_recipient_too_late_sees_both(cast: Cast) -> None:
    invitation = make_invitation(make_meeting())
    actions.change_recipient(invitation, {"quota": 3}, by=cast.panitia, base_version=1)
    with pytest.raises(StaleVersion) as late:
        actions.change_recipient(invitation, {"quota": 4}, by=cast.kabid, base_version=1)
    assert late.value.current.quota == 3


# -- taken back and replaced ------------------------------------------------------------------------------------------


def test_a_recipient_replaced_after_sending(cast: Cast, client_of) -> None:
    letter = moved_letter(cast, "terkirim")
    old = letter.meeting.invitations.get(regency__code="53.04")
    before = old.copies.get()
    values = {"addressee": "Kepala Dinas Koperindag Kabupaten Belu", "place": "Atambua", "quota": 3}
    new = actions.replace_recipient(old, values, "Nama kantor berubah", by=cast.panitia)
    before.refresh_from_db()
    assert before.void_reason == before.number.void_reason == "Nama kantor berubah"
    copy = new.copies.get()
    assert (copy.number.sequence, copy.number.on, copy.addressee) == (3, dt.date.today(), values["addressee"])
    assert copy.sent_at is not None and copy.document_id not in (None, before.document_id)
    old.refresh_from_db()
    assert (new.replaces, new.order, old.withdrawn_reason) == (old, old.order, "Nama kantor berubah")
    page = client_of(cast.operator_belu).get(old.get_absolute_url())
    assert page.status_code == 200 and "ditarik" in page.content.decode()
    assert client_of(cast.operator_belu).get(new.get_absolute_url()).status_code == 200
    assert client_of(cast.operator_ende).get(new.get_absolute_url()).status_code == 404


def test_a_recipient_replaced_before_sending_is_not_told(cast: Cast) -> None:
    letter = moved_letter(cast, "disetujui")
    old = letter.meeting.invitations.first()
    new = actions.replace_recipient(old, {"addressee": "Kepala Dinas Baru"}, "Salah", by=cast.panitia)
    assert new.copies.get().sent_at is None
    assert letter.copies.standing().count() == 2
    move_letter(letter, "send", by=cast.panitia)
    assert new.copies.get().sent_at is not None
    assert old.copies.get().sent_at is None


def test_no_new_letter_is_signed_by_who_left_office(cast: Cast) -> None:
    letter = moved_letter(cast, "terkirim")
    Position.objects.filter(pk=letter.signer_id).update(ends_on=dt.date.today() - dt.timedelta(days=1))
    old = letter.meeting.invitations.first()
    with pytest.raises(Blocked, match="sedang menjabat"):
        actions.replace_recipient(old, {"addressee": "Kepala Dinas Baru"}, "Salah", by=cast.panitia)
    old.refresh_from_db()
    assert old.withdrawn_at is None and LetterNumber.objects.filter(voided_at__isnull=False).count() == 0


def test_replacing_twice_finds_the_first(cast: Cast) -> None:
    invitation = make_invitation(make_meeting())
    first, second = (
        actions.replace_recipient(invitation, {"addressee": "Kepala"}, "Salah", by=cast.panitia) for _each in "ab"
    )
    assert first == second


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_taken_back_without_a_reason(cast: Cast, reason: str) -> None:
    invitation = make_invitation(make_meeting())
    with pytest.raises(Blocked, match="Alasan"):
        actions.withdraw_recipient(invitation, reason, by=cast.panitia)


def test_a_withdrawn_recipient_may_be_invited_again(cast: Cast) -> None:
    meeting = make_meeting()
    invitation = make_invitation(meeting)
    actions.withdraw_recipient(invitation, "Salah", by=cast.panitia)
    with pytest.raises(Blocked, match="sudah dibatalkan"):
        actions.withdraw_recipient(invitation, "Salah", by=cast.panitia)
    assert actions.invite_all(meeting, "kadis_kab", by=cast.panitia) == 22


def test_the_delegates_of_a_withdrawn_invitation_are_cancelled(cast: Cast) -> None:
    from rakor.actions.registrations import register

    meeting = make_meeting(status="terjadwal")
    invitation = make_invitation(meeting)
    delegate = register(meeting, {"name": "Maria"}, by=cast.panitia, source="panitia", invitation=invitation)
    with pytest.raises(Blocked, match="Sudah ada 1 utusan"):
        actions.change_recipient(invitation, {"quota": 0}, by=cast.panitia, base_version=invitation.version)
    actions.withdraw_recipient(invitation, "Salah kantor", by=cast.panitia)
    delegate.refresh_from_db()
    assert delegate.status == "batal"


def test_who_came_late_gets_a_number_of_his_own_day(cast: Cast) -> None:
    letter = moved_letter(cast, "terkirim")
    values = {"group": "kadis_kab", "addressee": "Kepala Dinas Kupang", "regency": regency("53.01"), "quota": 2}
    late = actions.add_recipient(letter.meeting, values, by=cast.panitia)
    assert not late.copies.exists()
    for who in (cast.panitia, cast.kabid):
        with pytest.raises(Denied):
            number_late_copies(letter, by=who)
    assert number_late_copies(letter, by=cast.kadis_prov) == 1
    assert late.copies.get().sent_at is not None and late.copies.get().number.sequence == 3
    assert number_late_copies(letter, by=cast.kadis_prov) == 0


# -- lists ------------------------------------------------------------------------------------------------------------


def test_rows_are_read_with_and_without_a_header() -> None:
    plain = read_rows(cells_of("Kepala BPOM\tKupang\tbpom@contoh.test\t0812\t1\n\nKepala BI\n"))
    assert [(row.number, row.values["addressee"], row.quota) for row in plain] == [
        (1, "Kepala BPOM", 1), (3, "Kepala BI", 2),
    ]  # fmt: skip
    headed = read_rows(cells_of("No;Di;Yang terhormat;Kuota\n1;Kupang;Kepala BPOM;3"))
    assert (headed[0].values["place"], headed[0].quota, headed[0].errors) == ("Kupang", 3, {})


@pytest.mark.parametrize(
    ("line", "column"),
    [("\tKupang", "addressee"), ("Bupati Belu", "addressee"), ("A" * 201, "addressee"), ("Kepala\tKupang\tx@", "email"),
     ("Kepala\tKupang\t\t\tdua", "quota"), ("Kepala\tKupang\t\t\t999", "quota"), ("Kepala\tKupang\t\t\t²", "quota"),
     ("Kepala\tKupang\t\t" + "1" * 31, "phone")],
)  # fmt: skip
def test_a_broken_cell_is_named(line: str, column: str) -> None:
    assert list(read_rows(cells_of(line))[0].errors) == [column]


@pytest.mark.parametrize("text", ["", "  \n\t\n", "Yang terhormat\tdi", "\t".join("a" * 20), "x" * 100_001])
def test_what_is_no_list_is_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableRows):
        read_rows(cells_of(text))


def test_doubles_within_a_list_are_named() -> None:
    rows = read_rows(cells_of("Kepala BI\tKupang\nkepala bi\tKUPANG"))
    assert rows[1].errors == {"addressee": "Sama dengan baris 1."}


def paste(client, slug: str, **data):
    return client.post(f"/rakor/{slug}/penerima/tempel/", data)


def test_a_list_is_stored_as_a_whole_or_not_at_all(cast: Cast, client_of) -> None:
    meeting, client = make_meeting(), client_of(cast.panitia)
    wrong = paste(client, meeting.slug, text="Kepala BI\tKupang\nKepala BRI\tKupang\tsalah@")
    assert wrong.status_code == 422 and "Ada 1 isian yang salah" in wrong.content.decode()
    assert not Invitation.objects.exists()
    key = uuid.uuid4()
    for _click in "ab":
        right = paste(client, meeting.slug, text="Kepala BI\tKupang\nKepala BRI\tKupang", client_key=key)
        assert right.status_code in (302, 422)
    assert Invitation.objects.count() == 2


def test_a_list_comes_as_a_workbook(cast: Cast, client_of) -> None:
    meeting, client = make_meeting(), client_of(cast.panitia)
    book = Workbook()
    for row in (["Yang terhormat", "di", "Jumlah utusan"], ["Kepala BI", "Kupang", 1], ["Kepala BRI", None, 2.0]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "daftar.xlsx"
    assert paste(client, meeting.slug, file=file).status_code == 302
    assert list(meeting.invitations.values_list("addressee", "place", "quota")) == [
        ("Kepala BI", "Kupang", 1), ("Kepala BRI", "Tempat", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04rusak", b"\xd0\xcf\x11\xe0", b"a;b;c"])
def test_a_file_that_is_no_workbook_is_a_sentence(cast: Cast, client_of, content: bytes) -> None:
    file = io.BytesIO(content)
    file.name = "daftar.xlsx"
    answer = paste(client_of(cast.panitia), make_meeting().slug, file=file)
    assert answer.status_code == 422


def test_no_copy_is_left_without_its_reason(cast: Cast) -> None:
    letter = moved_letter(cast, "terkirim")
    actions.withdraw_recipient(letter.meeting.invitations.first(), "Tidak jadi", by=cast.kabid)
    assert list(LetterCopy.objects.filter(voided_at__isnull=False).values_list("void_reason", flat=True)) == [
        "Tidak jadi"
    ]
