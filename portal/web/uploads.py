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
from portal.web.storage import NotWritten, not_written


class NameOnlyHandler(FileUploadHandler):
    """Keeps the name of a file and lets its bytes go by: most forms take no files."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Let one piece go."""

    def file_complete(self, file_size: int) -> UploadedFile:
        """The name and size of what went by."""
        return UploadedFile(file=None, name=self.file_name, content_type=self.content_type, size=file_size)


class LostFile(UploadedFile):
    """A file for which the server had no room while it came in: whoever reads it hears why, the form stays whole."""

    def __init__(self, why: NotWritten, **known: Any) -> None:
        super().__init__(**known)
        self._why = why

    def read(self, *_size: int) -> bytes:
        """Never anything.

        Errors: NotWritten.
        """
        raise self._why


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
        self._whole, self._lost = True, None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take one piece, unless there is too much already."""
        self._room -= len(raw_data)
        self._whole = self._whole and self._room >= 0 and start + len(raw_data) <= self.largest
        if self._whole and self._lost is None:
            try:
                self._data.write(raw_data)
            except OSError as error:
                self._lost = not_written(error)

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file at its beginning; without content when it is too large, or when there was no room for it."""
        known = {"name": self.file_name, "content_type": self.content_type, "size": file_size}
        if self._whole and self._lost is None:
            try:
                self._data.seek(0)  # writes what is left
            except OSError as error:
                self._lost = not_written(error)
        if self._lost is not None:
            return LostFile(self._lost, **known)
        return UploadedFile(file=self._data if self._whole else BytesIO(), **known)

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
