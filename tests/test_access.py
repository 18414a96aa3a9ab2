"""The access matrix: every address, everybody of the cast, the literal status code (tests/access_matrix.txt)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access_objects import OBJECTS, World
from tests.addresses import Address, addresses
from tests.cast import ANYBODY, Cast

MATRIX = Path(__file__).with_name("access_matrix.txt")
COLUMNS = {
    "anon": "anonymous",
    "adm": "admin",
    "kdp": "kadis_prov",
    "kbd": "kabid",
    "pan": "panitia",
    "not": "notulis",
    "ver": "verifikator",
    "kdb": "kadis_belu",
    "opb": "operator_belu",
    "ope": "operator_ende",
    "kbk": "kabid_belu",
    "pim": "bupati_belu",
    "tpl": "tpl_belu",
    "obs": "observer",
    "str": "stranger",
}


@dataclass(frozen=True)
class Row:
    """One line: who gets which answer."""

    method: str
    name: str
    thing: str
    codes: dict[str, int]

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.thing}"

    def line(self, codes: dict[str, int]) -> str:
        """The row as the file writes it."""
        return _columns(self.method, self.name, self.thing, codes.values())


def _columns(method: str, name: str, thing: str, answers: Iterable[object]) -> str:
    return f"{method:<5}{name:<30}{thing:<38}" + "".join(f"{answer:>5}" for answer in answers)


def _lines() -> list[str]:
    return [line for line in MATRIX.read_text().splitlines() if line.strip() and not line.startswith("#")]


def read_matrix() -> list[Row]:
    """The rows of the file; its head line gives the order of the people."""
    lines = [line.split() for line in _lines()]
    people = [COLUMNS[column] for column in lines[0][3:]]
    rows = []
    for method, name, thing, *codes in lines[1:]:
        rows.append(Row(method, name, thing, dict(zip(people, map(int, codes), strict=True))))
    return rows


ROWS = read_matrix()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_exactly_this_answer(row: Row, cast: Cast, client_of) -> None:
    world = World(cast)
    thing, *given = row.thing.split(",")
    found = {**OBJECTS[thing](world), **dict(pair.split("=") for pair in given)}
    address = next(address for address in addresses() if address.name == row.name)
    path = reverse(row.name, kwargs={key: found[key] for key in address.parameters})
    codes = {name: _answer(client_of(cast[name]), row.method, path) for name in row.codes}
    assert codes == row.codes, f"\nit is now:\n{row.line(codes)}\n{path}"


def _answer(client: Client, method: str, path: str) -> int:
    """The status code; what the request stored is taken back."""
    client.raise_request_exception = True
    with transaction.atomic():
        answer = getattr(client, method.lower())(path)
        transaction.set_rollback(True)
    return answer.status_code


def test_the_matrix_names_the_whole_cast() -> None:
    assert list(ROWS[0].codes) == [name for name in ANYBODY if name != "kadis_ende"]


def test_the_matrix_stands_in_columns() -> None:
    assert _lines() == [_columns("how", "address", "object", COLUMNS), *(row.line(row.codes) for row in ROWS)]


def test_every_address_has_a_row() -> None:
    missing = {address.name for address in addresses()} - {row.name for row in ROWS}
    assert not missing, "add rows to tests/access_matrix.txt for: " + ", ".join(sorted(missing))


def test_every_page_that_writes_has_a_row_for_its_form_and_for_its_button() -> None:
    methods = {(row.name, row.method) for row in ROWS}
    wanted = {(one.name, "POST") for one in addresses() if one.mode == "writes"}
    missing = {name for name, _method in wanted - methods}
    assert not missing, "add POST rows to tests/access_matrix.txt for: " + ", ".join(sorted(missing))


def test_no_row_without_an_address() -> None:
    left_over = {row.name for row in ROWS} - {address.name for address in addresses()}
    assert not left_over


READING = [one for one in addresses() if one.mode == "reads"]


@pytest.mark.parametrize("address", READING, ids=lambda address: address.name)
def test_a_page_that_reads_answers_nothing_but_reading(address: Address, cast: Cast, rf) -> None:
    for method in ("post", "put", "patch", "delete"):
        request = getattr(rf, method)(address.path)
        request.user = cast.admin
        assert address.view(request).status_code == 405


OURS = [one for one in addresses() if one.mode]


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_a_script_without_login_is_told_so_instead_of_getting_a_page(address: Address, rf) -> None:
    from django.contrib.auth.models import AnonymousUser

    if address.view.access.who(AnonymousUser()):
        pytest.skip("open to everybody")
    request = rf.get(address.path, headers={"X-Requested-With": "fetch"})
    request.user, request.htmx = AnonymousUser(), False
    answer = address.view(request)
    assert (answer.status_code, answer["X-Login-Required"]) == (401, "1")
