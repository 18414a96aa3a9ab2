"""Empty signature fields in a finished PDF: all at once, before the first signature.

A field that comes later would be a change of what was signed; one without tooltip, appearance and place in the
structure tree would end the PDF's accessibility (PDF/UA) and archival (PDF/A) conformance.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, String

from portal.signing.errors import SigningError

POINTS = 72 / 25.4
"""Points of a millimetre."""

PRINT_AND_LOCKED = 4 | 128
"""Annotation flags: the field is printed, and nobody moves it."""

SIGNATURES_EXIST = 1 | 2
"""AcroForm SigFlags: there are signatures, and the file may only be appended to."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one signer signs: the box of `width_mm` × `height_mm` whose left upper corner is the element with the id
    `anchor` (the paper's style sheet says `anchor: attr(id)`). `tooltip` is what a screen reader says of the field."""

    name: str
    anchor: str
    width_mm: float
    height_mm: float
    tooltip: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a field lies in a PDF: page number from 1, and points from the left lower corner."""

    page: int
    left: float
    bottom: float
    width: float
    height: float


def prepare(content: bytes, places: list[Place]) -> bytes:
    """The PDF with an empty, tagged signature field at every place; the same input gives the same bytes.

    Errors: SigningError with a sentence when a place is not in the paper, falls off its page, or is named twice.
    """
    if len({place.name for place in places}) < len(places):
        raise SigningError(_("Dua tempat tanda tangan mempunyai nama yang sama."))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if "/AcroForm" in pdf.Root:
            raise SigningError(_("Naskah ini sudah mempunyai kolom isian atau tanda tangan."))
        anchors = _anchors(pdf)
        fields = [_field(pdf, place, anchors) for place in places]
        pdf.Root.AcroForm = pdf.make_indirect(
            Dictionary(Fields=Array(fields), SigFlags=SIGNATURES_EXIST, DR=Dictionary(), DA=String("/Helv 0 Tf 0 g"))
        )
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def spot_of(content: bytes, name: str) -> Spot:
    """Where the field of that name lies.

    Errors: SigningError when there is no such field.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            for annotation in page.obj.get("/Annots", []):
                if str(annotation.get("/T", "")) == name:
                    left, bottom, right, top = (float(side) for side in annotation.Rect)
                    return Spot(number, left, bottom, right - left, top - bottom)
    raise SigningError(_("Tempat tanda tangan “%s” tidak ada di naskah ini.") % name)


def _anchors(pdf: pikepdf.Pdf) -> dict[str, Array]:
    """The named destinations of the paper."""
    names = pdf.Root.get("/Names", Dictionary()).get("/Dests")
    return {} if names is None else dict(pikepdf.NameTree(names).items())


def _field(pdf: pikepdf.Pdf, place: Place, anchors: dict[str, Array]) -> Dictionary:
    target = anchors.get(place.anchor)
    if target is None:
        raise SigningError(
            _("Tempat tanda tangan “%(place)s” tidak ditemukan: naskah tidak memuat penanda “%(anchor)s”.")
            % {"place": place.tooltip, "anchor": place.anchor}
        )
    target = target.get("/D") if isinstance(target, Dictionary) else target
    page = target[0]
    left, top = float(target[2]), float(target[3])
    width, height = place.width_mm * POINTS, place.height_mm * POINTS
    box = [float(side) for side in page.MediaBox]
    if not (box[0] <= left and left + width <= box[2] and box[1] <= top - height and top <= box[3]):
        raise SigningError(_("Tempat tanda tangan “%s” tidak muat di halamannya.") % place.tooltip)
    nothing = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, width, height])
    nothing.Resources = Dictionary()
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(place.name), TU=String(place.tooltip),
            F=PRINT_AND_LOCKED, P=page, AP=Dictionary(N=nothing),
            Rect=Array([_points(side) for side in (left, top - height, left + width, top)]),
        )
    )  # fmt: skip
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(field)
    page.Tabs = Name.S
    _tag(pdf, page, field, place.tooltip)
    return field


def _points(value: float) -> float:
    return round(value, 3)


def _tag(pdf: pikepdf.Pdf, page: Dictionary, field: Dictionary, tooltip: str) -> None:
    """Give the field its Form element in the structure tree, at the end of the document, and its way back there."""
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        return
    parents = pikepdf.NumberTree(tree.ParentTree) if "/ParentTree" in tree else None
    if parents is None:
        tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array()))
        parents = pikepdf.NumberTree(tree.ParentTree)
    key = int(tree.get("/ParentTreeNextKey", max([*parents, -1]) + 1))
    top = _top_element(tree)
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem, S=Name.Form, P=top, Pg=page, Alt=String(tooltip),
            K=Dictionary(Type=Name.OBJR, Pg=page, Obj=field),
        )
    )  # fmt: skip
    children = top.get("/K", Array())
    top.K = Array([*(children if isinstance(children, Array) else [children]), element])
    parents[key] = element
    tree.ParentTreeNextKey = key + 1
    field.StructParent = key


def _top_element(tree: Dictionary) -> Dictionary:
    """The Document element."""
    first = tree.K
    return first[0] if isinstance(first, Array) else first
