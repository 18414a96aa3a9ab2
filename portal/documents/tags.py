"""What the tags of WeasyPrint 70 lack for PDF/UA-1, mended in the finished structure tree.

- An item of a list whose text is a block holds it bare; PDF/UA wants a label and one body (ISO 32000-1, 14.8.4.3.3).
- Cells below a head of two rows get the wrong headers, and headers say not what they head (14.8.5.7, table 349).

Found by veraPDF (tests/golden/test_conformance.py); when a newer WeasyPrint passes without this module, it can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf

Element = dict[str, Any]


def mend_tags(pdf: Any) -> None:
    """Mend lists and tables of a PDF that is about to be written."""
    known = {item.reference: item for item in pdf.objects if _kind(item)}
    for element in list(known.values()):
        if _kind(element) == "/LI":
            _mend_item(pdf, element, known)
        elif _kind(element) == "/Table":
            _mend_table(element, known)


def _kind(item: Any) -> str:
    """The type of a structure element, "" for every other object."""
    return item.get("S", "") if isinstance(item, dict) and item.get("Type") == "/StructElem" else ""


def _children(element: Element, known: dict[bytes, Element]) -> list[Element]:
    return [known[kid] for kid in element["K"] if kid in known]


def _mend_item(pdf: Any, item: Element, known: dict[bytes, Element]) -> None:
    """Put what is neither label nor body into one body."""
    loose = [kid for kid in _children(item, known) if _kind(kid) not in ("/Lbl", "/LBody")]
    if not loose:
        return
    moved = {kid.reference for kid in loose}
    body = pydyf.Dictionary({
        "Type": "/StructElem", "S": "/LBody", "K": pydyf.Array([kid for kid in item["K"] if kid in moved]),
        "Pg": item["Pg"], "P": item.reference,
    })  # fmt: skip
    pdf.add_object(body)
    for kid in loose:
        kid["P"] = body.reference
    item["K"] = pydyf.Array([*(kid for kid in item["K"] if kid not in moved), body.reference])


def _mend_table(table: Element, known: dict[bytes, Element]) -> None:
    """Say of each header what it heads, and of each cell which headers it has: those above it, then that of its row."""
    heads: dict[int, list[Any]] = {}
    for part, cells in _grid(table, known):
        beside: list[Any] = []
        for column, cell in cells:
            width = _span(cell, "ColSpan")
            if _kind(cell) == "/TD":
                above = [key for place in range(column, column + width) for key in heads.get(place, [])]
                cell["A"]["Headers"] = pydyf.Array(dict.fromkeys([*above, *beside]))
            elif _kind(cell) != "/TH":
                continue
            elif part == "/THead":
                cell["A"]["Scope"] = "/Column"
                for place in range(column, column + width):
                    heads.setdefault(place, []).append(cell["ID"])
            else:
                cell["A"]["Scope"] = "/Row"
                beside.append(cell["ID"])


def _grid(table: Element, known: dict[bytes, Element]) -> Iterator[tuple[str, list[tuple[int, Element]]]]:
    """The rows of a table: the part they are in, and each cell with its column, counting from 0."""
    for part in _children(table, known):
        taken: dict[int, int] = {}  # column: rows that a cell from above still fills
        for row in _children(part, known):
            cells, column = [], 0
            for cell in _children(row, known):
                while taken.get(column):
                    column += 1
                cells.append((column, cell))
                for _ in range(_span(cell, "ColSpan")):
                    taken[column] = _span(cell, "RowSpan")
                    column += 1
            taken = {place: left - 1 for place, left in taken.items() if left > 1}
            yield _kind(part), cells


def _span(cell: Element, name: str) -> int:
    """How many columns or rows a cell fills."""
    return cell.get("A", {}).get(name, 1)
