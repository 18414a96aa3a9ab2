"""Stored facts to PDF bytes. The only module that knows WeasyPrint.

A `Press` is loaded once per process: one font configuration (a fresh one per paper leaks and costs half the time of a
short paper) and the parsed style sheets of each template version. The same envelope gives the same bytes in every
process and on every machine: fonts come from the cut font folder only, nothing asks for the time.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import io
import logging
import os
import re
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import segno
from django.conf import settings
from django.template import Context, Engine, Library
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.documents.facts import Envelope, show_code
from portal.documents.fetching import open_fetcher
from portal.documents.tags import mend_tags
from portal.kernel.errors import PortalError
from portal.kernel.markup import clean

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "pdf"
LONG_AGO = dt.datetime(2000, 1, 1)
"""Date of the attached facts inside the PDF: fixed, since the time of rendering is no part of a paper."""

OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/a-3u", "pdf_tags": True, "dpi": 150}
"""Archival (PDF/A-3u) and tagged; 150 dpi keeps photographs of a phone from making a paper of 20 MB."""

GC_THRESHOLD = (20_000, 50, 100)
"""A rendering makes millions of objects that live until it ends: with Python's default a fifth of it is collecting."""

PDF_UA = """<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about=""><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""

LONG_RUN = re.compile(r"(?P<address>emblem:[0-9a-f]{64}\.png)|[^\s<>&;=\"'/]{40,}")
"""No word of any language. Finding a break inside one longer than a line takes time with the square of its length.

The address of an emblem is matched first, and kept whole (`_breakable`).
"""

register = Library()


class RenderingError(PortalError):
    """The paper could not be made; the sentence goes to the row and to the page."""


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """One finished paper. `boxed` are the characters that no font of ours has: a box stands for each of them."""

    content: bytes
    pages: int
    sha256: str
    engine: str
    boxed: str


class _Strict(str):
    """What Django puts in for a missing variable: here it stops the rendering instead of printing nothing."""

    def __contains__(self, item: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        raise LookupError(f"the template asks for {variable}, which the facts do not have")


@register.filter
def markup(html: str) -> SafeString:
    """Markup of the facts, sanitised once more: neither links, images, styles nor scripts pass."""
    return mark_safe(clean(html).replace("<br>", "<br />").replace("&nbsp;", "\u00a0"))  # noqa: S308  sanitised here


@register.filter
def qr(url: str, code: str) -> SafeString:
    """The QR code of an address as SVG."""
    return _qr(url, f"Kode QR untuk memeriksa keaslian dokumen {code}")


@register.filter
def pass_code(url: str, name: str) -> SafeString:
    """The QR code of a participant's card as SVG."""
    return _qr(url, f"Kode QR kartu peserta {name}")


class Press:
    """Renders papers with the templates and fonts of two folders.

    Errors: OSError when the native libraries (Pango, HarfBuzz) are missing.
    """

    def __init__(self, templates: Path, fonts: Path) -> None:
        self.templates = templates
        self.fonts = fonts
        with _only_fonts_of(fonts):
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration

            self._font_config = FontConfiguration()
        for chatty in ("weasyprint", "weasyprint.progress", "fontTools"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        self.engine = f"WeasyPrint {weasyprint.__version__}"
        self._weasyprint = weasyprint

        self._paper = _paper_class(weasyprint)
        self._fetcher = open_fetcher(paper=templates, font=fonts, emblem=Path(settings.MEDIA_ROOT) / "emblems")
        self._sheets: dict[tuple[str, str], list[Any]] = {}
        self._engine = Engine(dirs=[str(templates)], string_if_invalid=_Strict("%s"))
        self._engine.template_builtins.append(register)
        self._unprintable = _unprintable(fonts / "Arimo-Regular.ttf")

    def load(self, folder: str, paper: str) -> list[Any]:
        """The parsed style sheets of a template folder for a paper size, parsed once."""
        if (folder, paper) not in self._sheets:
            self._sheets[folder, paper] = [
                self._weasyprint.CSS(
                    string=(self.templates / folder / name).read_text(),
                    base_url=f"paper:{folder}/{name}",
                    url_fetcher=self._fetcher,
                    font_config=self._font_config,
                )
                for name in ("print.css", f"{paper}.css")
            ]
        return self._sheets[folder, paper]

    def html(self, envelope: Envelope, verify_base: str) -> str:
        """The paper as HTML: every text of the facts escaped, every letter one that the fonts have."""
        return self._printable(self._written(envelope, verify_base))

    def _written(self, envelope: Envelope, verify_base: str) -> str:
        """The paper as HTML with all letters that were typed."""
        folder = f"{envelope.kind}/v{envelope.version}"
        code = show_code(envelope.code)
        url = f"{verify_base}/v/{code}/"
        context = {
            "facts": envelope.facts,
            "several": len(envelope.facts.get("parts", [])) > 1,
            "code": code,
            "verify_url": url,
            "qr": qr(url, code),
        }
        return self._text(folder, context)

    def _text(self, folder: str, context: dict[str, Any]) -> str:
        text = self._engine.get_template(f"{folder}/document.html").render(Context(context, use_l10n=False))
        return unicodedata.normalize("NFC", text)

    def _printable(self, text: str) -> str:
        return LONG_RUN.sub(_breakable, self._unprintable.sub(_replacement, text))

    def render(self, envelope: Envelope, verify_base: str) -> RenderedPdf:
        """The finished paper: PDF/A-3u and PDF/UA-1, with the canonical facts attached.

        Errors: RenderingError with a sentence; time limits of the worker pass through.
        """
        try:
            text = self._written(envelope, verify_base)
            content, pages = self._print(envelope, self._printable(text))
        except self._weasyprint.urls.FatalURLFetchingError as error:  # a BaseException, which nobody would catch
            raise RenderingError(_("Berkas templat atau huruf tidak ditemukan: %s.") % error) from error
        except RecursionError as error:
            raise RenderingError(_("Isi dokumen bersusun terlalu dalam untuk dicetak.")) from error
        boxed = "".join(dict.fromkeys(match[0] for match in self._unprintable.finditer(text) if _replacement(match)))
        return RenderedPdf(content, pages, hashlib.sha256(content).hexdigest(), self.engine, boxed)

    def draw(self, folder: str, facts: dict[str, Any]) -> bytes:
        """Drawings that become part of another PDF, one per page: without tags, attachments and marks of their own.

        Errors: as render.
        """
        try:
            source = self._paper(self._printable(self._text(folder, {"facts": facts})), self._fetcher)
            sheets = self.load(folder, settings.PAPER)
            return source.render(font_config=self._font_config, stylesheets=sheets).write_pdf()
        except self._weasyprint.urls.FatalURLFetchingError as error:  # a BaseException, which nobody would catch
            raise RenderingError(_("Berkas templat atau huruf tidak ditemukan: %s.") % error) from error

    def _print(self, envelope: Envelope, text: str) -> tuple[bytes, int]:
        facts = self._weasyprint.Attachment(
            string=envelope.canonical.decode(),
            name="facts.json",
            description=f"Data dokumen, sha256 {envelope.digest}",
            relationship="Data",
            created=LONG_AGO,
            modified=LONG_AGO,
        )
        source = self._paper(text, self._fetcher)
        sheets = self.load(f"{envelope.kind}/v{envelope.version}", envelope.paper)
        document = source.render(font_config=self._font_config, stylesheets=sheets, **OPTIONS)
        content = document.write_pdf(finisher=_finish, attachments=[facts], **OPTIONS)
        return content, len(document.pages)


@cache
def press() -> Press:
    """The press of this process."""
    return Press(TEMPLATES, Path(settings.FONT_DIR))


def published() -> list[str]:
    """The template folders there are: "agenda/v1", "notula/v1"."""
    return sorted(f"{page.parent.parent.name}/{page.parent.name}" for page in TEMPLATES.glob("*/v*/document.html"))


def preload() -> None:
    """Load everything a rendering needs; called in the worker before it forks, so that its children share it."""
    ready = press()
    for folder in published():
        ready.load(folder, settings.PAPER)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLD)


