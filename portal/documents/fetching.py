"""What a paper may load: files of the template folder (paper:…), the font folder (font:…) and the emblems (emblem:…).

With WeasyPrint's own fetcher a hostile text attached /etc/passwd to a PDF and called addresses of the server's network.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ttf": "font/ttf",
}


def locate(url: str, roots: dict[str, Path]) -> Path | None:
    """The file an address stands for; None when it is not one of ours, or leads out of its folder."""
    scheme, _colon, name = url.partition(":")
    root = roots.get(scheme)
    if root is None or not name or name.startswith("/"):
        return None
    file = (root / name).resolve()
    inside = file.is_relative_to(root.resolve())
    return file if inside and file.suffix in TYPES else None


def open_fetcher(**roots: Path) -> Any:
    """A WeasyPrint fetcher of these folders, each named by its scheme.

    A missing file of ours stops the rendering, a foreign one is refused.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class FolderFetcher(URLFetcher):
        def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
            file = locate(url, roots)
            if file is None:
                raise ValueError(f"papers do not load {url[:120]}")
            try:
                body = file.read_bytes()
            except OSError as error:
                raise FatalURLFetchingError(url) from error
            return URLFetcherResponse(url, body, {"Content-Type": TYPES[file.suffix]})

    return FolderFetcher()
