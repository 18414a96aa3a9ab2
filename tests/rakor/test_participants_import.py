"""The Excel list of participants: doubles are recognised, one broken row stops all, 200 people in one go."""

from __future__ import annotations

import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.journal.models import Entry
from portal.kernel.errors import Denied, WrongFile
from rakor.actions.participants_import import import_participants
from rakor.actions.registrations import cancel_registration
from rakor.facts.participant_rows import COLUMNS
from rakor.forms.participants_file import read_list
from rakor.models import Participant, Registration
from tests.factories_guests import guest, make_invitation

HEADS = ["No.", "Nama", "Instansi", "Golongan", "Kabupaten/kota", "NIP", "No. HP"]


def book(*rows, heads=HEADS, above=()):
    """The bytes of a list."""
    made = Workbook()
    for row in (*above, heads, *rows):
        made.active.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def taken(meeting, data, by):
    rows, errors = read_list("daftar.xlsx", data)
    assert not errors
    return import_participants(meeting, rows, by=by)


def row(number, name, *values):
    return [number, name, *values]


def test_a_list_of_an_office_is_understood(published_meeting, cast):
    invited = make_invitation(published_meeting, by=cast.panitia)
    data = book(
        row(1, "Maria Contoh, S.T.", "", "Utusan kabupaten/kota", "Belu", "19700101 199503 1 001", 81234567),
        row(2, "Yosef Contoh", "", "", "53.04"),
        row(3, "Tamu Bank", "Bank NTT", "mitra", "", "", "0812-3456"),
        [],
        row(4, "Wartawan", "RRI Atambua", "Pers"),
        heads=["NO", "NAMA LENGKAP", "instansi", "Kategori", "Kab/Kota", "nip", "HP"],
        above=[["DAFTAR PESERTA RAPAT KOORDINASI"], []],
    )
    told = taken(published_meeting, data, cast.panitia)
    assert (len(told.made), told.known, told.doubled, told.errors) == (4, [], [], [])
    maria = Registration.objects.get(participant__name__startswith="Maria")
    assert (maria.invitation, maria.category, maria.source) == (invited, "utusan", "impor")
    assert (maria.employee_number, maria.phone) == ("197001011995031001", "081234567")
    assert maria.participant.institution == invited.agency.name
    assert invited.delegates.count() == 2
    assert Registration.objects.get(participant__name="Wartawan").category == "pers"
    assert Entry.objects.filter(verb="Mengimpor peserta").count() == 1


def test_doubles_are_recognised(published_meeting, cast):
    known = guest(published_meeting, "Tamu Bank", by=cast.panitia, phone="0811")
    data = book(
        row(1, "TAMU  bank", "bank ntt", "Mitra", "", "", "0899"),
        row(2, "Orang Baru", "BRI", "Mitra"),
        row(3, "orang baru", "BRI", "Pers"),
    )
    told = taken(published_meeting, data, cast.panitia)
    assert (told.known, told.doubled) == ([(2, "TAMU bank")], [(4, 3, "orang baru")])
    assert [made.participant.name for made in told.made] == ["Orang Baru"]
    known.refresh_from_db()
    assert known.phone == "0811"
    again = taken(published_meeting, data, cast.panitia)
    assert (again.made, len(again.known)) == ([], 2)
    assert Registration.objects.count() == 2


def test_one_broken_row_stores_nothing_and_every_one_is_told(published_meeting, cast):
    data = book(
        row(1, "Orang Benar", "BRI", "Mitra"),
        row(2, "", "BRI", "Mitra", "", "", "0811"),
        row(3, "Salah Golongan", "BRI", "Raja"),
        row(4, "Salah Tempat", "", "", "Atlantis"),
        row(5, "Salah NIP", "BRI", "Mitra", "", "123"),
        row(6, "NIP Bulat", "BRI", "Mitra", "", 1.97001011995031e17),
        row(7, "Tanpa Instansi", "", "Mitra"),
        row(8, "Kembar NIP", "BRI", "Mitra", "", "197001011995031001"),
        row(9, "Kembar Lagi", "BNI", "Mitra", "", "197001011995031001"),
        row(10, "K" * 200, "BRI", "Mitra"),
        row(11, "Kupang Mana", "", "", "Kupang"),
    )
    told = taken(published_meeting, data, cast.panitia)
    places = [(error.row, error.column) for error in told.errors]
    assert places == [(3, "B"), (4, "D"), (5, "E"), (6, "F"), (7, "F"), (8, "C"), (10, "F"), (11, "B"), (12, "E")]
    assert "membulatkan" in told.errors[4].sentence
    assert "baris 9" in told.errors[6].sentence
    assert told.made == []
    assert not Registration.objects.exists()
    assert not Participant.objects.exists()
    assert not Entry.objects.filter(verb__contains="peserta").exists()


