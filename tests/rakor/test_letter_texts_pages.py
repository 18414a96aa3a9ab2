"""Pages of the committee and of its texts: who may, wrong and late forms, both texts before one is replaced."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.documents.models import Document
from rakor.actions import committee as actions
from rakor.models import CommitteeMember, Letter
from rakor.queries.letter_text_papers import content_of

pytestmark = pytest.mark.django_db


def member(**changes: str) -> dict[str, str]:
    return {"seat": "ketua", "name": "Maria Contoh", "title": "Kepala Bidang", "employee_number": ""} | changes


def page(name: str, meeting: Any, *args: Any) -> str:
    return reverse(name, args=[meeting.slug, *args])


def filled(letter: Letter, **changes: Any) -> dict[str, Any]:
    """The form of the text as the page sends it."""
    content = content_of(letter)
    data = {name: content.text_of(name) for name in content.parts()}
    data |= {
        "subject": letter.subject,
        "signer": letter.signer_id or "",
        "classification": "",
        "version": letter.version,
    }
    return {name: value for name, value in (data | changes).items() if value is not False}


def test_the_committee_s_page_costs_the_same_for_few_and_for_many(
    cast: Any, draft_meeting: Any, client_of: Any, assert_queries: Any
) -> None:
    client = client_of(cast.panitia)
    url = page("committee", draft_meeting)
    assert "Isi dari jabatan" in client.get(url).text
    actions.add_member(draft_meeting, member(), by=cast.panitia)
    client.get(url)
    with assert_queries(7):
        assert "Maria Contoh" in client.get(url).text
    for number in range(30):
        actions.add_member(draft_meeting, member(seat="acara", name=f"Staf {number}"), by=cast.panitia)
    with assert_queries(7):
        answer = client.get(url)
    assert "Staf 29" in answer.text


def test_a_member_is_added_moved_changed_and_taken_off(cast: Any, draft_meeting: Any, client_of: Any) -> None:
    client = client_of(cast.panitia)
    for name in ("Satu", "Dua"):
        values = member(
            seat="acara", name=f"  {name} ", employee_number="19800101 200503 2 001" if name == "Dua" else ""
        )
        assert client.post(page("committee_add", draft_meeting), values).status_code == 302
    one, two = CommitteeMember.objects.order_by("order")
    assert (one.name, two.employee_number) == ("Satu", "198001012005032001")
    client.post(page("committee_move", draft_meeting, two.pk), {"arah": "naik"})
    assert list(CommitteeMember.objects.values_list("name", flat=True)) == ["Dua", "Satu"]
    base = json.dumps(member(seat="acara", name="Satu"))
    answer = client.post(
        page("committee_edit", draft_meeting, one.pk), member(seat="ketua", name="Satu", title="Baru", base=base)
    )
    assert answer.status_code == 302 and CommitteeMember.objects.get(pk=one.pk).seat == "ketua"
    late = client.post(page("committee_edit", draft_meeting, one.pk), member(name="Satu", title="Lain", base=base))
    assert late.status_code == 409 and "Baru" in late.text and 'value="Lain"' in late.text
    assert client.post(page("committee_remove", draft_meeting, one.pk)).status_code == 302
    assert client.post(page("committee_remove", draft_meeting, one.pk)).status_code == 302
    assert CommitteeMember.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"seat": "raja"}, {"employee_number": "123"}, {"employee_number": "١" * 18}, {"name": "x" * 151},
     {"title": "y" * 151}],
)  # fmt: skip
def test_wrong_members_come_back_with_a_sentence(cast: Any, draft_meeting: Any, client_of: Any, wrong: Any) -> None:
    answer = client_of(cast.panitia).post(page("committee_add", draft_meeting), member(**wrong))
    assert answer.status_code == 422 and "Formulir belum dapat disimpan" in answer.text
    assert not CommitteeMember.objects.exists()


@pytest.mark.parametrize("base", ["", "[]", "{", '{"seat": 3}', "null"])
def test_an_unreadable_base_overwrites_nothing(cast: Any, draft_meeting: Any, client_of: Any, base: str) -> None:
    row = actions.add_member(draft_meeting, member(), by=cast.panitia)
    answer = client_of(cast.panitia).post(page("committee_edit", draft_meeting, row.pk), member(title="X", base=base))
    assert answer.status_code == 409
    assert CommitteeMember.objects.get().title == "Kepala Bidang"


def test_employee_numbers_are_for_the_committee_alone(cast: Any, draft_meeting: Any, client_of: Any) -> None:
    number = "198001012005032001"
    actions.add_member(draft_meeting, member(employee_number=number), by=cast.panitia)
    url = page("committee", draft_meeting)
    assert number in client_of(cast.kadis_prov).get(url).text
    answer = client_of(cast.notulis).get(url)
    assert "Maria Contoh" in answer.text and number not in answer.text and "Tambah anggota" not in answer.text
    for who, seen in ((cast.panitia, True), (cast.notulis, False)):
        book = load_workbook(io.BytesIO(client_of(who).get(f"{url}?format=xlsx").content))
        cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
        assert "Maria Contoh" in cells and (number in cells) is seen
    assert client_of(cast.operator_belu).get(url).status_code in (403, 404)


def test_a_text_is_begun_once_and_saved(cast: Any, draft_meeting: Any, client_of: Any) -> None:
    client = client_of(cast.panitia)
    start = page("letter_text_start", draft_meeting, "sk_panitia")
    first, second = client.post(start), client.post(start)
    assert first.url == second.url and Letter.objects.count() == 1
    letter = Letter.objects.get()
    shown = client.get(first.url)
    assert "KESATU" in shown.text and "Susunan panitia masih kosong." in shown.text
    answer = client.post(first.url, filled(letter, considering="bahwa satu;\r\n\r\n bahwa dua;", numbers="on"))
    assert answer.status_code == 302
    letter.refresh_from_db()
    content = content_of(letter)
    assert content.considering == ("bahwa satu;", "bahwa dua;") and content.numbers is True
    assert client.post(page("letter_text_start", draft_meeting, "undangan")).status_code == 404


def test_who_saves_late_sees_both_texts(cast: Any, draft_meeting: Any, client_of: Any) -> None:
    letter = actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia)
    url = page("letter_text_edit", draft_meeting, letter.pk)
    assert client_of(cast.kabid).post(url, filled(letter, closing="Dari kabid")).status_code == 302
    late = client_of(cast.panitia).post(url, filled(letter, closing="Dari panitia"))
    assert late.status_code == 409 and "Dari kabid" in late.text and "Dari panitia" in late.text
    assert 'name="version" value="2"' in late.text
    again = client_of(cast.panitia).post(url, filled(letter, closing="Dari panitia", version=2))
    assert again.status_code == 302 and content_of(Letter.objects.get()).closing == "Dari panitia"


@pytest.mark.parametrize(
    "wrong",
    [{"subject": ""}, {"subject": "x" * 251}, {"activities": "y" * 20_001}, {"version": "x"}, {"version": "-1"},
     {"signer": "999999999999999999999"}, {"place": "z" * 81}, {"classification": "k" * 41}],
)  # fmt: skip
def test_wrong_texts_come_back_with_a_sentence(cast: Any, draft_meeting: Any, client_of: Any, wrong: Any) -> None:
    letter = actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia)
    answer = client_of(cast.panitia).post(page("letter_text_edit", draft_meeting, letter.pk), filled(letter, **wrong))
    assert answer.status_code == 422 and "Formulir belum dapat disimpan" in answer.text
    assert Letter.objects.get().version == 1


def test_both_texts_are_shown_before_one_is_replaced(cast: Any, draft_meeting: Any, client_of: Any) -> None:
    client = client_of(cast.panitia)
    letter = actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia)
    url = page("letter_text_edit", draft_meeting, letter.pk)
    answer = client.post(url, filled(letter, **{"closing": "Ditulis <b>tangan</b>", "isi-ulang": "closing"}))
    refill = page("letter_text_refill", draft_meeting, letter.pk, "closing")
    assert answer.url == refill
    shown = client.get(refill).text
    assert "&lt;b&gt;tangan" in shown and "pertanggungjawaban" in shown and "Ganti dengan teks portal" in shown
    late = client.post(refill, {"version": "1"})
    assert late.url == refill and content_of(Letter.objects.get()).closing == "Ditulis <b>tangan</b>"
    done = client.post(refill, {"version": "2"})
    assert done.url == f"{url}#bagian-closing"
    assert "pertanggungjawaban" in content_of(Letter.objects.get()).closing
    assert "Keduanya sama" in client.get(refill).text
    for odd in ("figures", "tidak-ada"):
        assert client.get(page("letter_text_refill", draft_meeting, letter.pk, odd)).status_code == 404
    assert client.post(refill, {"version": "9" * 30}).url == refill


def test_an_initialled_text_is_read_and_printed_but_not_written(cast: Any, draft_meeting: Any, client_of: Any) -> None:
    from django.utils import timezone

    letter = actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia)
    Letter.objects.update(status="diparaf", initialled_at=timezone.now(), initialled_by=cast.kabid)
    client = client_of(cast.kadis_prov)
    url = page("letter_text_edit", draft_meeting, letter.pk)
    shown = client_of(cast.panitia).get(url).text
    assert "sudah diparaf" in shown and "Bandingkan dengan portal" not in shown
    assert client_of(cast.panitia).post(url, filled(letter, closing="X")).status_code == 403
    answer = client.post(page("letter_text_draft", draft_meeting, letter.pk))
    document = Document.objects.get(kind="laporan_panitia")
    assert answer.url == document.get_absolute_url() and document.facts["status"] == "RANCANGAN"


def test_the_draft_is_printed_as_it_was_just_saved(cast: Any, draft_meeting: Any, client_of: Any) -> None:
    letter = actions.start_text(draft_meeting, "sk_panitia", by=cast.panitia)
    url = page("letter_text_edit", draft_meeting, letter.pk)
    client_of(cast.panitia).post(url, filled(letter, place="Soe", rancangan="1"))
    assert Document.objects.get(kind="sk_panitia").facts["place"] == "Soe"
