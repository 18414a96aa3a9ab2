"""Reminders 60 and 14 days before the end: once each, one message per recipient, through the outbox."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portal.outbox.models import Message
from portal.outbox.tasks import send_message
from programs import clock
from programs.actions.contract_reminders import remind_contracts
from programs.models import Contract, ContractReminder
from programs.queries import contract_tasks as tasks
from regencies.models import Position
from tests.cast import Cast
from tests.factories import lead_agency, make_position, make_user
from tests.factories_contracts import make_contract, make_governor, make_worker
from tests.portal.outbox.mail_server import MailServer, mail_server

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def mailbox(settings: Any, cast: Cast) -> Iterator[MailServer]:
    """A mail server on this machine; everybody of the cast has an address."""
    for name in ("panitia", "kabid", "kadis_belu", "kabid_belu", "kadis_ende", "operator_belu", "observer"):
        cast[name].email = f"{name}@example.com"
        cast[name].save(update_fields=["email"])
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        yield server


def send_all() -> None:
    """What workers do."""
    for pk in Message.objects.filter(status="dilepas").values_list("pk", flat=True):
        send_message(pk)


def ending(days: int, regency: str = "53.04", **values: Any) -> Contract:
    contract = make_contract(status="aktif", regency=regency, **values)
    contract.ends_on = TODAY + dt.timedelta(days=days)
    contract.starts_on = TODAY - dt.timedelta(days=300)
    contract.save(update_fields=["starts_on", "ends_on"])
    return contract


def days_of(contract: Contract) -> list[int]:
    return sorted(contract.reminders.values_list("days", flat=True))


def letters(server: MailServer) -> dict[str, str]:
    """Text by address; each address has one letter."""
    send_all()
    found = {letter["To"].partition("@")[0]: letter.get_payload(decode=True).decode() for letter in server.taken}
    assert len(found) == len(server.taken)
    return found


def test_each_distance_is_announced_once(cast: Cast, mailbox: MailServer) -> None:
    contract = ending(60)
    assert remind_contracts(TODAY - dt.timedelta(days=1)) == 0
    assert remind_contracts(TODAY) == 1 and days_of(contract) == [60]
    send_all()
    assert remind_contracts(TODAY) == 0 == remind_contracts(TODAY + dt.timedelta(days=45))
    assert remind_contracts(TODAY + dt.timedelta(days=46)) == 1 and days_of(contract) == [14, 60]
    send_all()
    assert remind_contracts(TODAY + dt.timedelta(days=60)) == 0 == remind_contracts(TODAY + dt.timedelta(days=61))
    texts = [letter.get_payload(decode=True).decode() for letter in mailbox.taken if "kadis_belu" in letter["To"]]
    assert len(texts) == 2 and "pengingat 60 hari" in texts[0] and "pengingat 14 hari" in texts[1]


def test_who_is_already_close_is_told_once_not_twice(cast: Cast, mailbox: MailServer) -> None:
    contract = ending(10)
    assert remind_contracts(TODAY) == 1 and days_of(contract) == [14, 60]
    found = letters(mailbox)
    assert set(found) == {"panitia", "kabid", "kadis_belu", "kabid_belu"} and "pengingat 14 hari" in found["panitia"]


def test_one_message_per_recipient_with_all_contracts(cast: Cast, mailbox: MailServer) -> None:
    make_governor()
    rows = [ending(50), ending(12), ending(40, "53.08"), ending(30, kind="nota_kesepahaman")]
    ending(55, "53.08")
    assert remind_contracts(TODAY) == 5
    found = letters(mailbox)
    assert set(found) == {"panitia", "kabid", "kadis_belu", "kabid_belu", "kadis_ende"}
    assert found["panitia"].count("Akan berakhir") == 5 and found["kadis_belu"].count("Akan berakhir") == 3
    text = found["kadis_belu"]
    assert rows[0].title in text and rows[2].title not in text and rows[1].get_absolute_url() in text
    assert text.index(rows[1].title) < text.index(rows[0].title)
    assert "Rp" not in text and "&" not in text


def test_each_office_reads_one_in_the_portal_also_its_head_of_tomorrow(cast: Cast, mailbox: MailServer) -> None:
    ending(30)
    remind_contracts(TODAY)
    for name in ("panitia", "kabid", "kadis_belu", "kabid_belu"):
        assert Message.objects.received_by(cast[name]).count() == 1, name
    for name in ("kadis_ende", "operator_belu", "bupati_belu", "tpl_belu", "notulis", "stranger"):
        assert not Message.objects.received_by(cast[name]).exists(), name
    Position.objects.filter(person=cast.kadis_belu).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    new = make_user("kadis_baru")
    make_position(new, "kadis_kab", lead_agency("53.04"), starts_on=timezone.localdate())
    assert Message.objects.received_by(type(new).objects.get(pk=new.pk)).count() == 1


def test_an_address_is_written_to_once_whatever_its_owner_holds(cast: Cast, mailbox: MailServer) -> None:
    """A head who also stands in as head of division; a division head who also works for the committee."""
    make_position(cast.kadis_belu, "kabid_kab", lead_agency("53.04"))
    make_position(cast.kabid, "panitia", lead_agency())
    make_position(cast.kabid_belu, "kabid_kab", lead_agency("53.08"))
    ending(30)
    ending(40, "53.08")
    remind_contracts(TODAY)
    found = letters(mailbox)
    assert set(found) == {"panitia", "kabid", "kadis_belu", "kabid_belu", "kadis_ende"}
    assert found["kabid_belu"].count("Akan berakhir") == 2


def own_messages(worker: Any) -> list[Message]:
    return list(Message.objects.filter(recipient_key=f"tpl-{worker.pk}").order_by("pk"))


def test_the_worker_is_told_himself_once_for_each_distance(cast: Cast, mailbox: MailServer, client_of: Any) -> None:
    worker = make_worker("Maria Contoh", user=cast.tpl_belu, email="maria@example.com", phone="0812-3456-7890")
    contract = ending(60, worker=worker)
    other = ending(60)
    assert remind_contracts(TODAY) == 2 and remind_contracts(TODAY) == 0
    [message] = own_messages(worker)
    assert (message.name, message.email) == ("Maria Contoh", "maria@example.com")
    assert message.subject == "Kontrak Saudara berakhir Kamis, 21 Januari 2027"
    found = letters(mailbox)
    assert set(found) == {"panitia", "kabid", "kadis_belu", "kabid_belu", "maria"}
    assert contract.number.text in found["maria"] and "pengingat 60 hari" in found["maria"]
    assert other.get_absolute_url() not in found["maria"] and "Perpanjang, atau" not in found["maria"]
    client = client_of(cast.tpl_belu)
    assert message.subject in client.get("/").content.decode()
    assert contract.get_absolute_url() in client.get(f"/pesan/untuk-saya/{message.pk}/").content.decode()
    assert client.get(contract.get_absolute_url()).status_code == 200
    assert remind_contracts(TODAY + dt.timedelta(days=46)) == 2 and len(own_messages(worker)) == 2
    assert not Message.objects.received_by(cast.operator_belu).exists()


def test_what_the_worker_has_not_read_yet_is_replaced_or_forgotten(cast: Cast, mailbox: MailServer) -> None:
    worker = make_worker(user=cast.tpl_belu)
    contract = ending(20, worker=worker)
    remind_contracts(TODAY)
    assert remind_contracts(TODAY + dt.timedelta(days=6)) == 1
    [message] = own_messages(worker)
    assert len(message.parts) == 1 and "pengingat 14 hari" in message.text and message.status == "dilepas"
    make_contract(worker=worker, contract_year=2, previous=contract)
    remind_contracts(TODAY + dt.timedelta(days=6))
    assert [row.status for row in own_messages(worker)] == ["batal"]


def test_a_worker_without_account_is_told_by_e_mail_without_an_address_not_at_all(
    cast: Cast, mailbox: MailServer
) -> None:
    make_governor()
    mailed, silent = make_worker("Yosef Contoh", email="yosef@example.com"), make_worker("Tanpa Surel", phone="0811")
    gone = make_worker("Akun Mati", user=make_user("mati", is_active=False))
    for worker in (mailed, silent, gone):
        ending(30, worker=worker)
    ending(30, kind="nota_kesepahaman")
    assert remind_contracts(TODAY) == 4
    text = letters(mailbox)["yosef"]
    assert "Kontrak Saudara berakhir" in text and "/kontrak/" not in text  # nothing he could open
    assert not own_messages(silent) and not own_messages(gone)
    assert Message.objects.filter(recipient_key__startswith="tpl-").count() == 1


def test_without_a_mail_server_only_accounts_are_told(cast: Cast, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    mailed = make_worker(email="yosef@example.com")
    read = make_worker("Maria Contoh", user=cast.tpl_belu)
    ending(30, worker=mailed), ending(30, worker=read)
    remind_contracts(TODAY)
    send_all()
    assert not own_messages(mailed) and [row.status for row in own_messages(read)] == ["terkirim"]
    assert Message.objects.received_by(cast.tpl_belu).count() == 1


def test_while_it_has_not_left_it_is_replaced(cast: Cast, mailbox: MailServer) -> None:
    """The worker was away: what came in between is in the same message, what was renewed is not."""
    first, second = ending(60), ending(20, "53.04")
    remind_contracts(TODAY)
    make_contract(worker=second.worker, contract_year=2, previous=second)
    third = ending(61)
    assert remind_contracts(TODAY + dt.timedelta(days=1)) == 1
    assert remind_contracts(TODAY + dt.timedelta(days=46)) == 1  # the first at 14 days
    found = letters(mailbox)
    assert "pengingat 14 hari" in found["panitia"] and found["panitia"].count(first.title) == 1
    assert third.title in found["panitia"] and second.title not in found["panitia"]


def test_what_is_renewed_or_over_is_not_announced(cast: Cast, mailbox: MailServer) -> None:
    renewed, over, draft = ending(30), ending(-1), make_contract()
    make_contract(worker=renewed.worker, contract_year=2, previous=renewed)
    Contract.objects.filter(pk=draft.pk).update(ends_on=TODAY)
    assert remind_contracts(TODAY) == 0 and not over.reminders.exists() and not Message.objects.exists()


def test_without_a_mail_server_the_portal_reminds_alone(cast: Cast, settings: Any, client_of: Any) -> None:
    settings.EMAIL_HOST = ""
    contract = ending(14)
    assert remind_contracts(TODAY) == 1
    send_all()
    assert set(Message.objects.values_list("recipient_key", "status")) == {
        ("kontrak", "terkirim"), (f"kontrak-{contract.regency_id}", "terkirim"),
    }  # fmt: skip
    client = client_of(cast.kabid_belu)
    assert contract.title in client.get("/").content.decode()
    message = Message.objects.get(recipient_key=f"kontrak-{contract.regency_id}")
    page = client.get(f"/pesan/untuk-saya/{message.pk}/").content.decode()
    assert contract.get_absolute_url() in page and client.get(contract.get_absolute_url()).status_code == 200


def test_a_server_that_refuses_shows_in_the_outbox_and_can_be_resent(
    cast: Cast, mailbox: MailServer, client_of: Any
) -> None:
    ending(30)
    mailbox.mood = "refuse"
    remind_contracts(TODAY)
    send_all()
    client = client_of(cast.panitia)
    page = client.get("/pesan/?status=gagal").content.decode()
    assert "Kontrak yang akan berakhir" in page and "550" in page
    mailbox.mood = "kind"
    failed = Message.objects.filter(status="gagal").first()
    assert client.post(f"/pesan/{failed.pk}/kirim-ulang/").status_code == 302
    assert len(letters(mailbox)) == 1 and remind_contracts(TODAY) == 0


def test_what_was_refused_is_forgotten_when_the_contract_is_renewed(cast: Cast, mailbox: MailServer) -> None:
    contract = ending(30)
    mailbox.mood = "refuse"
    remind_contracts(TODAY)
    send_all()
    assert set(Message.objects.values_list("status", flat=True)) == {"gagal"}
    make_contract(worker=contract.worker, contract_year=2, previous=contract)
    assert remind_contracts(TODAY) == 0
    assert set(Message.objects.values_list("status", flat=True)) == {"batal"}


def test_killed_before_it_was_stored_it_has_said_nothing(
    cast: Cast, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from programs.actions import contract_reminders

    ending(30)

    def die(*_args: Any, **_values: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(contract_reminders, "release", die)
    with pytest.raises(SystemExit):
        remind_contracts(TODAY)
    assert not ContractReminder.objects.exists() and not Message.objects.exists()
    monkeypatch.undo()
    assert remind_contracts(TODAY) == 1


def test_two_clocks_at_once_send_once(cast: Cast, mailbox: MailServer, transactional_db: None) -> None:
    ending(30)
    start, counts = threading.Barrier(2), []

    def sweep() -> None:
        start.wait(5)
        counts.append(remind_contracts(TODAY))
        connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 1 and len(letters(mailbox)) == 4


def test_nothing_leaves_at_night(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(clock, "announce", lambda: called.append(1) or 7)
    for hour, expected in ((3, 0), (7, 7)):
        monkeypatch.setattr(clock.timezone, "localtime", lambda hour=hour: dt.datetime(2026, 11, 22, hour))
        assert clock.remind_contracts() == expected
    assert called == [1]


def test_heads_of_division_in_regencies_see_it_among_their_tasks(cast: Cast) -> None:
    contract = make_contract(status="aktif")
    Contract.objects.filter(pk=contract.pk).update(ends_on=timezone.localdate() + dt.timedelta(days=13))
    for name in ("kadis_belu", "kabid_belu"):
        told = [task.title for task in tasks.regional_ending_tasks(cast[name])]
        assert told == ["1 kontrak berakhir dalam 14 hari"]
    assert list(tasks.regional_ending_tasks(cast.kadis_ende)) == []
