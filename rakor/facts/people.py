"""What is typed of a participant, made tidy: one line each, a NIP of 18 digits, nothing too long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel import plain_text
from portal.kernel.errors import Blocked

LENGTHS = {
    "name": 150, "institution": 150, "title": 150, "rank": 60, "phone": 30, "email": 254, "arrival": 150, "note": 250,
}  # fmt: skip
"""Characters that each text may have."""

PERSONAL = ("employee_number", "rank", "phone", "email", "arrival", "note")
"""What only the committee, the own office and the person himself read."""


class WrongValue(Blocked):
    """One of the values cannot be taken. `name` is its field."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with every text on one line; others (category, regency, user) as they are.

    Errors: WrongValue for a text that is too long, a NIP without 18 digits, or a name that is missing.
    """
    found = dict(values)
    for name, longest in LENGTHS.items():
        if name in found:
            found[name] = one_line(found[name])
            if len(found[name]) > longest:
                sentence = _("“%(text)s…” terlalu panjang; paling banyak %(n)s huruf.")
                raise WrongValue(name, sentence % {"text": found[name][:30], "n": longest})
    if "employee_number" in found:
        found["employee_number"] = employee_number(found["employee_number"])
    if "name" in found and len(found["name"]) < 2:
        raise WrongValue("name", _("Nama wajib diisi."))
    return found


def employee_number(text: Any) -> str:
    """The NIP as 18 digits; blanks, points and dashes between them do not matter, "-" and "" mean none.

    Errors: WrongValue.
    """
    digits = one_line(text).translate({ord(each): None for each in " .-–'"})
    if digits and not (len(digits) == 18 and digits.isascii() and digits.isdigit()):
        if "E+" in digits:
            raise WrongValue("employee_number", _("Excel membulatkan angka ini. Ketik NIP sebagai teks."))
        raise WrongValue("employee_number", _("NIP terdiri atas 18 angka."))
    return digits


def one_line(text: Any) -> str:
    """The text without line breaks, double blanks and characters that cannot be printed or seen."""
    return plain_text.one_line(str(text or ""))


def somebody_else(number: str, other: str) -> bool:
    """Whether two NIP tell that these are two persons, though name and institution are the same."""
    digits, others = ("".join(filter(str.isdigit, each)) for each in (number, other))
    return bool(digits and others and digits != others)


def known_already(name: str, *, namesake: bool) -> str:
    """What is said of somebody who has a place, or of a second person of that name in one institution.

    Lists, cards and papers know people by name and institution, so two of one name need something to tell them apart.
    """
    if not namesake:
        return _("%(name)s sudah terdaftar.") % {"name": name}
    sentence = _(
        "%(name)s sudah terdaftar, tetapi NIP-nya lain. Bila memang orang lain, bedakan namanya, misalnya dengan "
        "gelar; bila orangnya sama, betulkan NIP-nya."
    )
    return sentence % {"name": name}


def same_person(name: str, institution: str) -> tuple[str, str]:
    """What two rows have in common that mean the same person: capitals do not matter."""
    return one_line(name).casefold(), one_line(institution).casefold()
