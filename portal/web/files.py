"""Handing out stored files: a download, or shown by the browser; never as a part of the portal."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Without `sandbox`: Chromium 150 shows a PDF in one, older ones (the portal serves them from 70) do not start their
viewer, and Safari shows an empty page (adobe/aem-core-wcm-components#2839). Scripts of a PDF run in the viewer, never
in the portal; `nosniff` and the checked kind of the file keep it a PDF.
"""


def file_response(
    request: HttpRequest, stored: str, *, sha256: str, filename: str, content_type: str, shown: bool
) -> HttpResponseBase:
    """The stored file: shown by the browser, or a download; one that the browser has is not sent again.

    Errors: Http404 when it is gone.
    """
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{sha256}"')
    if response is None:
        try:
            file = default_storage.open(stored)
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(file, as_attachment=not shown, filename=filename, content_type=content_type)
        response["Content-Encoding"] = "identity"  # gzip would only hide the length from the browser
    response["ETag"] = f'"{sha256}"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = PDF_POLICY if shown and content_type == "application/pdf" else POLICY
    return response
