"""Generated pages fit the code."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rakor.management.commands.make_docs import access_page, find_workflows, workflows_page
from tests.sources import modules


def test_the_pages_in_the_repository_fit_the_code() -> None:
    call_command("make_docs", "--check", stdout=StringIO())


def test_a_page_that_does_not_fit_is_named_and_then_written(settings, tmp_path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match=r"workflows\.md, access\.md"):
        call_command("make_docs", "--check", stdout=StringIO())
    call_command("make_docs", stdout=StringIO())
    call_command("make_docs", "--check", stdout=StringIO())
    assert (tmp_path / "docs" / "access.md").read_text() == access_page()


def test_every_workflow_module_is_told() -> None:
    told = {module for module, _flow in find_workflows()}
    assert told == {name for name in modules() if name.endswith(".workflow") and name != "portal.kernel.workflow"}


def test_a_move_is_drawn_and_tabled() -> None:
    page = workflows_page()
    assert "persiapan --> terjadwal: Tetapkan jadwal" in page
    assert "| `reopen` | Buka kembali | final | konsep | required | version |" in page


def test_an_address_tells_who_may() -> None:
    assert "| `/kabupaten/` | `regencies` | Setiap pemegang jabatan yang sedang berlaku. | reads |" in access_page()
