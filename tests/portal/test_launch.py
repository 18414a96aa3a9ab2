"""The parts of the launcher that decide something."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal.launch import __main__ as command_line
from portal.launch import clean, demo, hosts, install, layout, native, portal_run
from portal.launch.console import LaunchError


def test_help_lists_every_command_of_the_makefile(capsys: pytest.CaptureFixture[str]):
    assert command_line.main(["help"]) == 0
    shown = capsys.readouterr().out
    for name in command_line.COMMANDS:
        assert f"  {name} " in shown


def test_unknown_command_shows_the_help():
    assert command_line.main(["nonsense"]) == 2


def test_launcher_needs_nothing_but_the_standard_library():
    program = (
        "import sys; sys.path.insert(0, '.'); import importlib, pathlib\n"
        "for file in pathlib.Path('portal/launch').glob('*.py'):\n"
        "    importlib.import_module('portal.launch.' + file.stem) if file.stem != '__main__' else None\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names - {'portal'}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=layout.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['__main__']" or done.stdout.strip() == "[]"


def test_dotenv(tmp_path: Path):
    file = tmp_path / ".env"
    file.write_text("# no=1\nPORT=9000\nexport SECRET_KEY='a=b'\n\nRAKOR_PAPER=F4   \nnonsense\n")
    assert layout.dotenv(file) == {"PORT": "9000", "SECRET_KEY": "a=b", "RAKOR_PAPER": "F4"}
    assert layout.dotenv(tmp_path / "none") == {}


def test_own_servers_replace_the_embedded_ones():
    assert layout.wanted_servers({}) == ("postgres", "redis")
    assert layout.wanted_servers({"DATABASE_URL": "postgresql://db/rakor"}) == ("redis",)
    assert layout.wanted_servers({"DATABASE_URL": "x", "REDIS_URL": "y"}) == ()


def test_missing_library_that_may_not_be_installed_is_a_command_to_type(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(native, "NEEDED", {"libnot-there.so.9": "libpango-1.0-0"})
    monkeypatch.setattr(native, "apt_get", list)
    with pytest.raises(LaunchError, match=r"libpango-1\.0-0|install"):
        native.ensure()


def test_missing_faster_library_is_only_a_remark(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(native, "NEEDED", {})
    monkeypatch.setattr(native, "FASTER", {"libnot-there.so.9": "libharfbuzz-subset0"})
    monkeypatch.setattr(native, "apt_get", list)
    assert native.ensure() == "slower without libharfbuzz-subset0"


def test_source_maps_are_cut_off():
    assert install.SOURCE_MAP.sub(b"", b"a{}\n/*# sourceMappingURL=x.css.map */") == b"a{}"
    assert install.SOURCE_MAP.sub(b"", b"f()\n//# sourceMappingURL=x.js.map\n") == b"f()\n"


def test_no_lock_file_names_a_registry():
    assert hosts.offenders() == []


@pytest.mark.parametrize("number", ["abc", "0", "70000"])
def test_port_that_is_none(monkeypatch: pytest.MonkeyPatch, number: str):
    monkeypatch.setenv("PORT", number)
    with pytest.raises(LaunchError, match="PORT must be a number"):
        portal_run._check_port()


def test_port_that_is_taken(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(LaunchError, match="is taken by another program"):
            portal_run._check_port()


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of nothing, so that nothing of worth can be deleted."""
    monkeypatch.setenv("RAKOR_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(clean, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(clean, "ROOT", tmp_path)
    (tmp_path / "var" / "files").mkdir(parents=True)
    (tmp_path / "var" / "family-photos").mkdir()
    return tmp_path


def test_clean_deletes_nothing_without_the_word(scratch: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("YES", raising=False)
    for answer in ("ya", ""):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        with pytest.raises(LaunchError, match="Nothing was deleted"):
            clean.clean()
    assert (scratch / "var" / "files").exists()


def test_clean_deletes_only_what_was_made(scratch: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("builtins.input", lambda _: "hapus")
    assert clean.clean() == 0
    assert not (scratch / "var" / "files").exists()
    assert (scratch / "var" / "family-photos").exists()


def test_demo_reads_forms_and_links():
    page = demo.Page(
        "http://x/rakor/a/agenda/",
        '<form method="post" action="cetak/"><input name="csrfmiddlewaretoken" value="t"><input type="submit" name="s">'
        '</form><form action="/cari/"><input name="q"></form><a href="/dokumen/1/unduh/">PDF</a>',
    )
    assert page.form(r"/cetak/$") == demo.Form("http://x/rakor/a/agenda/cetak/", {"csrfmiddlewaretoken": "t"})
    assert page.link("/unduh/$") == "http://x/dokumen/1/unduh/"
    assert page.form("/hapus/$") is None


def test_demo_refuses_what_is_no_paper_of_the_edition(tmp_path: Path):
    import pikepdf

    file = tmp_path / "x.pdf"
    file.write_bytes(b"<html>")
    with pytest.raises(demo.DemoError, match="is not a PDF"):
        demo.pages_of(file)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    with pytest.raises(demo.DemoError, match="is not a paper of"):
        demo.pages_of(file)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = f"Susunan Acara {demo.EDITION}"
        pdf.save(file)
    assert demo.pages_of(file) == 1
