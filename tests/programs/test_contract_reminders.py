"""Reminders 60 and 14 days before the end: once each, one letter per person, whatever the mail server does."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from programs import clock
from programs import mail as letters
from programs.actions.contract_reminders import remind_contracts
from programs.models import Contract, ContractReminder
from programs.queries import contract_tasks as tasks
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_governor

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def mailbox(settings: Any, cast: Cast) -> Any:
    """A mail server in memory; everybody of the cast has an address."""
    settings.EMAIL_HOST = "mail.example"
    for name in ("panitia", "kabid", "kadis_belu", "kabid_belu", "kadis_ende", "operator_belu", "observer"):
        cast[name].email = f"{name}@example.com"
        cast[name].save(update_fields=["email"])
    return mail


def ending(days: int, regency: str = "53.04", **values: Any) -> Contract:
    contract = make_contract(status="aktif", regency=regency, **values)
    contract.ends_on = TODAY + dt.timedelta(days=days)
    contract.starts_on = TODAY - dt.timedelta(days=300)
    contract.save(update_fields=["starts_on", "ends_on"])
    return contract


def days_of(contract: Contract) -> list[int]:
    return sorted(contract.reminders.values_list("days", flat=True))


def test_each_distance_is_announced_once(cast: Cast, mailbox: Any) -> None:
    contract = ending(60)
    assert remind_contracts(TODAY - dt.timedelta(days=1)) == 0
    assert remind_contracts(TODAY) == 1 and days_of(contract) == [60]
    assert remind_contracts(TODAY) == 0 == remind_contracts(TODAY + dt.timedelta(days=45))
    assert remind_contracts(TODAY + dt.timedelta(days=46)) == 1 and days_of(contract) == [14, 60]
    assert remind_contracts(TODAY + dt.timedelta(days=60)) == 0
    assert remind_contracts(TODAY + dt.timedelta(days=61)) == 0
    belu = [message for message in mail.outbox if message.to == ["kadis_belu@example.com"]]
    assert len(belu) == 2


def test_who_is_already_close_is_told_once_not_twice(cast: Cast, mailbox: Any) -> None:
    contract = ending(10)
    assert remind_contracts(TODAY) == 1 and days_of(contract) == [14, 60]
    assert len(mail.outbox) == 4  # panitia, kabid, and Belu's two heads


def test_one_letter_per_person_with_all_contracts(cast: Cast, mailbox: Any) -> None:
    make_governor()
    rows = [ending(50), ending(12), ending(40, "53.08"), ending(30, kind="nota_kesepahaman")]
    ending(55, "53.08")
    assert remind_contracts(TODAY) == 5
    by_person = {message.to[0].partition("@")[0]: message for message in mail.outbox}
    assert set(by_person) == {"panitia", "kabid", "kadis_belu", "kabid_belu", "kadis_ende"}
    counts = {name: message.subject for name, message in by_person.items()}
    assert counts["panitia"] == "5 kontrak akan berakhir" and counts["kadis_belu"] == "3 kontrak akan berakhir"
    text = by_person["kadis_belu"].body
    assert rows[0].title in text and rows[2].title not in text
    assert f"http://testserver{rows[1].get_absolute_url()}" in text or rows[1].get_absolute_url() in text
    assert text.index(rows[1].title) < text.index(rows[0].title)
    assert "Rp" not in text and "&" not in text
    assert ContractReminder.objects.get(contract=rows[0], days=60).mailed == 4


def test_what_is_renewed_or_over_is_not_announced(cast: Cast, mailbox: Any) -> None:
    renewed, over, draft = ending(30), ending(-1), make_contract()
    make_contract(worker=renewed.worker, contract_year=2, previous=renewed)
    Contract.objects.filter(pk=draft.pk).update(ends_on=TODAY)
    assert remind_contracts(TODAY) == 0 and not over.reminders.exists()


def test_without_a_mail_server_the_portal_reminds_alone(cast: Cast, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    contract = ending(14)
    assert remind_contracts(TODAY) == 1 and mail.outbox == []
    assert ContractReminder.objects.filter(contract=contract, mailed=0).count() == 2


def test_a_server_that_does_not_answer_leaves_all_for_the_next_hour(
    cast: Cast, mailbox: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending(14)
    with socket.socket() as silent:  # takes the connection and never says a word
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        monkeypatch.setattr(letters, "SECONDS", 0.3)
        assert remind_contracts(TODAY) == 0 and not ContractReminder.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind_contracts(TODAY) == 1 and len(mail.outbox) == 4


def test_a_server_that_dies_in_between_is_never_asked_twice(
    cast: Cast, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, tried = ending(30), []

    def refuse(letter: Any, _connection: Any) -> bool:
        tried.append(letter.person.pk)
        return len(tried) == 1

    monkeypatch.setattr(letters, "send_reminder", refuse)
    assert remind_contracts(TODAY) == 1 and len(tried) == 4
    assert contract.reminders.get().mailed == 1
    assert remind_contracts(TODAY) == 0 and len(tried) == 4


def test_two_clocks_at_once_send_once(cast: Cast, mailbox: Any, transactional_db: None) -> None:
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
    assert sum(counts) == 1 and len(mail.outbox) == 4


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
