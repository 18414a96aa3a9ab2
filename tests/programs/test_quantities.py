"""Numbers as people type them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from programs.facts.quantities import UnreadableNumber, parse_decimal, parse_quantity, parse_rupiah, written_number

CASES = json.loads((Path(__file__).parents[1] / "data" / "quantities.json").read_text())


@pytest.mark.parametrize("case", CASES["quantities"], ids=lambda case: repr(case[0])[:40])
def test_a_quantity_is_the_product_of_its_factors(case: list) -> None:
    text, product, *written = case
    if product is None:
        with pytest.raises(UnreadableNumber) as refusal:
            parse_quantity(text)
        assert str(refusal.value).endswith((".", "”."))
        return
    quantity = parse_quantity(text)
    assert quantity.product == Decimal(product)
    assert quantity.text == written[0]
    assert parse_quantity(quantity.text) == quantity


@pytest.mark.parametrize("case", CASES["rupiah"], ids=lambda case: repr(case[0])[:40])
def test_rupiah_in_indonesian_and_english_shape(case: list) -> None:
    text, amount = case
    if amount is None:
        with pytest.raises(UnreadableNumber):
            parse_rupiah(text)
    else:
        assert parse_rupiah(text) == amount


def test_factors_keep_their_units() -> None:
    quantity = parse_quantity("30 orang x 3 hari")
    assert [(factor.number, factor.unit) for factor in quantity.factors] == [(30, "orang"), (3, "hari")]


def test_decimals_have_at_most_two_places() -> None:
    assert parse_decimal("1.000,25") == Decimal("1000.25")
    for text in ("0,125", "1,500", "", "a", "-1", "9" * 30, "NaN"):
        with pytest.raises(UnreadableNumber):
            parse_decimal(text)


def test_a_sentence_quotes_only_the_beginning_of_a_long_text() -> None:
    with pytest.raises(UnreadableNumber) as refusal:
        parse_rupiah("a" * 5000)
    assert len(str(refusal.value)) < 200


def test_numbers_are_written_without_needless_zeros() -> None:
    assert [written_number(Decimal(text)) for text in ("1000.50", "3.00", "0", "1234567")] == [
        "1.000,5", "3", "0", "1.234.567",
    ]  # fmt: skip
