"""The pages of the outbox and of what somebody is told: budgets, odd input, whose message it is."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.utils import timezone

from portal.outbox import actions
from portal.outbox.facts import Enclosure, Part, Recipient, person_key, whatsapp_url
from portal.outbox.models import Message

pytestmark = pytest.mark.django_db

ICS = Enclosure("agenda.ics", content=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", mime="text/calendar")


@pytest.fixture
def put(published_meeting, cast):
    """`put(number)`: that many messages that wait, the first to the head of Belu's office."""

    def make(count: int, first: int = 0) -> list[Message]:
        return [
            actions.put(
                published_meeting, by=cast.panitia, attachments=[ICS],
                recipient=Recipient(
                    f"kantor{n}", f"Kantor {n}", f"kantor{n}@example.go.id", "0812-3456-7890",
                    tuple(person_key(one.pk) for one in (cast.kadis_belu, cast.operator_belu)) if n == 0 else (),
                ),
                part=Part("surat", f"Undangan {n}", "Mohon hadir.", "/rakor/"),
            )
            for n in range(first, first + count)
        ]  # fmt: skip

    return make


def test_list_searches_filters_sorts_and_leaves_as_excel(put, cast, client_of):
    put(3)
    client = client_of(cast.panitia)
    assert "Undangan 2" in client.get("/pesan/?q=kantor+2").content.decode()
    assert "Tidak ada yang cocok" in client.get("/pesan/?status=gagal").content.decode()
    assert client.get("/pesan/?status=%00&saluran=x&sort=zz&page=99999").status_code == 200
    for channel in ("surel", "tanpa_surel", "whatsapp"):
        assert client.get(f"/pesan/?saluran={channel}").status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/pesan/?format=xlsx&sort=nama").content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Kantor 0", "Kantor 1", "Kantor 2"]


def test_list_budget(put, cast, client_of, assert_queries):
    put(2)
    client = client_of(cast.panitia)
    client.get("/pesan/")
    with assert_queries(7):
        client.get("/pesan/")
    put(40, first=2)
    with assert_queries(7):
        client.get("/pesan/")


def test_ticked_messages_leave_others_stay(put, cast, client_of):
    first, second = put(2)
    client = client_of(cast.panitia)
    answer = client.post("/pesan/lepas/", {"pesan": [f"{first.pk}:{first.version}", "x", "9:", f"{10**30}:1"]})
    assert answer.status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("dilepas", "menunggu")


def test_all_that_wait_leave_but_not_what_came_since(put, cast, client_of):
    put(30)
    client = client_of(cast.panitia)
    seen = timezone.now()
    put(1, first=30)
    client.post("/pesan/lepas/?status=menunggu", {"semua": "1", "dilihat": seen.isoformat()})
    assert Message.objects.filter(status="dilepas").count() == 30
    assert Message.objects.get(status="menunggu").name == "Kantor 30"
    for odd in ("", "kemarin", "2019-13-45T99:99", "2019-04-24T09:00"):
        assert client.post("/pesan/lepas/", {"semua": "1", "dilihat": odd}).status_code == 302
    assert Message.objects.filter(status="menunggu").count() == 1


def test_one_that_changed_meanwhile_does_not_leave(put, cast, client_of):
    [message] = put(1)
    Message.objects.filter(pk=message.pk).update(version=message.version + 1)
    client = client_of(cast.panitia)
    assert client.post("/pesan/lepas/", {"pesan": f"{message.pk}:{message.version}"}).status_code == 409
    assert client.post(f"/pesan/{message.pk}/lepas/", {"versi": message.version}).status_code == 409
    assert client.post(f"/pesan/{message.pk}/lepas/", {"versi": message.version + 1}).status_code == 302


def test_each_step_of_a_message(put, cast, client_of):
    [message] = put(1)
    client = client_of(cast.panitia)
    page = client.get(f"/pesan/{message.pk}/").content.decode()
    assert "Lepas pesan" in page and "Mohon hadir." in page and "https://wa.me/6281234567890" in page
    for step, status in (("salin", "menunggu"), ("lepas", "dilepas"), ("batal", "batal")):
        assert client.post(f"/pesan/{message.pk}/{step}/").status_code == 302
        message.refresh_from_db()
        assert message.status == status
    assert client.post(f"/pesan/{message.pk}/kirim-ulang/").status_code == 403
    assert client.post(f"/pesan/{message.pk}/aneh/").status_code == 404
    assert client.get(f"/pesan/{message.pk}/lepas/").status_code == 302


def test_recipients_read_their_own_and_put_it_aside(put, cast, client_of):
    own, other = put(2)
    client = client_of(cast.kadis_belu)
    assert client.get("/pesan/").status_code == 403
    assert client.get(f"/pesan/untuk-saya/{own.pk}/").status_code == 404  # nobody has looked at it yet
    actions.release([own, other], by=cast.panitia)
    assert client.get("/").content.decode().count("Undangan 0") == 1
    page = client.get(f"/pesan/untuk-saya/{own.pk}/").content.decode()
    assert "Sudah saya baca" in page
    file = own.attachments.get()
    assert client.get(f"/pesan/{own.pk}/lampiran/{file.pk}/")["Content-Type"] == "text/calendar"
    for address in (f"/pesan/untuk-saya/{other.pk}/", f"/pesan/{other.pk}/lampiran/{other.attachments.get().pk}/"):
        assert client.get(address).status_code == 404
    assert client.get(f"/pesan/{own.pk}/").status_code == 403
    assert client.post(f"/pesan/untuk-saya/{own.pk}/dibaca/").status_code == 302
    assert "Undangan 0" not in client.get("/").content.decode()
    assert "Undangan 0" in client.get("/pesan/untuk-saya/?keadaan=dibaca").content.decode()
    assert "Tidak ada yang cocok" in client.get("/pesan/untuk-saya/?keadaan=baru").content.decode()
    for order in ("", "lama", "perihal", "%00"):
        assert "Undangan 0" in client.get(f"/pesan/untuk-saya/?sort={order}&q=undangan").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get("/pesan/untuk-saya/?format=xlsx").content)).active
    assert [[row[2].value, row[4].value] for row in book.iter_rows(min_row=2)] == [["Undangan 0", "Sudah dibaca"]]
    assert "Belum ada pesan untuk Anda" in client_of(cast.operator_ende).get("/pesan/untuk-saya/").content.decode()


def test_numbers_that_whatsapp_knows():
    assert whatsapp_url("+62 812-3456-7890", "Halo & baik") == "https://wa.me/6281234567890?text=Halo%20%26%20baik"
    for odd in ("", "(0389) 21234", "12", "0812", "62812x"):
        assert whatsapp_url(odd, "x") == ""
