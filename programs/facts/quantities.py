"""Numbers as people type them: quantities that are products, and rupiah in Indonesian or English shape.

static/js/quantities.js reads the same texts in the browser; tests/data/quantities.json holds both to the same answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext

from django.utils.translation import gettext as _

from portal.kernel.errors import PortalError

LARGEST_QUANTITY = Decimal("999999999999.99")
LARGEST_RUPIAH = 10**15
MOST_FACTORS = 8
MOST_DIGITS = 18
LONGEST_TEXT = 120

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
# "30x3", "30 orang x 3 hari": the letter x multiplies only between something finished and a digit ("2 box" is a unit).
_TIMES = re.compile(r" ?[×✕∗*] ?|(?<=[0-9]) ?[xX] ?(?=[0-9])|(?<=[^0-9 ]) [xX] ?(?=[0-9])")
_FACTOR = re.compile(r"([0-9][0-9.,]*) ?(.*)")
_UNIT = re.compile(r"(?:[^\W\d_]|(?<=m)[23](?![^\W_])|[ ./()&'-])*")
_INDONESIAN = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_RUPIAH = re.compile(r"(?:rp|idr)\.? ?", re.IGNORECASE)


class UnreadableNumber(PortalError):
    """The text means no number that can be kept; the sentence says how to write it."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a quantity: 30 "orang"."""

    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """What "30 orang x 3 hari" means: its factors, their product and the text written evenly."""

    factors: tuple[Factor, ...]
    product: Decimal
    text: str


def parse_quantity(text: str) -> Quantity:
    """The quantity: numbers with units between "x", "×" or "*"; "1.000,5" is one thousand and a half.

    Errors: UnreadableNumber.
    """
    text = _one_line(text)
    if not text:
        raise UnreadableNumber(_("Volume belum diisi. Contoh: “30 orang × 3 hari × 1 keg”."))
    if len(text) > LONGEST_TEXT:
        raise UnreadableNumber(
            _("Volume paling panjang %(most)d huruf; pindahkan penjelasan ke keterangan.") % {"most": LONGEST_TEXT}
        )
    parts = _TIMES.split(text)
    if len(parts) > MOST_FACTORS:
        raise UnreadableNumber(_("Volume paling banyak %(most)d faktor perkalian.") % {"most": MOST_FACTORS})
    factors = tuple(_factor(part.strip()) for part in parts)
    product = Decimal(1)
    with localcontext(prec=200):
        for factor in factors:
            product *= factor.number
    if product > LARGEST_QUANTITY:
        raise UnreadableNumber(_("Hasil kali volume terlalu besar. Periksa kembali angkanya."))
    if product != round(product, 2):
        raise UnreadableNumber(_("Hasil kali volume paling banyak dua angka di belakang koma."))
    written = " × ".join(f"{written_number(factor.number)} {factor.unit}".strip() for factor in factors)
    return Quantity(factors, round(product, 2), written if len(written) <= LONGEST_TEXT else text)


def parse_rupiah(text: str) -> int:
    """Whole rupiah from "1.250.000", "1,250,000.00", "1250000" or "Rp 1.250.000,00"; "" and "-" are nothing.

    Errors: UnreadableNumber.
    """
    text = _one_line(text)
    text = _RUPIAH.sub("", text, count=1) if _RUPIAH.match(text) else text
    text = text.removesuffix(",-").removesuffix(".-").strip()
    if text in ("", "-"):
        return 0
    _refuse_signs(text)
    # Prices have no thousandths: "1,500" and "1.500" are both one thousand five hundred.
    whole = re.fullmatch(r"([0-9]{1,3})[.,]([0-9]{3})", text)
    number = Decimal(whole[1] + whole[2]) if whole else _number(text)
    if number != number.to_integral_value():
        raise UnreadableNumber(_("Tulis rupiah bulat, tanpa sen: “%(text)s”.") % {"text": _short(text)})
    if number > LARGEST_RUPIAH:
        raise UnreadableNumber(_("Nilai uang paling besar Rp1.000.000.000.000.000. Periksa jumlah nolnya."))
    return int(number)


def parse_decimal(text: str) -> Decimal:
    """A number with at most two decimals, "1.000,5" or "1000.5".

    Errors: UnreadableNumber.
    """
    text = _one_line(text)
    _refuse_signs(text)
    number = _number(text)
    if number > LARGEST_QUANTITY or number != round(number, 2):
        raise UnreadableNumber(
            _("Tulis angka paling besar 999.999.999.999,99 dengan paling banyak dua angka di belakang koma.")
        )
    return number


def written_number(number: Decimal) -> str:
    """The number as Indonesians write it, without needless zeros: Decimal("1000.50") → "1.000,5"."""
    whole, _dot, rest = f"{number:f}".partition(".")
    rest = rest.rstrip("0")
    return f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else "")


def _factor(part: str) -> Factor:
    _refuse_signs(part)
    found = _FACTOR.fullmatch(part)
    if not found or not _UNIT.fullmatch(found[2]) or found[2].lower() == "x":
        raise UnreadableNumber(
            _("Bagian volume “%(part)s” tidak terbaca. Tulis satu angka lalu satuannya, misalnya “30 orang”.")
            % {"part": _short(part)}
        )
    digits, stop = found[1].rstrip(".,"), found[1][len(found[1].rstrip(".,")) :]
    if stop:
        raise _unreadable(found[1])
    return Factor(_number(digits), found[2].strip())


def _number(text: str) -> Decimal:
    """The number that the digits mean; a lone comma before three digits would mean two different ones."""
    digits = re.sub(r"[.,]", "", text)
    if len(digits) > MOST_DIGITS:
        raise UnreadableNumber(_("Angka “%(text)s” terlalu panjang.") % {"text": _short(text)})
    if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", text):
        raise UnreadableNumber(
            _("“%(text)s” dapat berarti dua angka. Tulis ribuan dengan titik (1.500) dan pecahan dengan koma (1,5).")
            % {"text": _short(text)}
        )
    if _INDONESIAN.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _ENGLISH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise _unreadable(text)


def _unreadable(text: str) -> UnreadableNumber:
    return UnreadableNumber(
        _("“%(text)s” bukan angka yang terbaca. Contoh: 1250000, 1.250.000, atau 1.250,5.") % {"text": _short(text)}
    )


def _refuse_signs(text: str) -> None:
    if text.startswith(("-", "−", "–", "(")) and any(letter.isdigit() for letter in text):
        raise UnreadableNumber(_("Angka tidak boleh negatif: “%(text)s”.") % {"text": _short(text)})


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", str(text)).strip()


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
