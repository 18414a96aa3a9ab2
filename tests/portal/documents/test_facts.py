"""Envelope, code and shape of facts."""

from __future__ import annotations

import hashlib

import pytest

from portal.documents.facts import ALPHABET, Envelope, read_code, show_code
from portal.documents.shapes import FactsError
from tests.portal.documents.papers import envelope, sample


def test_the_same_facts_in_another_order_are_the_same_paper() -> None:
    facts = sample("agenda")
    backwards = dict(reversed(facts.items()))
    assert Envelope("agenda", 1, "A4", facts).digest == Envelope("agenda", 1, "A4", backwards).digest


@pytest.mark.parametrize("other", [("agenda", 2, "A4"), ("daftar", 1, "A4"), ("agenda", 1, "F4")])
def test_kind_version_and_paper_belong_to_the_identity(other: tuple) -> None:
    facts = sample("agenda")
    assert Envelope("agenda", 1, "A4", facts).digest != Envelope(*other, facts).digest


def test_the_hash_is_that_of_the_canonical_bytes() -> None:
    paper = envelope("notula")
    assert hashlib.sha256(paper.canonical).hexdigest() == paper.digest
    assert b": " not in paper.canonical[:40]


def test_the_code_follows_from_the_facts() -> None:
    code = envelope("agenda").code
    assert code == envelope("agenda").code != envelope("agenda", place="Ende").code
    assert len(code) == 10 and set(code) <= set(ALPHABET)
    assert show_code(code) == f"{code[:5]}-{code[5:]}"


@pytest.mark.parametrize(
    "typed", ["0123A-1BCDE", "0123a1bcde", " o123a – 1bcde ", "OI23A-LBCDE", "0 1 2 3 a 1 b c d e"]
)
def test_a_code_is_read_in_any_spelling(typed: str) -> None:
    assert read_code(typed) == "0123A1BCDE"


@pytest.mark.parametrize("typed", ["", "123", "0123A-1BCDU", "0123A-1BCDE9", "../../etc/passwd", "0123A1BCD'"])
def test_what_is_no_code_reads_as_nothing(typed: str) -> None:
    assert read_code(typed) == ""


def broken(change: object) -> dict:
    facts = sample("agenda")
    change(facts)
    return facts


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda facts: facts.pop("meeting"), "Isi dokumen tidak lengkap: «meeting» belum ada."),
        (
            lambda facts: facts["days"][1]["rows"][3].update(time=900),
            "Isi dokumen tidak sesuai: «days[1].rows[3].time» harus berupa teks.",
        ),
        (lambda facts: facts.update(days={}), "Isi dokumen tidak sesuai: «days» harus berupa daftar."),
        (lambda facts: facts.update(days=["x"]), "Isi dokumen tidak sesuai: «days[0]» harus berupa kelompok data."),
        (
            lambda facts: facts["days"][0]["rows"][0].update(is_break="ya"),
            "Isi dokumen tidak sesuai: «days[0].rows[0].is_break» harus berupa ya atau tidak.",
        ),
        (lambda facts: facts.update(secret="x"), "Isi dokumen memuat «secret», yang tidak dikenal templat ini."),
    ],
)
def test_misfits_are_named_in_a_sentence(change: object, sentence: str) -> None:
    with pytest.raises(FactsError) as caught:
        _ = Envelope("agenda", 1, "A4", broken(change)).canonical
    assert str(caught.value) == sentence


def test_five_megabytes_of_text_are_refused_with_a_sentence() -> None:
    with pytest.raises(FactsError, match="Teks pada «place» terlalu panjang"):
        _ = envelope("agenda", place="a" * 5_000_000).canonical
    with pytest.raises(FactsError, match="Isi dokumen terlalu panjang"):
        _ = envelope("agenda", notes=["a" * 190_000] * 27).canonical


def test_a_kind_without_shape_takes_any_plain_data_but_nothing_else() -> None:
    assert Envelope("lain", 1, "A4", {"a": 1}).digest
    with pytest.raises(FactsError):
        _ = Envelope("lain", 1, "A4", {"a": object()}).canonical
    with pytest.raises(FactsError):
        _ = Envelope("lain", 1, "A4", ["a"]).canonical
