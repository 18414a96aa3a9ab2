"""What was appended to a signed file: only signatures, or something else?

pyHanko's own analysis of differences answers that in half a minute for a tagged paper of ten pages, which is no answer
for a page. Here every object of the earlier state is compared with the object of the same number in the later one,
which takes milliseconds: it must be the same, but for an empty signature field that was filled.
"""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Dictionary, Name

from portal.signing.strange_pdf import filters_are_plain

MAY_GROW = {"/AcroForm", "/Perms", "/DSS", "/Extensions", "/Version"}
"""Keys of the catalogue that signing writes."""

OWN_OF_SIGNING = {"/V", "/AP", "/Lock", "/MK", "/DA", "/F"}
"""Keys of a signature field that signing it writes."""

LARGEST_METADATA = 1024 * 1024
"""Bytes of metadata that are read for the title; honest ones have a few thousand."""


def only_signatures_added(before: bytes, after: bytes) -> bool:
    """Whether `after` is `before` with signatures appended, and nothing that a reader sees has changed otherwise."""
    if not after.startswith(before) or not filters_are_plain(after):
        return False
    try:
        with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
            return _compare(old, new)
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return False  # broken on purpose or by accident: nothing that we would vouch for


def _compare(old: pikepdf.Pdf, new: pikepdf.Pdf) -> bool:
    if len(old.pages) != len(new.pages) or _title(old) != _title(new):
        return False
    free = _rewritten_by_signing(old)
    certified = "/DocMDP" in old.Root.get("/Perms", Dictionary())
    for thing in old.objects:
        if not isinstance(thing, pikepdf.Object) or thing.objgen in free:
            continue
        later = new.get_object(thing.objgen)
        if _same(thing, later) or _filled_field(thing, later):
            continue
        if not (isinstance(thing, Dictionary) and isinstance(later, Dictionary)):
            return False
        if thing.objgen == old.Root.objgen and _same_but(thing, later, MAY_GROW):
            continue
        if thing.get("/Type") == Name.Page and not certified and _new_fields_only(thing, later):
            continue
        return False
    return True


def _title(pdf: pikepdf.Pdf) -> str:
    """The title in the metadata.

    Errors: ValueError when they are larger than anybody's; PdfError when they unpack to more than the reader allows.
    """
    metadata = pdf.Root.get("/Metadata")
    if metadata is not None and len(metadata.read_bytes()) > LARGEST_METADATA:
        raise ValueError("metadata too large")
    return str(pdf.open_metadata(set_pikepdf_as_editor=False).get("dc:title", ""))  # without `with`: only read


def _rewritten_by_signing(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """Objects without anything a reader sees: the form's list of fields, the dates in the metadata."""
    things = [pdf.Root.get("/AcroForm"), pdf.Root.get("/Metadata"), pdf.trailer.get("/Info")]
    form = things[0]
    if form is not None:
        things += [form.get("/Fields"), form.get("/DR")]
    return {thing.objgen for thing in things if thing is not None and thing.is_indirect}


def _same(one: pikepdf.Object, other: pikepdf.Object) -> bool:
    if one.unparse(resolved=True) != other.unparse(resolved=True):
        return False
    return not isinstance(one, pikepdf.Stream) or one.read_raw_bytes() == other.read_raw_bytes()


def _same_but(one: Dictionary, other: Dictionary, free: set[str]) -> bool:
    names = (set(one.keys()) | set(other.keys())) - free
    return all(name in one and name in other and _text(one[name]) == _text(other[name]) for name in names)


def _filled_field(one: pikepdf.Object, other: pikepdf.Object) -> bool:
    """Whether this is a signature field that was empty, and lies and is called as before."""
    return (
        isinstance(one, Dictionary)
        and isinstance(other, Dictionary)
        and one.get("/FT") == Name.Sig
        and "/V" not in one
        and _same_but(one, other, OWN_OF_SIGNING)
    )


def _new_fields_only(one: Dictionary, other: Dictionary) -> bool:
    """Whether the page differs only by new signature fields at the end of its annotations."""
    earlier, later = list(one.get("/Annots", [])), list(other.get("/Annots", []))
    return (
        _same_but(one, other, {"/Annots"})
        and [_text(item) for item in later[: len(earlier)]] == [_text(item) for item in earlier]
        and all(item.get("/FT") == Name.Sig and item.get("/Subtype") == Name.Widget for item in later[len(earlier) :])
    )


def _text(value: object) -> bytes:
    return value.unparse() if isinstance(value, pikepdf.Object) else repr(value).encode()
