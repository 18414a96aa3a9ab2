"""Production settings: nothing unsafe has a default, and Django's own check finds nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from portal.accounts.adapter import MFAAdapter

ROOT = Path(__file__).resolve().parents[3]
GOOD = {"SECRET_KEY": "k7Zr" * 15 + "-x_!9Qw", "PUBLIC_URL": "https://rakor.example.go.id"}


def manage(*arguments: str, **settings: str) -> subprocess.CompletedProcess:
    """manage.py with nothing but these settings in its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "RAKOR_VAR", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | settings, capture_output=True, text=True, check=False)


def test_check_deploy_is_clean():
    done = manage("check", "--deploy", "--tag", "security", "--fail-level", "INFO", **GOOD)
    assert done.returncode == 0 and "no issues" in done.stdout + done.stderr, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is not set."),
        ({"PUBLIC_URL": "http://rakor.example.go.id"}, "PUBLIC_URL must begin with https://"),
        ({"RAKOR_MODE": "prod"}, "RAKOR_MODE must be production, local or test"),
    ],
)
def test_a_missing_or_unsafe_setting_stops_the_start_with_a_sentence(change, sentence):
    done = manage("check", **GOOD | change)
    assert done.returncode != 0 and sentence in done.stderr


def test_every_setting_is_documented():
    source = (ROOT / "portal" / "settings.py").read_text()
    names = set(re.findall(r'(?:environ\.get|_flag|_required)\(\s*"([A-Z_]+)"', source))
    assert len(names) > 20
    written = (ROOT / "docs" / "operations.md").read_text()
    assert not {name for name in names if f"`{name}`" not in written}


def test_seeds_survive_a_change_of_the_key():
    adapter = MFAAdapter()
    with override_settings(SECRET_KEY="old"):
        stored = adapter.encrypt("SEED")
    assert "SEED" not in stored
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
        assert adapter.decrypt(stored) == "SEED"


def test_headers_of_a_page(db, client):
    page = client.get("/masuk/")
    policy = page["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert page["X-Frame-Options"] == "DENY" and page["Referrer-Policy"] == "same-origin"
    assert page["X-Content-Type-Options"] == "nosniff" and "no-store" in page["Cache-Control"]
