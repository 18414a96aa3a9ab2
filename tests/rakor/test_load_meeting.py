"""`manage.py load_meeting`: YAML and Excel, errors with their place, all or nothing, again without doubles."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from rakor.models import Meeting, MinuteEntry, Session
from rakor.queries.meeting_table import PROGRAMME_COLUMNS, programme_table
from rakor.queries.programme import programme_of
from tests.factories import make_minutes

SMALL = """\
rakor:
  alamat: soe-2027
  judul: Rapat Koordinasi 2027
  tahun: 2027
  mulai: 2027-04-20
  sampai: 2027-04-21
  tempat: Aula
  kota: Soe
  tuan_rumah: "53.02"
penyelenggara:
  - {peran: tuan_rumah, kantor: "53.02"}
sesi:
  - tanggal: 2027-04-20
    mulai: "09.00"
    selesai: "10.00"
    jenis: sambutan
    acara: Sambutan
    pemilik_sambutan: Gubernur
    pembaca: Bupati Soe (Pemkab TTS)
    ruang: Aula
    notula:
      - {jenis: pembahasan, pembicara: Bupati Soe, isi: "Isi pertama", sumber: "teks"}
  - {tanggal: 2027-04-20, mulai: "10.00", lama: 45, jenis: paparan, acara: Paparan, ruang: Aula}
