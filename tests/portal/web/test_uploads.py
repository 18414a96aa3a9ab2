"""Files in forms: kept in memory up to a limit, only where a view asks for them, and never without a token."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from portal.web.access import everyone, page
from portal.web.uploads import LimitedFileHandler, takes_file


@takes_file(lambda: 10)
@page(who=everyone, writes=True)
def view(request: HttpRequest) -> HttpResponse:
    file = request.FILES["file"]
    return HttpResponse(f"{file.size} {file.read()!r} {request.POST['text']!r}")


def send(data: bytes) -> HttpResponse:
    request = RequestFactory().post("/", {"text": "a\x00b", "file": SimpleUploadedFile("a.pdf", data)})
    request._dont_enforce_csrf_checks, request.user = True, AnonymousUser()
    return view(request)


@pytest.mark.parametrize("size", [1, 10])
def test_a_file_within_the_limit_is_there(size):
    assert send(b"x" * size).content.decode() == f"{size} {b'x' * size!r} 'ab'"


@pytest.mark.parametrize("size", [11, 3_000_000])
def test_of_a_larger_file_only_the_size_is_known(size):
    assert send(b"x" * size).content.decode() == f"{size} b'' 'ab'"


def test_a_request_full_of_files_is_not_kept_in_memory():
    request = RequestFactory().post("/", {str(n): SimpleUploadedFile("a.pdf", b"x" * 9) for n in range(5)})
    request.upload_handlers = [LimitedFileHandler(request, 10)]
    assert [file.read() for file in request.FILES.values()] == [b"x" * 9, b"", b"", b"", b""]


def test_without_the_token_nothing_is_read():
    assert view(RequestFactory().post("/", {"text": "a"})).status_code == 403


def test_the_view_keeps_its_declaration():
    assert view.access.mode == "writes"
