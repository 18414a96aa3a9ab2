"""What becomes of uploaded files: nothing. Else whoever finds the login page could fill the server's disk."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NameOnlyHandler(FileUploadHandler):
    """Keeps the name of a file and lets its bytes go by: no form here takes files.

    A view that wants a file sets its own handler, as the check of papers does.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Let one piece go."""

    def file_complete(self, file_size: int) -> UploadedFile:
        """The name and size of what went by."""
        return UploadedFile(file=None, name=self.file_name, content_type=self.content_type, size=file_size)
