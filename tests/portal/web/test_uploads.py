"""Files that nobody asked for are not stored."""

from __future__ import annotations

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

LARGE = b"x" * (3 * 1024 * 1024)


@pytest.mark.parametrize("name", ["account_login", "set_language"])
def test_a_file_for_a_page_that_takes_none_touches_no_disk(name, db, client, monkeypatch, tmp_path):
    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", full)
    sent = {"login": "panitia", "password": "salah", "lampiran": SimpleUploadedFile("besar.bin", LARGE)}
    answer = client.post(reverse(name), sent)
    assert answer.status_code in (422, 302)
    assert answer.wsgi_request.FILES["lampiran"].name == "besar.bin"
    assert answer.wsgi_request.FILES["lampiran"].file is None
