"""The main job without hands: `python -m portal.launch.demo ADDRESS` logs in as a person would, orders the agenda and
the notula of the demo edition on their pages, waits for the worker, downloads both and looks into them.
"""

import hashlib
import http.cookiejar
import json
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from portal.launch.console import say
from portal.launch.layout import var
from portal.launch.prepare import ACCOUNTS

LOGIN_PAGE = "masuk/"
USER = "panitia"
EDITION = "Rapat Koordinasi Pelaksanaan Kegiatan 2019 dan Penyusunan Program IKM 2020"
WAIT_SECONDS = 120.0


DOCUMENT = r"^/dokumen/[0-9a-f-]{36}/"


@dataclass(frozen=True)
class Paper:
    """One paper of the demo: the page it is ordered on, and what tells its order form from the others."""

    name: str
    page: str
    order: str  # pattern of the form's action


PAPERS = (
    Paper("agenda", "rakor/atambua-2019/agenda/", order=r"/agenda/pdf/$"),
    Paper("notula", "rakor/atambua-2019/notulen/", order=r"/notulen/himpunan/$"),
)


class DemoError(Exception):
    """A sentence that says at which point the demo came to an end."""


@dataclass
class Form:
    """A form of a page: where it goes and what it sends untouched."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """An HTML page, read for its forms and links."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.text = address, text
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._within: Form | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes forms with their prefilled fields, and links."""
        found = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._within = Form(urllib.parse.urljoin(self.address, found.get("action") or self.address))
            if found.get("method", "get").lower() == "post":
                self.forms.append(self._within)
        elif tag == "input" and self._within and found.get("name") and found.get("type") != "submit":
            self._within.fields[found["name"]] = found.get("value", "")
        elif tag == "a" and found.get("href"):
            self.links.append(urllib.parse.urljoin(self.address, found["href"]))

    def handle_endtag(self, tag: str) -> None:
        """Notes the end of a form."""
        if tag == "form":
            self._within = None

    def form(self, pattern: str) -> Form | None:
        """The first form that goes to an address of that pattern."""
        return next((form for form in self.forms if re.search(pattern, urllib.parse.urlsplit(form.action).path)), None)

    def link(self, pattern: str) -> str | None:
        """The first link to an address of that pattern."""
        return next((link for link in self.links if re.search(pattern, urllib.parse.urlsplit(link).path)), None)


class Visitor:
    """A browser without a screen: keeps cookies, follows redirects."""

    def __init__(self, address: str) -> None:
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.opener.addheaders = [("Accept-Language", "id")]

    def _open(self, address: str, data: dict[str, str] | None = None) -> tuple[str, bytes]:
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(urllib.parse.urljoin(self.address, address), body)  # noqa: S310  our own portal
        request.add_header("Referer", self.address)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.url, answer.read()
        except urllib.error.HTTPError as error:
            raise DemoError(f"{request.full_url} answered {error.code} {error.reason}.") from error

    def get(self, address: str) -> Page:
        """The page at that address."""
        url, body = self._open(address)
        return Page(url, body.decode(errors="replace"))

    def download(self, address: str) -> bytes:
        """The file at that address."""
        return self._open(address)[1]

    def submit(self, form: Form, **fields: str) -> Page:
        """The page that answers the form."""
        url, body = self._open(form.action, form.fields | fields)
        return Page(url, body.decode(errors="replace"))


def password_of(user: str) -> str:
    """The password of a demo account, from the table that `make run` shows.

    Errors: DemoError when the table does not have that account.
    """
    table = var() / "run" / ACCOUNTS
    for line in table.read_text().splitlines() if table.exists() else []:
        cells = re.split(r"\s{2,}", line.strip())
        if user in cells[:-1]:
            return cells[-1]
    raise DemoError(f"There is no demo account {user}; was the portal started with DEMO=0?")


def log_in(visitor: Visitor) -> None:
    """Logs in through the login page.

    Errors: DemoError when the portal does not let the demo account in.
    """
    page = visitor.get(LOGIN_PAGE)
    form = next((form for form in page.forms if "password" in form.fields), None)
    if form is None:
        raise DemoError(f"{page.address} shows no login form.")
    answer = visitor.submit(form, login=USER, password=password_of(USER))
    if any("password" in form.fields for form in answer.forms):
        raise DemoError(f"The portal did not let {USER} in.")


def order(visitor: Visitor, paper: Paper) -> bytes:
    """The PDF of that paper: ordered on its page, awaited on the document's page, downloaded.

    Errors: DemoError when it cannot be ordered, fails, or is not ready in time.
    """
    page = visitor.get(paper.page)
    form = page.form(paper.order)
    if form is None:
        raise DemoError(f"{page.address} has no button that orders the {paper.name}.")
    page = visitor.submit(form)
    document = page.address
    if not re.search(DOCUMENT, urllib.parse.urlsplit(document).path):
        raise DemoError(f"Ordering the {paper.name} led to {document}, not to a document.")
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        page = visitor.get(document)
        if link := page.link(DOCUMENT + "unduh/$"):
            pdf = visitor.download(link)
            if hashlib.sha256(pdf).hexdigest() not in page.text:
                raise DemoError(f"{link} is not the file whose sha256 {document} shows.")
            return pdf
        if page.form(DOCUMENT + "ulang/$"):
            raise DemoError(f"The {paper.name} failed; {document} says why.")
        time.sleep(0.3)
    raise DemoError(f"The {paper.name} was not ready after {WAIT_SECONDS:.0f} s: {document}")


def pages_of(file: Path) -> int:
    """Number of pages of a finished paper.

    Errors: DemoError when it is not a valid PDF of the demo edition.
    """
    import pikepdf

    if not file.read_bytes().startswith(b"%PDF-"):
        raise DemoError(f"{file} is not a PDF.")
    try:
        with pikepdf.open(file) as pdf:
            if problems := pdf.check_pdf_syntax():
                raise DemoError(f"{file} is damaged: {problems[0]}")
            if not any(EDITION in text for text in _words(pdf)):
                raise DemoError(f"{file} is not a paper of “{EDITION}”.")
            return len(pdf.pages)
    except pikepdf.PdfError as error:
        raise DemoError(f"{file} cannot be read: {error}") from error


def _words(pdf) -> Iterator[str]:
    """The title and the texts of the attached facts."""
    yield str(pdf.docinfo.get("/Title", ""))
    for attachment in pdf.attachments.values():
        facts = json.loads(attachment.get_file().read_bytes())
        yield json.dumps(facts, ensure_ascii=False)


def main(address: str) -> int:
    """Does the whole demo; returns the exit status."""
    folder = var() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    visitor = Visitor(address)
    try:
        log_in(visitor)
        for paper in PAPERS:
            file = folder / f"{paper.name}.pdf"
            file.unlink(missing_ok=True)
            begin = time.monotonic()
            file.write_bytes(order(visitor, paper))
            seconds = time.monotonic() - begin
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            say(f"{paper.name:<8}{file}  {pages_of(file)} pages  sha256 {digest}  ({seconds:.1f} s)")
    except (DemoError, urllib.error.URLError) as error:
        say(f"Demo: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