def _paper_class(weasyprint: Any) -> type:
    """WeasyPrint's HTML class without what our papers do not need; together a tenth of a short rendering.

    Templates are well-formed XML, so Python's C parser reads them instead of the HTML parser; base.css says what a
    paragraph is, so no user agent style sheet is matched. A test compares the bytes with those of the plain class.
    """
    from cssselect2 import ElementWrapper

    class Paper(weasyprint.HTML):
        def __init__(self, text: str, fetcher: Any) -> None:
            self.base_url = "paper:"
            self.url_fetcher = fetcher
            self.media_type = "print"
            self.wrapper_element = ElementWrapper.from_html_root(ElementTree.XML(text), content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return []

    return Paper


@lru_cache(maxsize=16)
def _qr(url: str, title: str) -> SafeString:
    """The QR code as SVG; its title becomes the alternative text that PDF/UA asks for.

    Kept for a while: all stamps of a paper bear the same.
    """
    drawing = segno.make(url, error="m", micro=False)
    svg = io.BytesIO()
    drawing.save(svg, kind="svg", border=0, omitsize=True, title=title, xmldecl=False, svgclass=None, lineclass=None)
    return mark_safe(svg.getvalue().decode())  # noqa: S308  drawn here from our own address


def _finish(document: Any, pdf: Any) -> None:
    """Mend the tags, add the PDF/UA mark, and compress: level 6 takes half the time of level 9 for 1 % of size.

    Pictures are not to be smoothed by whoever shows them: PDF/A forbids it.
    """
    mend_tags(pdf)
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    text = b"".join(metadata.stream).decode()
    metadata.stream = [text.replace("</rdf:RDF>", f"{PDF_UA}</rdf:RDF>", 1).encode()]
    for item in pdf.objects:
        if getattr(item, "extra", {}).get("Interpolate") == "true":
            item.extra["Interpolate"] = "false"
        if getattr(item, "compress", False):
            item.compress = False
            body = item.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
            item.stream = [zlib.compress(body, 6)]
            item.extra["Filter"] = "/FlateDecode"


def _unprintable(font: Path) -> re.Pattern[str]:
    """Matches every character that the font lacks."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        known = sorted({*opened.getBestCmap(), 0x09, 0x0A})
    return re.compile("[^" + "".join(re.escape(chr(code)) for code in known) + "]")


def _replacement(match: re.Match[str]) -> str:
    """Nothing for an invisible character, else a box: a reader shall see that a sign is missing."""
    return "" if unicodedata.category(match[0]) in ("Cc", "Cf", "Cs", "Mn", "Me") else "□"


def _breakable(match: re.Match[str]) -> str:
    """The run with a place to break after every ten letters; the address of an emblem as it is."""
    if match["address"]:
        return match[0]
    return "\u200b".join(match[0][start : start + 10] for start in range(0, len(match[0]), 10))


@contextmanager
def _only_fonts_of(folder: Path) -> Iterator[None]:
    """Hide the machine's fonts while the font configuration is read; fontconfig's cache lies beside the fonts."""
    own = {"FONTCONFIG_FILE": folder / "fonts.conf", "XDG_CACHE_HOME": folder / ".cache"}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update({name: str(path.resolve()) for name, path in own.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
