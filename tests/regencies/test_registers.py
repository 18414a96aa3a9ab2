"""Registers of numbers: how a number is written, and that none is given twice or lost."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from openpyxl import load_workbook

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from portal.web.templatetags.interface import breakable
from regencies.actions import registers as verbs
from regencies.facts.numbers import NumberParts, format_number, missing_codes, pattern_faults
from regencies.facts.office_tables import classification_codes
from regencies.models import Agency, LetterNumber, Register, RegisterYear
from regencies.queries import register_for
from tests import factories
from tests.cast import Cast, build_cast

APRIL = dt.date(2019, 4, 24)
PARTS = NumberParts(7, APRIL, classification="500.9", office_code="DPP")


def texts(register: Register) -> list[str]:
    """The book from the first number on."""
    return list(register.numbers.order_by("year", "sequence", "suffix").values_list("text", flat=True))


# -- the pattern ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("{klasifikasi}/{nomor}/{kode}/{bulan_romawi}/{tahun}", "500.9/7/DPP/IV/2019"),
        ("{nomor}/IKM/KK/{bulan}/{tahun}", "7/IKM/KK/4/2019"),
        ("3501.03.00/{nomor:03}/Dagperinkop-UKM/{tahun}", "3501.03.00/007/Dagperinkop-UKM/2019"),
        ("B-{nomor:04}", "B-0007"),
    ],
)
def test_a_pattern_makes_the_number(pattern: str, text: str) -> None:
    assert pattern_faults(pattern) == []
    assert format_number(pattern, PARTS) == text


def test_a_suffix_follows_the_number_itself() -> None:
    inserted = NumberParts(123, APRIL, "a")
    assert format_number("{nomor:05}/{tahun}", inserted) == "00123.a/2019"
    assert format_number("{nomor}/{tahun}", inserted) == "123.a/2019"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{klasifikasi}/{tahun}", "harus memuat {nomor}"),
        ("{nomor}/{bagian}", "{bagian} tidak dikenal. Yang dikenal: {nomor}, {nomor:03}, {klasifikasi}"),
        ("{nomor:3}/{tahun}", "{nomor:3} tidak dikenal"),
        ("{nomor!r}", "tidak dikenal"),
        ("{nomor.__class__}", "tidak dikenal"),
        ("{}/{nomor}", "{} tidak dikenal"),
        ("{nomor}/{tahun", "tanpa pasangannya"),
        ("{nomor}{bulan}", "pemisah"),
        ("{bulan}{nomor:03}", "pemisah"),
        ("{nomor}5/{tahun}", "pemisah"),
        ("", "harus memuat {nomor}"),
    ],
)
def test_a_wrong_pattern_is_told_in_a_sentence(pattern: str, said: str) -> None:
    assert any(said in fault for fault in pattern_faults(pattern))
    with pytest.raises(ValueError, match=r"\."):
        format_number(pattern, PARTS)


def test_codes_that_the_pattern_asks_for_must_be_there() -> None:
    assert set(missing_codes("{klasifikasi}/{nomor}/{kode}", "", "")) == {"classification", "office_code"}
    assert missing_codes("{klasifikasi}/{nomor}/{kode}", "500.9", "DPP") == {}
    assert missing_codes("{nomor}", "", "") == {}


def test_old_and_new_codes_stand_in_one_list() -> None:
    codes = classification_codes()
    assert ("lama", "005", "Undangan") in codes and ("baru", "500.9", "Perindustrian") in codes
    assert len({(edition, code) for edition, code, _name in codes}) == len(codes) > 40


# -- the registers that are there -------------------------------------------------------------------------------------


def test_the_provincial_office_has_its_registers(cast: Cast) -> None:
    ours = register_for("kontrak-tpl").agency.registers.values_list("key", flat=True)
    assert sorted(ours) == ["ba", "kontrak-tpl", "mou", "sk", "surat-keluar"]
    for register in Register.objects.all():
        assert pattern_faults(register.pattern) == []
        assert missing_codes(register.pattern, register.classification, register.office_code) == {}


def test_another_province_gets_its_own(cast: Cast, settings: Any) -> None:
    from tests.regencies.test_load_province import OTHER

    register_for("mou")
    for _twice in range(2):
        call_command("load_province", str(OTHER), "--province", "35", stdout=StringIO())
    settings.PROVINCE_CODE = "35"
    east = register_for("mou")
    assert east.agency == Agency.objects.get(is_lead=True, province__code="35", level="provinsi")
    assert east.agency.registers.count() == 5
    assert verbs.take_number(east, on=APRIL, by=cast.panitia).text == "500.9/1/DISPERINDAG/IV/2019"


# -- taking -----------------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_and_begin_anew_each_year(cast: Cast) -> None:
    register = register_for("kontrak-tpl")
    for on in (APRIL, APRIL, dt.date(2020, 1, 2), dt.date(2019, 12, 30)):
        verbs.take_number(register, on=on, by=cast.kadis_prov)
    assert texts(register) == ["1/IKM/KK/4/2019", "2/IKM/KK/4/2019", "3/IKM/KK/12/2019", "1/IKM/KK/1/2020"]
    assert verbs.take_number(register_for("sk"), on=APRIL, by=None).sequence == 1


def test_a_paper_keeps_the_number_it_bears(cast: Cast) -> None:
    register, paper = register_for("mou"), factories.make_meeting()
    first = verbs.take_number(register, on=APRIL, by=cast.kadis_prov, subject=paper)
    again = verbs.take_number(register, on=APRIL, by=cast.kadis_prov, subject=paper)
    assert (again.pk, first.title) == (first.pk, str(paper))
    verbs.void_number(first, "Naskah dibatalkan.", by=cast.kadis_prov)
    assert verbs.take_number(register, on=APRIL, by=cast.kadis_prov, subject=paper).sequence == 2


def test_one_number_may_bear_another_code(cast: Cast) -> None:
    number = verbs.take_number(register_for("surat-keluar"), on=APRIL, by=cast.panitia, classification="800.1.11.1")
    assert number.text == "800.1.11.1/1/DISPERINDAG/IV/2019"


def test_a_closed_register_gives_nothing(cast: Cast) -> None:
    register = register_for("mou")
    Register.objects.filter(pk=register.pk).update(active=False)
    with pytest.raises(Blocked, match="tidak dipakai lagi"):
        verbs.take_number(register, on=APRIL, by=cast.kadis_prov)


def test_a_number_printed_like_another_is_refused_and_leaves_no_gap(cast: Cast) -> None:
    register = register_for("sk")
    Register.objects.filter(pk=register.pk).update(pattern="{nomor}/{bulan}")
    verbs.continue_after(register, 2019, 2, by=cast.kabid)
    assert verbs.take_number(register, on=dt.date(2019, 11, 1), by=None).text == "3/11"
    Register.objects.filter(pk=register.pk).update(pattern="{bulan}/{nomor}")
    verbs.continue_after(register, 2019, 10, by=cast.kabid)
    with pytest.raises(Blocked, match="3/11 sudah ada"):
        verbs.take_number(register, on=dt.date(2019, 3, 1), by=None)
    assert RegisterYear.objects.get(register=register, year=2019).last == 10


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_a_number_by_hand(cast: Cast) -> None:
    register, key = register_for("surat-keluar"), uuid.uuid4()
    numbers = [
        verbs.reserve_number(register, on=APRIL, title=" Surat ke Bank NTT ", by=cast.panitia, client_key=key)
        for _twice in range(2)
    ]
    assert numbers[0] == numbers[1] and numbers[0].title == "Surat ke Bank NTT"
    assert Entry.objects.about(register).get().verb == "Mengambil nomor manual"
    with pytest.raises(Blocked, match="halnya"):
        verbs.reserve_number(register, on=APRIL, title=" ", by=cast.panitia)
    with pytest.raises(Blocked, match="sisipkan"):
        verbs.reserve_number(register, on=dt.date(2019, 4, 23), title="Surat kemarin", by=cast.panitia)
    with pytest.raises(Denied):
        verbs.reserve_number(register, on=APRIL, title="Surat", by=cast.verifikator)


def test_inserted_numbers(cast: Cast) -> None:
    register = register_for("kontrak-tpl")
    first = verbs.take_number(register, on=APRIL, by=None)
    verbs.take_number(register, on=dt.date(2019, 5, 2), by=None)
    for after in (first, first):
        inserted = verbs.insert_number(register, after, on=dt.date(2019, 4, 30), by=cast.panitia, title="Susulan")
    verbs.insert_number(register, inserted, on=dt.date(2019, 4, 30), by=cast.panitia, title="Susulan")
    assert [text.partition("/")[0] for text in texts(register)] == ["1", "1.a", "1.b", "1.c", "2"]
    with pytest.raises(Blocked, match="lebih awal"):
        verbs.insert_number(register, first, on=dt.date(2019, 4, 1), by=cast.panitia)
    with pytest.raises(Blocked, match="tahun yang sama"):
        verbs.insert_number(register, first, on=dt.date(2020, 4, 1), by=cast.panitia)
    with pytest.raises(Blocked, match="register dan tahun yang sama"):
        verbs.insert_number(register_for("mou"), first, on=APRIL, by=cast.panitia)
    with pytest.raises(Denied):
        verbs.insert_number(register, first, on=APRIL, by=cast.kadis_belu)


def test_after_z_there_is_no_letter_left(cast: Cast) -> None:
    register = register_for("kontrak-tpl")
    first = verbs.take_number(register, on=APRIL, by=None)
    for _letter in range(26):
        verbs.insert_number(register, first, on=APRIL, by=cast.panitia)
    assert register.numbers.filter(suffix="z").exists()
    with pytest.raises(Blocked, match="a sampai z"):
        verbs.insert_number(register, first, on=APRIL, by=cast.panitia)


def test_a_void_number_is_a_gap_with_a_reason(cast: Cast) -> None:
    register = register_for("mou")
    number = verbs.take_number(register, on=APRIL, by=cast.panitia, title="Salah")
    with pytest.raises(Blocked, match="Alasan"):
        verbs.void_number(number, " ", by=cast.panitia)
    with pytest.raises(Denied):
        verbs.void_number(number, "Salah ketik.", by=cast.notulis)
    assert verbs.void_by_hand(number, "Salah ketik.", by=cast.panitia).void_reason == "Salah ketik."
    with pytest.raises(Blocked, match="sudah dibatalkan"):
        verbs.void_number(number, "Lagi.", by=cast.panitia)
    assert verbs.take_number(register, on=APRIL, by=cast.panitia).sequence == 2
    assert Entry.objects.about(register).get().note == "Salah ketik."


def test_the_number_of_a_paper_is_not_voided_in_the_book(cast: Cast) -> None:
    number = verbs.take_number(register_for("mou"), on=APRIL, by=None, subject=factories.make_meeting())
    with pytest.raises(Denied, match="batalkan naskahnya"):
        verbs.void_by_hand(number, "Salah.", by=cast.panitia)


# -- settings ---------------------------------------------------------------------------------------------------------


def test_who_changes_patterns(cast: Cast) -> None:
    register = register_for("mou")
    for person in (cast.panitia, cast.kadis_prov, cast.verifikator):
        with pytest.raises(Denied):
            verbs.change_register(register, {"name": "MOU"}, base_version=1, by=person)
    changed = verbs.change_register(register, {"pattern": "{nomor:03}/{tahun}"}, base_version=1, by=cast.admin)
    assert (changed.pattern, changed.version) == ("{nomor:03}/{tahun}", 2)
    with pytest.raises(StaleVersion):
        verbs.change_register(register, {"name": "Nota"}, base_version=1, by=cast.kabid)
    with pytest.raises(Blocked, match="kode perangkat daerah"):
        verbs.change_register(changed, {"pattern": "{nomor}/{kode}", "office_code": ""}, base_version=2, by=cast.kabid)
    with pytest.raises(Blocked, match="lebih panjang"):
        values = {"pattern": "{kode}/{kode}/{kode}/{nomor}", "office_code": "X" * 40}
        verbs.change_register(changed, values, base_version=2, by=cast.kabid)


def test_a_new_register(cast: Cast) -> None:
    register = verbs.add_register("st", {"name": "Surat tugas", "pattern": "094/{nomor}/{tahun}"}, by=cast.kabid)
    assert register_for("st") == register
    with pytest.raises(Denied):
        verbs.add_register("x", {"name": "X", "pattern": "{nomor}"}, by=cast.panitia)


def test_the_counter_goes_on_after_the_numbers_given_on_paper(cast: Cast) -> None:
    register = register_for("surat-keluar")
    verbs.continue_after(register, 2019, 244, by=cast.kabid)
    assert verbs.take_number(register, on=APRIL, by=None).sequence == 245
    with pytest.raises(Blocked, match="mundur"):
        verbs.continue_after(register, 2019, 100, by=cast.kabid)


# -- many at once -----------------------------------------------------------------------------------------------------


def together(*calls: Callable[[], Any]) -> list[str]:
    """What each call came to, begun at the same moment: "" or its error."""
    barrier, said = threading.Barrier(len(calls)), ["not run"] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            call()
            said[place] = ""
        except Exception as error:  # noqa: BLE001  what a thread says is looked at by the test
            said[place] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def taking(times: int, *, fail_at: int = -1) -> Callable[[], None]:
    """A request that takes numbers one by one, each in its own transaction; one of them is rolled back."""

    def take() -> None:
        register = register_for("kontrak-tpl")
        for turn in range(times):
            with transaction.atomic():
                verbs.take_number(register, on=APRIL, by=None)
                if turn == fail_at:
                    transaction.set_rollback(True)

    return take


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_leave_no_gap_and_take_none_twice() -> None:
    factories.ensure_initial_data()
    assert together(*(taking(5) for _each in range(8))) == [""] * 8
    numbers = register_for("kontrak-tpl").numbers.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, 41))


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap() -> None:
    factories.ensure_initial_data()
    assert together(*(taking(4, fail_at=place % 4) for place in range(8))) == [""] * 8
    numbers = register_for("kontrak-tpl").numbers.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, 25))


@pytest.mark.django_db(transaction=True)
def test_inserted_at_the_same_moment() -> None:
    factories.ensure_initial_data()
    cast = build_cast()
    register = register_for("kontrak-tpl")
    first = verbs.take_number(register, on=APRIL, by=None)

    def insert() -> None:
        verbs.insert_number(register_for("kontrak-tpl"), first, on=APRIL, by=cast.panitia)

    assert together(*[insert] * 6, taking(1), taking(1)) == [""] * 8
    suffixes = LetterNumber.objects.filter(sequence=1).order_by("suffix").values_list("suffix", flat=True)
    assert list(suffixes) == ["", *"abcdef"]
    assert RegisterYear.objects.get(register=register).last == 3


@pytest.mark.django_db(transaction=True)
def test_one_click_sent_twice_at_once_is_one_number() -> None:
    factories.ensure_initial_data()
    cast, key = build_cast(), uuid.uuid4()

    def take() -> None:
        register = register_for("surat-keluar")
        verbs.reserve_number(register, on=APRIL, title="Surat", by=cast.panitia, client_key=key)

    assert together(take, take, take) == ["", "", ""]
    assert LetterNumber.objects.count() == 1


# -- pages ------------------------------------------------------------------------------------------------------------


def taken(cast: Cast, many: int = 1, key: str = "surat-keluar") -> list[LetterNumber]:
    register = register_for(key)
    return [verbs.take_number(register, on=APRIL, by=cast.panitia, title=f"Surat {n}") for n in range(1, many + 1)]


def test_the_list_names_last_and_next_numbers(cast: Cast, client_of, assert_queries) -> None:
    today = timezone.localdate()
    verbs.take_number(register_for("sk"), on=today, by=cast.kadis_prov)
    client = client_of(cast.admin)
    page = client.get("/register/")
    assert f"100.3.3/<wbr>2/<wbr>DISPERINDAG/<wbr>{today.year}" in page.text and "Register baru" in page.text
    assert "Register baru" not in client_of(cast.panitia).get("/register/").text
    with assert_queries(5):
        client.get("/register/")
    for number in range(20):
        verbs.add_register(f"r{number}", {"name": f"Register {number}", "pattern": "{nomor}"}, by=cast.admin)
    with assert_queries(5):
        client.get("/register/")


def test_a_number_may_be_broken_at_its_slashes_and_is_a_text() -> None:
    assert breakable("1/<b>/2019") == "1/<wbr>&lt;b&gt;/<wbr>2019"


def test_the_book_of_a_year(cast: Cast, client_of, assert_queries) -> None:
    register = register_for("surat-keluar")
    first, *_rest = taken(cast, 30)
    verbs.void_number(first, "Salah ketik.", by=cast.panitia)
    paper = factories.make_meeting()
    verbs.take_number(register, on=APRIL, by=cast.kadis_prov, subject=paper)
    verbs.insert_number(register, first, on=APRIL, by=cast.panitia, title="Susulan")
    client, address = client_of(cast.panitia), f"/register/{register.pk}/"

    def shown(**asked: Any) -> list[str]:
        page = client.get(address, {"tahun": 2019, **asked})
        return [number.text.split("/")[1] for number in page.context["numbers"]]

    assert shown() == [str(n) for n in range(31, 6, -1)]
    assert shown(page=2) == ["6", "5", "4", "3", "2", "1.a", "1"]
    assert shown(sort="oldest")[:3] == ["1", "1.a", "2"]
    assert shown(q="surat 12") == ["12"] and shown(q="kepala contoh") == ["31"]
    assert shown(keadaan="batal") == ["1"] and shown(keadaan="sisipan") == ["1.a"]
    assert shown(keadaan="tidak-ada", page="x")[0] == "31"
    page = client.get(address, {"tahun": 2019})
    assert f'href="{paper.get_absolute_url()}">{paper}</a>' in page.text
    assert "Salah ketik." in client.get(address, {"tahun": 2019, "page": 2}).text
    assert "Belum ada nomor tahun" in client.get(address).text
    assert "Tidak ada nomor yang cocok" in client.get(address, {"tahun": 2019, "q": "zzz"}).text
    with assert_queries(10):
        client.get(address, {"tahun": 2019})
    with assert_queries(9):
        client.get(address, {"tahun": 2019, "page": 2})


def test_the_book_as_an_excel_file(cast: Cast, client_of) -> None:
    first, *_rest = taken(cast, 2)
    verbs.void_number(first, "=HYPERLINK(0)", by=cast.panitia)
    answer = client_of(cast.kadis_prov).get(f"/register/{first.register_id}/?tahun=2019&sort=oldest&format=xlsx")
    assert 'filename="register-surat-keluar-2019.xlsx"' in answer["Content-Disposition"]
    header, *rows = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert header[0] == "Nomor" and len(rows) == 2
    assert rows[0][0] == "500.9/1/DISPERINDAG/IV/2019"
    assert rows[0][-2:] == ("Dibatalkan", "=HYPERLINK(0)") and rows[1][-2:] == ("Berlaku", None)


def test_a_number_is_taken_inserted_and_voided_on_pages(cast: Cast, client_of) -> None:
    client, register = client_of(cast.panitia), register_for("surat-keluar")
    book = f"/register/{register.pk}/"
    form = client.get(f"{book}ambil/")
    assert "Nomor berikutnya hari ini: 500.9/1/" in form.text and '<option value="005">005 Undangan' in form.text
    data = {"on": "2019-04-24", "title": "Undangan", "classification": "005", "client_key": str(uuid.uuid4())}
    for _twice in range(2):
        answer = client.post(f"{book}ambil/", data)
        assert answer.status_code == 302 and answer.url == f"{book}?tahun=2019"
    number = LetterNumber.objects.get()
    assert number.text == "005/1/DISPERINDAG/IV/2019"
    inserted = {**data, "title": "Susulan", "classification": "", "client_key": str(uuid.uuid4())}
    assert client.post(f"{book}sisip/{number.pk}/", inserted).status_code == 302
    assert register.numbers.get(suffix="a").text == "500.9/1.a/DISPERINDAG/IV/2019"
    assert client.post(f"{book}batal/{number.pk}/", {"note": "Batal."}).status_code == 302
    number.refresh_from_db()
    assert number.void_reason == "Batal."
    assert client.get(f"{book}batal/{number.pk}/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Formulir belum dapat disimpan"),
        ({"on": "0001-01-01"}, "Tahunnya antara 2000 dan 2100"),
        ({"on": "2019-04-01"}, "sisipkan nomor"),
        ({"client_key": "x"}, "Formulir belum dapat disimpan"),
    ],
)
def test_what_a_form_of_a_number_refuses(cast: Cast, client_of, changes: dict, said: str) -> None:
    taken(cast)
    data = {"on": "2019-04-24", "title": "Surat", "client_key": str(uuid.uuid4()), **changes}
    answer = client_of(cast.panitia).post(f"/register/{register_for('surat-keluar').pk}/ambil/", data)
    assert answer.status_code == 422 and said in answer.text
    assert LetterNumber.objects.count() == 1


SETTINGS = {
    "name": "MOU", "pattern": "{nomor:03}/{kode}/{tahun}", "classification": "", "office_code": "DPP", "active": "on",
    "last": "0", "version": "1",
}  # fmt: skip


def test_the_settings_page(cast: Cast, client_of) -> None:
    register, client = register_for("mou"), client_of(cast.kabid)
    address = f"/register/{register.pk}/ubah/"
    assert "500.9/1/DISPERINDAG/" in client.get(address).text
    wrong = client.post(address, SETTINGS | {"pattern": "{nomer}/{tahun}"})
    assert wrong.status_code == 422 and "{nomer} tidak dikenal" in wrong.text
    assert client.post(address, SETTINGS | {"last": "41"}).status_code == 302
    number = verbs.take_number(register, on=timezone.localdate(), by=None)
    assert number.text == f"042/DPP/{timezone.localdate().year}"
    stale = client.post(address, SETTINGS | {"name": "Nota"})
    assert stale.status_code == 409 and "Orang lain sudah menyimpan" in stale.text
    back = client.post(address, SETTINGS | {"version": "2", "last": "7"})
    assert back.status_code == 422 and "tidak dapat mundur" in back.text


def test_a_new_register_on_its_page(cast: Cast, client_of) -> None:
    client = client_of(cast.admin)
    data = SETTINGS | {"key": "surat-tugas", "last": "12"}
    answer = client.post("/register/baru/", data)
    assert answer.status_code == 302 and answer.url == register_for("surat-tugas").get_absolute_url()
    assert "013/<wbr>DPP/" in client.get("/register/").text
    again = client.post("/register/baru/", data)
    assert again.status_code == 422 and "sudah mempunyai register dengan kunci itu" in again.text


def test_the_live_preview_is_what_the_page_shows(cast: Cast, client_of) -> None:
    client = client_of(cast.admin)
    page = client.get(f"/register/{register_for('ba').pk}/ubah/")
    typed = {"pattern": "{klasifikasi}/{nomor}/BA-{kode}/{tahun}", "classification": "500.9",
             "office_code": "DISPERINDAG", "last": "0"}  # fmt: skip
    fragment = client.get("/register/pratinjau/", typed)
    assert fragment.text.strip() in page.text and "<html" not in fragment.text
    assert "500.9/8.a/BA-DISPERINDAG/" in client.get("/register/pratinjau/", typed | {"last": "7"}).text
    assert "tanpa pasangannya" in client.get("/register/pratinjau/", {"pattern": "{nomor}/{"}).text
    assert client.get("/register/pratinjau/", {"pattern": "{nomor}" * 900, "last": "9" * 40}).status_code == 200


def test_registers_of_another_province_are_not_shown(cast: Cast, client_of) -> None:
    from tests.regencies.test_load_province import OTHER

    call_command("load_province", str(OTHER), "--province", "35", stdout=StringIO())
    east = Register.objects.exclude(agency=factories.lead_agency()).first()
    assert client_of(cast.admin).get(f"/register/{east.pk}/").status_code == 404
    assert len(client_of(cast.admin).get("/register/").context["registers"]) == 5
