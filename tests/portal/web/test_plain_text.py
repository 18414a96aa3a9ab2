"""Control characters, odd numbers and days at the edge of the calendar never break a page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.urls import reverse

from portal.kernel.plain_text import is_plain, plain
from portal.web.excel import excel_response
from portal.web.parameters import LARGEST, whole_number

NUL = "%00"
BELL = "\x07"


@pytest.mark.parametrize("odd", ["\0", "\x01", "\x0b", "\x1f", "\x7f", "\ud800", "\ufffe", "\uffff"])
def test_what_cannot_be_stored_or_printed_is_taken_out(odd):
    assert not is_plain(f"garam{odd}")
    assert plain(f"garam{odd}kelor") == ("garam kelor" if odd == "\x0b" else "garamkelor")


def test_ordinary_texts_stay_as_they_are():
    text = "Rote Ndao – “garam”\n\tदेव 😀\r\n"
    assert is_plain(text) and plain(text) == text


@pytest.mark.parametrize("text", ["²", "١٢", "-1", "+1", " 1", "1_0", "1e3", "", None, "9" * 5000, str(LARGEST + 1)])
def test_what_is_no_number_of_ours_is_none(text):
    assert whole_number(text) is None


def test_digits_are_a_number():
    assert (whole_number("0"), whole_number("12"), whole_number(str(LARGEST))) == (0, 12, LARGEST)


SEARCHES = [
    ("documents", "q"), ("documents", "kind"), ("documents", "status"), ("people", "q"), ("people", "peran"),
    ("people_excel", "q"), ("regencies", "q"), ("regencies_excel", "q"), ("agencies", "q"), ("meetings", "q"),
    ("meetings", "tuan_rumah"), ("journal", "q"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parameter"), SEARCHES)
def test_a_search_for_nul_is_a_search_for_nothing(name, parameter, cast, client_of):
    answer = client_of(cast.admin).get(f"{reverse(name)}?{parameter}={NUL}")
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/kabupaten/%00/", "/v/%00/", "/jurnal/riwayat/%00/1/", "/sandi/baru/%01/"])
def test_an_address_with_a_control_character_is_refused(path, cast, client_of):
    answer = client_of(cast.admin).get(path)
    assert answer.status_code == 400 and "tidak terbaca" in answer.content.decode()


def test_a_form_arrives_without_control_characters(cast, client_of):
    sent = {"full_name": f"Operator{BELL} Belu", "email": cast.operator_belu.email, "phone": "08\x0012"}
    answer = client_of(cast.operator_belu).post(reverse("profile"), sent)
    cast.operator_belu.refresh_from_db()
    assert answer.status_code == 302
    assert (cast.operator_belu.full_name, cast.operator_belu.phone) == ("Operator Belu", "0812")


def test_a_late_form_with_nul_is_kept(cast, client_of, settings):
    from portal.accounts.models import ParkedForm

    client, settings.IDLE_MINUTES = client_of(cast.operator_belu), -1
    session = client.session
    session["last_seen"] = 1
    session.save()
    answer = client.post(reverse("profile"), {"full_name": "Operator\0Belu", "a\0b": "x"})
    assert answer.status_code == 302
    assert ["full_name", "OperatorBelu"] in ParkedForm.objects.get().data


def test_a_forged_text_in_the_database_does_not_break_the_download():
    assert excel_response("daftar", "Judul", ["A"], [["garam\x01"]]).status_code == 200


@pytest.mark.parametrize("name", ["journal", "journal_excel", "journal_csv"])
@pytest.mark.parametrize("query", ["sampai=9999-12-31", "dari=0001-01-01&sampai=0001-01-01", f"sebelum={'9' * 5000}"])
def test_the_journal_bears_any_filter(name, query, cast, client_of):
    assert client_of(cast.admin).get(f"{reverse(name)}?{query}").status_code == 200


def test_an_odd_search_is_shown_as_it_was_typed(cast, client_of):
    answer = client_of(cast.admin).get(f"{reverse('meetings')}?q={quote('<b>garam')}")
    assert "&lt;b&gt;garam" in answer.content.decode()


CHARSETS = ["charset=idna", "charset=punycode", "Charset = utf-16", "charset*=utf-8''idna", "charset=rot13"]


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_request_does_not_choose_how_it_is_read(charset, rf, db):
    from portal.wsgi import application

    seen = []
    environ = rf.get(f"{reverse('verify')}?kode=%ff").environ
    environ["CONTENT_TYPE"] = f"application/x-www-form-urlencoded; {charset}"
    application(environ, lambda status, headers: seen.append(status))
    assert seen == ["422 Unprocessable Entity"]
