"""The portal's settings as tests use them: mode "test", Redis numbers of the worker's own, strict templates."""

import os

from tests.strict_templates import Strict

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw") or 0)
os.environ["RAKOR_MODE"] = "test"
os.environ["RAKOR_REDIS_DB"] = str(8 + 2 * WORKER)  # 0-7 belong to the run

from portal.settings import *  # noqa: E402, F403  the mode must be set before settings are read
from portal.settings import BASE_DIR, FONT_DIR, TEMPLATES, VAR_DIR  # noqa: E402

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Strict()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests log in a thousand times
MEDIA_ROOT = VAR_DIR / "test-files" / str(WORKER)  # the same for processes that a test starts
# A scratch RAKOR_VAR has no fonts and front-end files of its own: the checkout's serve.
if not FONT_DIR.exists():
    FONT_DIR = BASE_DIR / "var" / "fonts"
if not (VAR_DIR / "vendor").exists():
    STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "var" / "vendor")]
SIGNING_DIR = VAR_DIR / "test-signing" / str(WORKER)  # never the authority of a real portal
