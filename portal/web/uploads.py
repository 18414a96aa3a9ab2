"""What becomes of uploaded files: nothing, else whoever finds the login page could fill the server's disk.

A view that wants a file says so with `@takes_file`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portal.web.middleware import plain_fields


class NameOnlyHandler(FileUploadHandler):
    """Keeps the name of a file and lets its bytes go by: most forms take no files."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Let one piece go."""

    def file_complete(self, file_size: int) -> UploadedFile:
        """The name and size of what went by."""
        return UploadedFile(file=None, name=self.file_name, content_type=self.content_type, size=file_size)


class LimitedFileHandler(FileUploadHandler):
    """Keeps `files` files of at most `largest` bytes each in one request; of all others only the name and true size."""

    def __init__(self, request: HttpRequest, largest: int, *, files: int = 1) -> None:
        super().__init__(request)
        self.largest = largest
        self._room = largest * files

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one file."""
        super().new_file(*args, **kwargs)
        self._data = self.empty()
        self._whole = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take one piece, unless there is too much already."""
        self._room -= len(raw_data)
        self._whole = self._whole and self._room >= 0 and start + len(raw_data) <= self.largest
        if self._whole:
            self._data.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file at its beginning; without content when it is too large."""
        self._data.seek(0)
        content = self._data if self._whole else BytesIO()
        return UploadedFile(file=content, name=self.file_name, content_type=self.content_type, size=file_size)

    def empty(self) -> IO[bytes]:
        """What the bytes of a file are written to."""
        return BytesIO()


def takes_file(largest: Callable[[], int]) -> Callable:
    """Let the view's form bring files of at most `largest()` bytes: `request.FILES` holds them, `size` is always true.

    Stands above `@page`. The form is read only by the view, so its token is checked here instead of at the door.
    """

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_protect
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.POST = plain_fields(request.POST)
            return view(request, *args, **kwargs)

        @csrf_exempt
        @wraps(view)
        def receiving(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.upload_handlers = [LimitedFileHandler(request, largest())]
            return checked(request, *args, **kwargs)

        return receiving

    return declare
