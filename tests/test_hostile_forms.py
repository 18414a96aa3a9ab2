"""A thousand hostile forms: every address that writes gets fields it knows with values nobody would type.

No answer may be a crash, and every refusal is a sentence. Seeded: the same thousand every time.
"""

from __future__ import annotations

import random
import re

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access_objects import OBJECTS, World
from tests.addresses import addresses
from tests.cast import Cast
from tests.test_access import ROWS, Row

FORMS = 1500
PARTS = ("programs.", "rakor.", "portal.outbox.", "regencies.views.registers")
VALUES = [
    "", " ", "0", "-1", "1e309", "NaN", "9" * 30, "2147483648", "9223372036854775808", "0x10", "1,5", "1.000.000,00",
    "\u0663", "\uff19", "\u202eabc", "\u00bd", "\t\n\r", "a" * 70_000, "é" * 300, "\U0001f9f6" * 200,
    "<script>alert(1)</script>",
    "'; DROP TABLE programs_proposal; --", "{{7*7}}", "%s%n", "../../etc/passwd", "=cmd|' /C calc'!A0", "null", "None",
    "[]", "{}", "true", "31.02.2020", "2020-02-30", "0001-01-01", "9999-12-31", "24:61", "disepakati", "dialihkan",
    "APBN", "TIDAK_ADA", "00000000-0000-0000-0000-000000000000", "not-a-uuid", "1 orang × 2 hari", "x" * 5, "-0", "+1",
]  # fmt: skip
# Sent by scripts, so they stand in no form of a page.
SCRIPTED = [
    "base_version", "key", "version", "choice", "seq", "before", "order", "decision", "agreed_rupiah", "reason",
    "redirect_to", "change", "text", "note", "field", "line", "step", "title", "description", "quantity_text",
    "unit_price_rupiah", "source", "share-APBN", "seen-APBN", "client_key", "delegate_name", "offset", "size", "name",
    "item", "proposals", "verifier", "until", "tahun", "potong", "pagu_APBN", "contract", "base", "seen", "scans",
    "code",
]  # fmt: skip
NAME = re.compile(r'<(?:input|textarea|select|button)[^>]*\bname="([^"]+)"')
BY_MODULE = {address.name: address.view.__module__ for address in addresses()}


def _writers() -> list[tuple[Row, str]]:
    """Rows of addresses that write, each with somebody who gets further than a refusal."""
    found = []
    for row in ROWS:
        if row.method != "POST" or not BY_MODULE[row.name].startswith(PARTS):
            continue
        let_in = [name for name, code in row.codes.items() if name != "anonymous" and code in (200, 302, 409, 422)]
        if let_in:
            found.append((row, let_in[0]))
    return found


WRITERS = _writers()
TIMES = -(-FORMS // max(1, len(WRITERS)))


def test_there_are_enough_of_them() -> None:
    assert len(WRITERS) >= 40 and len(WRITERS) * TIMES >= FORMS


@pytest.mark.parametrize(("row", "person"), WRITERS, ids=str)
def test_hostile_forms_get_a_sentence(row: Row, person: str, cast: Cast, client_of) -> None:
    dice = random.Random(str(row))  # noqa: S311  the same dice every time
    thing, *given = row.thing.split(",")
    found = {**OBJECTS[thing](World(cast)), **dict(pair.split("=") for pair in given)}
    address = next(address for address in addresses() if address.name == row.name)
    path = reverse(row.name, kwargs={key: found[key] for key in address.parameters})
    client = client_of(cast[person])
    page = client.get(path)
    known = NAME.findall(page.content.decode()) if page.status_code == 200 and not page.streaming else []
    fields = sorted({*known, *SCRIPTED} - {"csrfmiddlewaretoken"})
    for _number in range(TIMES):
        chosen = dice.sample(fields, k=min(len(fields), dice.randint(3, 25)))
        data = {name: [dice.choice(VALUES) for _n in range(dice.choice((1, 1, 1, 3)))] for name in chosen}
        headers = {"X-Requested-With": "fetch"} if dice.random() < 0.5 else {}
        with transaction.atomic():
            answer = client.post(path, data, headers=headers)
            transaction.set_rollback(True)
        assert answer.status_code < 500, (path, data)
        if answer.status_code in (400, 403, 409, 422):
            assert answer.content.strip(), (path, data)
