"""Fonts cut at set-up, and what a paper may load."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from portal.documents import checks, fonts
from portal.documents.fetching import locate

ROOTS = {"paper": Path(settings.BASE_DIR) / "templates" / "pdf", "font": Path(settings.FONT_DIR)}
needs_packages = pytest.mark.skipif(not fonts.SOURCE.exists(), reason="front-end packages are not installed")


@needs_packages
def test_cut_fonts_are_the_same_everywhere_and_made_once(tmp_path: Path) -> None:
    made = fonts.build(fonts.SOURCE, tmp_path / "a")
    again = fonts.build(fonts.SOURCE, tmp_path / "b")
    assert [file.read_bytes() for file in made] == [file.read_bytes() for file in again]
    before = {file: file.stat().st_mtime_ns for file in made}
    fonts.build(fonts.SOURCE, tmp_path / "a")
    assert before == {file: file.stat().st_mtime_ns for file in made}
    assert all(file.stat().st_size < 150_000 for file in made)


@needs_packages
def test_a_damaged_recipe_stamp_makes_the_font_anew(tmp_path: Path) -> None:
    first = fonts.build(fonts.SOURCE, tmp_path)[0]
    whole = hashlib.sha256(first.read_bytes()).hexdigest()
    first.with_suffix(".stamp").write_text("old")
    first.write_bytes(b"half")
    assert hashlib.sha256(fonts.build(fonts.SOURCE, tmp_path)[0].read_bytes()).hexdigest() == whole


def test_a_missing_package_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert fonts.main(["--source", str(tmp_path / "none"), "--target", str(tmp_path / "out")]) == 1
    assert "npm ci" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["font:Arimo-Bold.ttf", "paper:shared/v1/base.css", "paper:agenda/v1/print.css"])
def test_own_files_are_found(url: str) -> None:
    assert locate(url, ROOTS).is_file()


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/latest/",
        "https://example.com/a.css",
        "ftp://example.com/a.ttf",
        "data:text/css,p{}",
        "font:/etc/passwd",
        "font:../secret_key",
        "font:../../manage.py",
        "paper:../../portal/settings.py",
        "paper:agenda/v1/document.html",
        "paper:",
        "paper:%2e%2e/%2e%2e/manage.py",
        "FILE:///etc/passwd",
        "",
    ],
)
def test_nothing_else_is_loaded(url: str) -> None:
    assert locate(url, ROOTS) is None


def test_a_link_out_of_the_folder_is_no_way_out(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.css").write_text("p{}")
    (tmp_path / "inside" / "a.css").symlink_to(tmp_path / "secret.css")
    assert locate("paper:a.css", {"paper": tmp_path / "inside"}) is None


def test_the_checks_name_what_is_missing_and_how_to_get_it(
    settings: object, tmp_path: Path, monkeypatch: object
) -> None:
    assert checks.native_libraries() == []
    assert checks.fonts_are_cut() == []
    monkeypatch.setattr(checks, "LIBRARIES", ("pango-1.0", "no-such-library"))
    [error] = checks.native_libraries()
    assert "no-such-library" in error.msg and "apt-get install" in error.hint
    settings.FONT_DIR = tmp_path
    [warning] = checks.fonts_are_cut()
    assert "Arimo-Regular.ttf" in warning.msg
