"""Variables in texts of contracts: what they become, and what no text and no value can do."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from portal.kernel.markup import clean
from programs.facts.contract_text import fill, in_sentence, own_variables, sentence_of, variables_in
from programs.facts.contract_variables import MOU, TPL, VARIABLES, own_label, sample_values

FIELDS = ["industri kompetensi inti daerah", "One Village One Product (OVOP)", "industri kreatif", "industri agro"]
HOSTILE_TEXTS = (
    "{__class__}", "{0.__class__.__mro__}", "{tempat.__class__}", "{tempat!r:>99999}", "{{", "}}", "{{tempat}}",
    "{{ tempat }}", "{% include '/etc/passwd' %}", "{% if", "{{{{{{", "{a{b{tempat}c}d}", "{tempat", "tempat}",
    "{}", "{ }", "%(tempat)s", "${tempat}", "<script>alert(1)</script>", '<img src=x onerror="alert(1)">',
    "\ue0000\ue001", "\ue000999\ue001", "\ue0000", "{\ue0000\ue001}", "{tempat\n}", "\x00", "{isian_" + "a" * 90 + "}",
)  # fmt: skip


def values(**changed: Any) -> dict[str, Any]:
    return {"tempat": "Atambua", "honorarium": "Rp5.000 (lima ribu rupiah)", "bidang_mandat": FIELDS, **changed}


def test_a_variable_becomes_its_value_within_the_marks_of_the_text() -> None:
    done = fill("Bertempat di **{tempat}**, { honorarium }.", values())
    assert done.html == "<p>Bertempat di <strong>Atambua</strong>, Rp5.000 (lima ribu rupiah).</p>\n"
    assert done.plain == "Bertempat di **Atambua**, Rp5.000 (lima ribu rupiah)."
    assert (done.missing, done.unknown) == ([], [])


@pytest.mark.parametrize(
    "value",
    ["<b>x</b>", "**x**", "{honorarium}", "1. x", "- x", "\ue0000\ue001", "a & b < c", "</p><script>x</script>", "_x_"],
)
def test_a_value_is_neither_markup_nor_another_variable(value: str) -> None:
    done = fill("Di {tempat} dan {honorarium}", values(tempat=value))
    assert "Rp5.000" in done.html and done.html.count("Rp5.000") == 1
    assert set(re.findall(r"</?(\w+)", done.html)) == {"p"}
    shown = re.sub(r"<[^>]+>", "", done.html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert f"Di {value} dan" in shown


def test_lists_are_lettered_alone_and_a_sentence_elsewhere() -> None:
    lettered = "".join(
        f"<li>{name}</li>" for name in
        (f"{FIELDS[0]};", f"{FIELDS[1]};", f"{FIELDS[2]}; dan", f"{FIELDS[3]}.")
    )  # fmt: skip
    assert fill("Meliputi:\n\n{bidang_mandat}", values()).html == f"<p>Meliputi:</p>\n<ul>{lettered}</ul>\n"
    assert f"<li>Meliputi:<ul>{lettered}</ul></li>" in fill("1. Meliputi:\n   {bidang_mandat}", values()).html
    assert fill("Meliputi:\n{bidang_mandat}", values()).html == f"<p>Meliputi:</p><ul>{lettered}</ul>\n"
    inline = "industri kompetensi inti daerah, One Village One Product (OVOP), industri kreatif, dan industri agro"
    assert fill("Bidang {bidang_mandat}.", values()).html == f"<p>Bidang {inline}.</p>\n"
    assert fill("Bidang {bidang_mandat}.", values()).plain == f"Bidang {inline}."
    assert fill("{bidang_mandat}", values(bidang_mandat=["<i>"])).html == "<ul><li>&lt;i&gt;.</li></ul>\n"


def test_what_is_missing_or_unknown_stays_visible_and_is_reported() -> None:
    done = fill("{tempat} {honorarium} {entah} {bidang_mandat} {isian_dipa} {entah}",
                values(tempat="", honorarium=" ", bidang_mandat=[]))  # fmt: skip
    assert done.missing == ["tempat", "honorarium", "bidang_mandat", "isian_dipa"] and done.unknown == ["entah"]
    assert '<mark class="missing">{tempat}</mark>' in done.html and '<mark class="unknown">{entah}</mark>' in done.html
    assert clean(done.html).startswith("<p>{tempat} {honorarium} {entah}")  # what a paper would print
    assert done.plain.startswith("{tempat} {honorarium} {entah}")


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_texts_are_letters(text: str) -> None:
    done = fill(text, values())
    assert not re.search(r"<(?!/?(p|br|strong|em|ul|ol|li|blockquote|mark)\b)", done.html)
    assert "root:" not in done.html and "object at" not in done.html and "type" not in done.html
    assert not re.search("[\ue000-\uf8ff]", done.html + done.plain)


def test_braces_around_a_variable_stay_braces() -> None:
    assert fill("{{tempat}}", values()).plain == "{Atambua}"
    assert fill("{__class__}", values()).unknown == ["__class__"]
    assert fill("{a{tempat}b}", values()).plain == "{aAtambuab}"


@pytest.mark.parametrize("piece", ["{", "{tempat}", "{entah}", "**", "- a\n", "> ", "{{", "\ue000", "[[", "1. "])
def test_five_megabytes_take_no_long_time(piece: str) -> None:
    text = piece * (5_000_000 // len(piece))
    begin = time.monotonic()
    fill(text, values())
    assert time.monotonic() - begin < 30


def test_a_text_as_long_as_a_field_is_read_quickly() -> None:
    for piece in ("{tempat} ", "**a", "*a_", "> ", "- {entah}\n", "1. x\n   - y\n", "`a", "\\*"):
        begin = time.monotonic()
        fill((piece * 8000)[:8000], values())
        assert time.monotonic() - begin < 3, piece


def test_own_variables_have_a_prefix_and_a_label() -> None:
    assert own_variables("{isian_sumber_dana} {tempat} {isian_sumber_dana}", "{isian_DIPA} {isian_no_2}") == [
        "isian_sumber_dana", "isian_no_2",
    ]  # fmt: skip
    assert own_label("isian_sumber_dana") == "Sumber dana"
    assert fill("{isian_sumber_dana}", values(isian_sumber_dana="APBN")).plain == "APBN"
    assert fill("{isian_DIPA}", values()).unknown == ["isian_DIPA"]
    assert variables_in("{a} { b } {a}", "{c}") == ["a", "b", "c"]


@pytest.mark.parametrize("kind", [TPL, MOU])
def test_every_variable_has_a_name_a_label_and_an_example(kind: str) -> None:
    rows = VARIABLES[kind]
    assert len({row.name for row in rows}) == len(rows)
    assert all(re.fullmatch(r"[a-z][a-z_]+", row.name) and row.label and row.group and row.source for row in rows)
    done = fill(" ".join(f"{{{row.name}}}" for row in rows), sample_values(kind))
    assert (done.missing, done.unknown) == ([], [])


def test_items_in_a_sentence() -> None:
    assert [sentence_of(FIELDS[:n]) for n in (1, 2)] == [FIELDS[0], f"{FIELDS[0]} dan {FIELDS[1]}"]
    assert in_sentence("Industri agro") == "industri agro"
    assert in_sentence("One Village One Product (OVOP)") == "One Village One Product (OVOP)"
