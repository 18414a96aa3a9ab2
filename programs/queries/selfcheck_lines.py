"""Reading what is missing or unlikely in the cost lines of a proposal."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.kernel.money import rupiah
from programs.models import CostLine
from programs.models.price_key import price_key
from programs.queries.findings import BLOCKER, WARNING, Finding
from programs.queries.prices import Price

FAR = 3
"""A price below a third or above three times the median is far from the others'."""

SLIPS = (1_000_000, 1000)
"""Factors of a likely typing error: six or three zeros too many or too few."""

LEAST_PRICE = 1000
"""Hardly anything in a RAB costs less than Rp1.000 a unit: such a price was probably typed in thousands."""

LION_SHARE = 90
"""Percent of the total from which a single line is looked at."""

FEWEST_LINES = 3
"""With fewer lines a large one says nothing."""


def line_findings(lines: list[CostLine], prices: dict[str, Price]) -> Iterator[Finding]:
    """The findings of each cost line in its order; the line is named by its place and what it says."""
    for number, line in enumerate(lines, start=1):
        name = _("Baris %(n)s “%(what)s”") % {"n": number, "what": line.description or "–"}
        missing = _missing(line)
        if missing:
            sentence = _("%(line)s: %(missing)s belum diisi.") % {"line": name, "missing": ", ".join(missing)}
            yield Finding(BLOCKER, sentence, f"line-{line.pk}")
        if not line.unit.strip():
            yield Finding(WARNING, _("%(line)s: satuannya belum diisi.") % {"line": name}, f"line-{line.pk}")
        doubt = _doubt(line, lines, prices.get(price_key(line.description, line.unit)))
        if line.unit_price_rupiah and doubt:
            yield Finding(WARNING, f"{name}: {doubt}", f"line-{line.pk}")


def _missing(line: CostLine) -> list[str]:
    wanted = (
        (line.description.strip(), _("uraian")),
        (line.quantity, _("volume")),
        (line.unit_price_rupiah, _("harga satuan")),
        (line.source_id, _("sumber dana")),
    )
    return [label for value, label in wanted if not value]


def _doubt(line: CostLine, lines: list[CostLine], price: Price | None) -> str:
    """The sentence on an unlikely price, "" when nothing is odd. With a price elsewhere, that alone is asked."""
    if price is not None:
        return _beside_others(line.unit_price_rupiah, price)
    if line.unit_price_rupiah < LEAST_PRICE:
        return _("harga satuan %(price)s sangat kecil. Mungkin diketik dalam ribuan; tuliskan rupiah penuh.") % {
            "price": rupiah(line.unit_price_rupiah)
        }
    return _lion(line, lines)


def _beside_others(asked: int, price: Price) -> str:
    median = max(price.median, 1)
    if median <= asked * FAR and asked <= median * FAR:
        return ""
    figures = {
        "price": rupiah(asked), "median": rupiah(price.median), "low": rupiah(price.lowest),
        "high": rupiah(price.highest), "n": price.regencies,
    }  # fmt: skip
    shown = (
        _(
            "harga satuan %(price)s jauh dari harga di %(n)s kabupaten/kota lain: median %(median)s, kisaran "
            "%(low)s sampai %(high)s."
        )
        % figures
    )
    for factor in SLIPS:
        zeros = _("enam") if factor > SLIPS[-1] else _("tiga")
        if median * factor <= asked * FAR and asked <= median * factor * FAR:
            return f"{shown} {_('Mungkin kelebihan %(zeros)s angka nol.') % {'zeros': zeros}}"
        if asked * factor <= median * FAR and median <= asked * factor * FAR:
            return f"{shown} {_('Mungkin kekurangan %(zeros)s angka nol.') % {'zeros': zeros}}"
    return shown


def _lion(line: CostLine, lines: list[CostLine]) -> str:
    """One line that is nearly the whole sum, whose price ends in 000.000 and would lie among the others without 000."""
    total = sum(each.amount_rupiah for each in lines)
    others = [each.unit_price_rupiah for each in lines if each.pk != line.pk and each.unit_price_rupiah]
    if len(lines) < FEWEST_LINES or not others or line.amount_rupiah * 100 <= total * LION_SHARE:
        return ""
    price = line.unit_price_rupiah
    if price % SLIPS[0] or not min(others) <= price // SLIPS[1] <= max(others):
        return ""
    return _(
        "baris ini lebih dari %(share)s persen dari seluruh biaya. Mungkin harga satuan %(price)s kelebihan tiga angka "
        "nol."
    ) % {"share": LION_SHARE, "price": rupiah(price)}
