"""Another province is data, not code: loading, updating, and refusing whole files with sentences."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.journal.models import Entry
from regencies.actions.provinces import abbreviation
from regencies.models import Agency, Province, Regency
from tests.factories import regency

OTHER = Path(__file__).parent.parent / "data" / "regencies_other.csv"
NTT = Path(__file__).parent.parent.parent / "regencies" / "data" / "ntt.csv"
HEAD = "province_code,province,code,bps_code,name,kind,population\n"


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    pass


def load(file: Path, *options: str) -> list[str]:
    out = StringIO()
    call_command("load_province", str(file), *options, stdout=out)
    return out.getvalue().splitlines()


def refused(tmp_path: Path, text: str | bytes, *options: str) -> list[str]:
    file = tmp_path / "provinsi.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = Regency.objects.count(), Province.objects.count(), Agency.objects.count(), Entry.objects.count()
    with pytest.raises(CommandError) as error:
        load(file, *options)
    assert before == (
        Regency.objects.count(), Province.objects.count(), Agency.objects.count(), Entry.objects.count()
    )  # fmt: skip
    *faults, closing = str(error.value).splitlines()
    assert closing == "Tidak ada yang dimuat."
    return faults


def test_every_province_of_a_file() -> None:
    assert load(OTHER) == [
        "Nusa Tenggara Barat (52): 10 kabupaten/kota baru, 0 diperbarui, 11 kantor baru.",
        "Jawa Timur (35): 38 kabupaten/kota baru, 0 diperbarui, 39 kantor baru.",
    ]
    east_java = Regency.objects.filter(province__code="35")
    assert sum(one.population for one in east_java) == 41_919_906
    assert Agency.objects.get(is_lead=True, province__code="35").name == (
        "Dinas yang membidangi perindustrian Provinsi Jawa Timur"
    )


def test_one_province_of_a_file() -> None:
    assert load(OTHER, "--province", "35")[0].startswith("Jawa Timur (35): 38 ")
    assert not Province.objects.filter(code="52").exists()


def test_bps_codes_are_never_made_up_and_every_tile_gets_its_letters() -> None:
    load(OTHER)
    loaded = Regency.objects.exclude(province__code="53")
    assert set(loaded.values_list("bps_code", flat=True)) == {None}
    shorts = list(loaded.filter(province__code="35").values_list("short", flat=True))
    assert len(set(shorts)) == 38 and all(len(short) == 3 for short in shorts)


def test_loading_again_updates_and_keeps_what_people_named() -> None:
    load(OTHER, "--province", "52")
    Agency.objects.filter(regency__code="52.01").update(name="Dinas Perindustrian Lombok Barat")
    Regency.objects.filter(code="52.01").update(population=1)
    assert load(OTHER, "--province", "52") == [
        "Nusa Tenggara Barat (52): 0 kabupaten/kota baru, 10 diperbarui, 0 kantor baru."
    ]
    assert Regency.objects.get(code="52.01").population == 762_757
    assert Agency.objects.get(regency__code="52.01").name == "Dinas Perindustrian Lombok Barat"


def test_the_portals_own_table_loads_over_itself() -> None:
    assert load(NTT) == ["Nusa Tenggara Timur (53): 0 kabupaten/kota baru, 22 diperbarui, 0 kantor baru."]
    assert regency("53.04").bps_code == "5306" and regency("53.15").aliases == "Mabar"


def test_two_regencies_may_swap_codes_and_tiles(tmp_path: Path) -> None:
    file = tmp_path / "tukar.csv"
    file.write_text(
        "code,bps_code,name,kind,tile_row,tile_col\n"
        "53.04,5311,Kabupaten Belu,kabupaten,0,6\n"
        "53.08,5306,Kabupaten Ende,kabupaten,1,11\n"
    )
    lines = load(file)
    assert lines[0].startswith("Nusa Tenggara Timur (53): 0 kabupaten/kota baru, 2 diperbarui")
    assert "Tidak disebut dalam berkas, dibiarkan: 53.01, 53.02" in lines[0]
    assert (regency("53.04").bps_code, regency("53.08").tile_col) == ("5311", 11)


def test_a_load_is_one_entry_in_the_journal() -> None:
    load(OTHER, "--province", "35")
    entry = Entry.objects.get()
    assert (entry.verb, entry.object_label, entry.actor_name) == ("Memuat provinsi", "Provinsi Jawa Timur", "Portal")
    assert entry.changes == {"Kabupaten/kota": [0, 38]}


def test_short_names_are_written_out(tmp_path: Path) -> None:
    file = tmp_path / "baru.csv"
    file.write_text(HEAD + "34,DI Yogyakarta,34.04,3404,Kab.  Sleman,kabupaten,\n")
    load(file)
    assert Regency.objects.get(code="34.04").name == "Kabupaten Sleman"


ROW = "34,DI Yogyakarta,34.04,3404,Kabupaten Sleman,kabupaten,1000\n"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", ["Baris 1: kolom wajib “code” tidak ada."]),
        (HEAD, ["Berkas tidak berisi baris."]),
        ("code,nama,kind\n", ["kolom wajib “name” tidak ada", "kolom “nama” tidak dikenal"]),
        ("code,name,kind,code\n", ["kolom “code” ada dua kali"]),
        (HEAD + "34,DI Yogyakarta,34.04\n", ["Baris 2: banyaknya kolom berbeda dari baris judul."]),
        (
            HEAD + "34,DI Yogyakarta,3404,3404,Kabupaten Sleman,kabupaten,1\n",
            ["Baris 2, kolom code: “3404” harus berbentuk dua angka, titik, dua angka, misalnya 53.04."],
        ),
        (
            HEAD + ROW + "34,DI Yogyakarta,34.05,34-5,Sleman,daerah,1.000\n",
            [
                "Baris 3, kolom bps_code: “34-5” harus empat angka",
                "Baris 3, kolom name: “Sleman” harus dimulai dengan",
                "Baris 3, kolom kind: “daerah” harus “kabupaten” atau “kota”.",
                "Baris 3, kolom population: “1.000” harus bilangan bulat tanpa titik atau koma.",
            ],
        ),
        (
            HEAD + ROW + ROW,
            [
                "Baris 3, kolom code: “34.04” sudah dipakai pada baris 2.",
                "Baris 3, kolom bps_code: “3404” sudah dipakai pada baris 2.",
                "Baris 3, kolom name: “Kabupaten Sleman” sudah dipakai pada baris 2.",
            ],
        ),
        (
            HEAD + "34,DI Yogyakarta,33.04,3404,Kota Sleman,kabupaten,\n",
            ["kolom kind: tidak sesuai dengan nama “Kota Sleman”", "kolom code: tidak termasuk provinsi 34"],
        ),
        (HEAD + ROW + "34,Yogya,34.01,,Kabupaten Kulon Progo,kabupaten,\n", ["“Yogya” nama berbeda untuk provinsi"]),
        (HEAD + "34,DI Yogyakarta,34.04,5306,Kabupaten Sleman,kabupaten,\n", ["“5306” sudah milik 53.04."]),
        (HEAD + ",,34.04,,,kabupaten,\n", ["Baris 2, kolom name: wajib diisi."]),
        ("code,name,kind\n34.04,Kabupaten Sleman,kabupaten\n", ["Baris 2: nama provinsi 34 tidak diketahui"]),
        (
            "code,name,kind,tile_row,tile_col,capital_lat,area_km2\n53.04,Kabupaten Belu,kabupaten,3,,99,x\n",
            [
                "kolom capital_lat: “99” harus antara -11.5 dan 6.5.",
                "kolom area_km2: “x” harus bilangan dengan titik desimal",
                "kolom tile_row: baris dan kolom ubin diisi keduanya",
            ],
        ),
        (
            "code,name,kind,population,population_male,population_female\n53.04,Kabupaten Belu,kabupaten,10,4,5\n",
            ["Baris 2, kolom population: “10” bukan jumlah laki-laki dan perempuan."],
        ),
        ('code,name,kind\n"53.04,Kabupaten Belu,kabupaten\n', ["bukan CSV yang sah"]),
        (b"code,name,kind\n53.04,Kabupaten Bel\xff,kabupaten\n", ["Berkas bukan teks UTF-8."]),
    ],
)
def test_a_broken_file_is_refused_whole_with_every_fault(
    tmp_path: Path, text: str | bytes, sentences: list[str]
) -> None:
    faults = refused(tmp_path, text)
    for sentence in sentences:
        assert any(sentence in fault for fault in faults), faults


def test_a_province_that_the_file_does_not_hold(tmp_path: Path) -> None:
    assert refused(tmp_path, HEAD + ROW, "--province", "99") == ["Berkas tidak memuat kabupaten/kota provinsi itu."]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        load(tmp_path / "tidak-ada.csv")


@pytest.mark.parametrize(
    ("name", "kind", "taken", "short"),
    [
        ("Banyuwangi", "kabupaten", set(), "BNY"),
        ("Malang", "kota", set(), "KML"),
        ("Ba", "kabupaten", set(), "B00"),
        ("Bima", "kabupaten", {"BMI"}, "BMA"),
    ],
)
def test_letters_for_a_tile(name: str, kind: str, taken: set[str], short: str) -> None:
    assert abbreviation(name, kind, taken) == short