"""


def load(path: Path, **options: object) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("load_meeting", str(path), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def yaml(tmp_path):
    """Writes a YAML file, after some replacements in SMALL."""

    def write(*changes: tuple[str, str], text: str = SMALL) -> Path:
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "rakor.yaml"
        path.write_text(text)
        return path

    return write


class TestYaml:
    def test_loads_programme_people_and_minutes(self, cast, yaml):
        assert "dibuat: 2 sesi, 0 sesi dihapus, 1 butir" in load(yaml())
        meeting = Meeting.objects.get(slug="soe-2027")
        assert (meeting.status, meeting.planning_year, meeting.host_regency.code) == ("persiapan", 2028, "53.02")
        speech, talk = meeting.sessions.order_by("starts_at")
        assert sorted(str(row) for row in speech.people.all()) == [
            "Dibacakan oleh: Bupati Soe (Pemkab TTS)", "Pemilik sambutan: Gubernur",
        ]  # fmt: skip
        assert (talk.ends_at - talk.starts_at).total_seconds() == 45 * 60
        assert MinuteEntry.objects.get().source == "teks"

    def test_again_changes_only_what_changed(self, cast, yaml):
        load(yaml())
        before = {row.title: (row.pk, row.version) for row in Session.objects.all()}
        assert "diperbarui: 2 sesi, 0 sesi dihapus, 0 butir" in load(yaml())
        assert {row.title: (row.pk, row.version) for row in Session.objects.all()} == before
        load(yaml(("lama: 45", "lama: 60"), ("Isi pertama", "Isi kedua")))
        after = {row.title: (row.pk, row.version) for row in Session.objects.all()}
        assert after["Sambutan"] == before["Sambutan"] and after["Paparan"] == (before["Paparan"][0], 2)
        assert MinuteEntry.objects.get().text == "Isi kedua" and Meeting.objects.count() == 1

    def test_session_no_longer_named_goes_unless_it_has_minutes(self, cast, yaml):
        load(yaml())
        shorter = SMALL[: SMALL.rindex("  - {tanggal")]
        assert "1 sesi dihapus" in load(yaml(text=shorter))
        load(yaml())
        make_minutes(Session.objects.get(title="Paparan"))
        with pytest.raises(CommandError, match="“Paparan” sudah mempunyai notula"):
            load(yaml(text=shorter))

    def test_every_error_with_its_place_and_nothing_stored(self, cast, yaml):
        path = yaml(
            ("tahun: 2027", "tahun: dua"), ('"09.00"', '"9 pagi"'), ("jenis: paparan", "jenis: makan"),
            ('tuan_rumah: "53.02"', 'tuan_rumah: "99.99"'), ("lama: 45", "lama: lama"),
            ("ruang: Aula\n    notula", "ruangan: Aula\n    notula"),
        )  # fmt: skip
        with pytest.raises(CommandError) as error:
            load(path)
        text = str(error.value)
        assert "6 kesalahan, tidak ada yang disimpan" in text
        assert "baris 4, rakor.tahun: tahun harus ditulis seperti 2019." in text
        assert "baris 9, rakor.tuan_rumah: tidak ada kabupaten/kota dengan kode 99.99." in text
        assert "baris 14, sesi[1].mulai: waktu harus ditulis seperti 09.00." in text
        assert "baris 20, sesi[1].ruangan: “ruangan” tidak dikenal." in text
        assert "baris 23, sesi[2].jenis: “makan” tidak dikenal; pilih: registrasi, " in text
        assert "baris 23, sesi[2].lama: lama harus ditulis dalam menit" in text
        assert not Meeting.objects.exists()

    def test_overlap_stores_nothing(self, cast, yaml):
        with pytest.raises(CommandError, match="Ruang “Aula” sudah dipakai sesi"):
            load(yaml(('mulai: "10.00"', 'mulai: "09.30"')))
        assert not Meeting.objects.exists()

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("a: b: c", "Baris 1: susunan YAML tidak terbaca"),
            ("- 1", "harus dimulai dengan “rakor:”"),
            ("x: &a [1]\ny: *a", "tidak boleh memakai rujukan"),
            ("sesi: []", "bagian “rakor” wajib ada"),
            ("rakor: {alamat: a, alamat: b}", "“alamat” tertulis dua kali"),
            ("!!python/object:os.system x", "harus dimulai dengan “rakor:”"),
        ],
    )
    def test_broken_files_are_sentences(self, cast, yaml, text, sentence):
        with pytest.raises(CommandError, match=sentence):
            load(yaml(text=text))

    def test_check_stores_nothing(self, cast, yaml):
        assert "benar: 2 sesi" in load(yaml(), check=True)
        assert not Meeting.objects.exists()

    def test_only_planners_load(self, cast, yaml):
        with pytest.raises(CommandError, match="Tidak ada pengguna dengan jabatan panitia"):
            load(yaml(), user="operator_belu")

    def test_missing_file_is_a_sentence(self, db, tmp_path):
        with pytest.raises(CommandError, match="tidak ditemukan"):
            load(tmp_path / "tidak-ada.yaml")


class TestExcel:
    def test_template_is_a_file_that_loads(self, cast, tmp_path):
        path = tmp_path / "templat.xlsx"
        call_command("load_meeting", str(path), template=True, stdout=io.StringIO())
        assert "dibuat: 1 sesi" in load(path)
        meeting = Meeting.objects.get(slug="contoh-2027")
        assert MinuteEntry.objects.get().minutes.session == meeting.sessions.get()

    def test_errors_name_sheet_row_and_column(self, cast, tmp_path):
        path = tmp_path / "rakor.xlsx"
        call_command("load_meeting", str(path), template=True, stdout=io.StringIO())
        book = openpyxl.load_workbook(path)
        book["sesi"]["B2"] = 9.3
        book["sesi"].append(["2027-04-20", "10.00", "11.00", "rapat", "Pleno"])
        book["rakor"]["B3"] = "dua ribu"
        book["notula"]["A2"] = "7"
        book.save(path)
        with pytest.raises(CommandError) as error:
            load(path)
        text = str(error.value)
        assert "lembar rakor, baris 3, kolom B (tahun): tahun harus" in text
        assert "lembar sesi, baris 2, kolom B (mulai): waktu harus ditulis seperti 09.00." in text
        assert "lembar sesi, baris 3, kolom D (jenis): “rapat” tidak dikenal" in text
        assert "lembar notula, baris 2, kolom A (sesi): tidak ada sesi nomor 7." in text

    def test_dates_and_times_as_excel_keeps_them(self, cast, tmp_path):
        import datetime as dt

        path = tmp_path / "rakor.xlsx"
        call_command("load_meeting", str(path), template=True, stdout=io.StringIO())
        book = openpyxl.load_workbook(path)
        book["sesi"]["A2"], book["sesi"]["B2"] = dt.datetime(2027, 4, 20), dt.time(8, 30)
        book["rakor"]["B4"] = dt.datetime(2027, 4, 20)
        book.save(path)
        load(path)
        assert Session.objects.get().starts_at.isoformat() == "2027-04-20T00:30:00+00:00"

    def test_no_excel_file_is_a_sentence(self, db, tmp_path):
        path = tmp_path / "x.xlsx"
        path.write_bytes(b"bukan excel")
        with pytest.raises(CommandError, match="bukan berkas Excel"):
            load(path)
        with pytest.raises(CommandError, match=r"berakhiran \.yaml atau \.xlsx"):
            path.rename(tmp_path / "x.csv")
            load(tmp_path / "x.csv")

    def test_programme_that_was_taken_out_goes_in_again(self, cast, yaml, tmp_path):
        load(yaml())
        meeting = Meeting.objects.get()
        before = list(programme_table(programme_of(meeting)))
        path = tmp_path / "lagi.xlsx"
        call_command("load_meeting", str(path), template=True, stdout=io.StringIO())
        book = openpyxl.load_workbook(path)
        sheet = book["sesi"]
        sheet.delete_rows(1, 9)
        for row in [PROGRAMME_COLUMNS, *before]:
            sheet.append(row)
        book.save(path)
        with pytest.raises(CommandError, match="Tahun perencanaan 2028 sudah dibahas"):
            load(path)
        Meeting.objects.update(status="dibatalkan", cancelled_reason="Dimuat lagi.")
        load(path)
        again = list(programme_table(programme_of(Meeting.objects.get(slug="contoh-2027"))))
        assert again == before


DEEP = "sesi: " + "[" * 50_000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (DEEP, "terlalu dalam"),
        ("\n".join(" " * depth + "a:" for depth in range(400)), "terlalu dalam"),
        ("rakor: &a [x, x]\nsesi: [*a, *a]", "rujukan"),
        ("sesi:\n" + "- {}\n" * 3001, "lebih dari 3000"),
    ],
)
def test_a_file_made_to_explode_is_refused_with_a_sentence(db, yaml, text, sentence):
    with pytest.raises(CommandError, match=sentence):
        load(yaml(text=text))


def archive(path: Path, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
        file.writestr("[Content_Types].xml", parts.get("types", "<Types"))
    return path


def test_a_workbook_of_broken_xml_is_refused_with_a_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="utuh"):
        load(archive(tmp_path / "rusak.xlsx"))


def test_a_workbook_that_would_unpack_to_more_than_memory_is_not_unpacked(db, tmp_path):
    with pytest.raises(CommandError, match="terlalu besar"):
        load(archive(tmp_path / "bom.xlsx", xl__sharedStrings="A" * 101_000_000))


def test_control_characters_of_a_file_are_left_out(cast, yaml):
    path = yaml(("Rapat Koordinasi 2027", '"Rapat\\0 Koordinasi\\x07 2027"'), ("Isi pertama", "Isi\\ud83d pertama"))
    load(path)
    assert Meeting.objects.get(slug="soe-2027").title == "Rapat Koordinasi 2027"
    assert MinuteEntry.objects.get().text == "Isi pertama"