def test_headings_that_cannot_be_read_are_told():
    rows, errors = read_list("x.xlsx", book(row(1, "A b"), heads=["No.", "Nama", "Zodiak", "Nama"]))
    assert [(error.row, error.column) for error in errors] == [(1, "C"), (1, "D")]
    assert len(rows) == 1
    with pytest.raises(WrongFile, match="Nama"):
        read_list("x.xlsx", book(row(1, "A b"), heads=["No.", "Siapa"]))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rusak", b"%PDF-1.7\n", b"nama;instansi"])
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(WrongFile):
        read_list("daftar.xlsx", data)


def test_too_many_rows_are_told():
    _rows, errors = read_list("x.xlsx", book(*(row(n, f"Orang {n}", "BRI") for n in range(1002))))
    assert "Lebih dari 1000" in errors[0].sentence


def test_only_the_committee_imports(published_meeting, cast):
    for who in ("operator_belu", "notulis", "kadis_prov", "stranger"):
        with pytest.raises(Denied):
            import_participants(published_meeting, [], by=cast[who])


def test_two_hundred_people_come_in_one_go(published_meeting, cast):
    data = book(*(row(n, f"Peserta {n:03}", f"Instansi {n % 40}", "Mitra", "", f"{n:018}") for n in range(1, 201)))
    started = time.monotonic()
    told = taken(published_meeting, data, cast.panitia)
    assert len(told.made) == 200
    assert Registration.objects.active().count() == 200
    assert len(set(Registration.objects.values_list("token", flat=True))) == 200
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("count", [3, 300])
def test_a_list_of_any_length_takes_the_same_few_statements(published_meeting, cast, assert_queries, count):
    data = book(*(row(n, f"Peserta {n:03}", "BRI", "Mitra", "", f"{n:018}") for n in range(count)))
    rows, _errors = read_list("x.xlsx", data)
    with assert_queries(13):
        import_participants(published_meeting, rows, by=cast.panitia)
    assert Entry.objects.filter(verb="Mendaftarkan peserta", note=published_meeting.title).count() == count


def test_who_was_cancelled_or_only_spoke_gets_a_place_by_the_list(published_meeting, cast):
    speaker = Participant.objects.create(meeting=published_meeting, name="Pembicara Contoh", institution="BI")
    gone = guest(published_meeting, "Orang Batal", by=cast.panitia, employee_number="7" * 18)
    cancel_registration(gone, "Sakit", by=cast.panitia)
    data = book(
        row(1, "Orang Lain", "BNI", "Mitra", "", "7" * 18),  # the NIP was free again
        row(2, "ORANG BATAL", "Bank NTT", "Pers", "", "6" * 18),
        row(3, "Pembicara Contoh", "BI", "Narasumber", "Belu"),
    )
    told = taken(published_meeting, data, cast.panitia)
    assert [str(made.participant) for made in told.made] == ["Orang Lain (BNI)", str(gone.participant), str(speaker)]
    back = Registration.objects.get(pk=gone.pk)
    assert (back.status, back.status_reason, back.category, back.token) == ("terdaftar", "", "pers", gone.token)
    assert (back.employee_number, back.source, back.version) == ("6" * 18, "impor", gone.version + 2)
    assert Entry.objects.filter(verb="Daftarkan kembali", note=published_meeting.title).count() == 1
    assert Registration.objects.get(participant=speaker).participant.regency.code == "53.04"


def test_the_template_can_be_filled_in_and_sent(published_meeting, cast, client_of):
    client, slug = client_of(cast.panitia), published_meeting.slug
    answer = client.get(reverse("registrations_template", args=[slug]))
    template = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in template["Peserta"][1]] == [column.head for column in COLUMNS]
    template["Peserta"].append(["Tamu Bank", "Bank NTT", "Direktur", "Mitra"])
    out = io.BytesIO()
    template.save(out)
    file = SimpleUploadedFile("peserta.xlsx", out.getvalue())
    done = client.post(reverse("registrations_import", args=[slug]), {"file": file})
    assert done.status_code == 200
    assert "1 peserta baru" in done.content.decode()
    assert Registration.objects.get().participant.title == "Direktur"


def test_wrong_files_and_rows_are_told_on_the_page(published_meeting, cast, client_of):
    client, address = client_of(cast.panitia), reverse("registrations_import", args=[published_meeting.slug])
    assert client.post(address, {}).status_code == 422
    pdf = client.post(address, {"file": SimpleUploadedFile("daftar.xlsx", b"%PDF-1.7\n")})
    assert (pdf.status_code, "PDF" in pdf.content.decode()) == (422, True)
    mislabelled = client.post(address, {"file": SimpleUploadedFile("daftar.pdf", book(row(1, "Orang", "BRI")))})
    assert mislabelled.status_code == 422
    empty = client.post(address, {"file": SimpleUploadedFile("daftar.xlsx", book())})
    assert "kosong" in empty.content.decode()
    broken = client.post(address, {"file": SimpleUploadedFile("daftar.xlsx", book(row(1, "Orang", "", "Raja")))})
    assert broken.status_code == 422
    assert "Baris 2, kolom D" in broken.content.decode()
