"""Settings of the throw-away portal that tests of bad luck kill: the real ones, with accidents built in."""

import os

os.environ["RAKOR_MODE"] = "local"

from portal.settings import *  # noqa: F403  the mode must be set before settings are read
from portal.settings import BASE_DIR, STORAGES

FONT_DIR = BASE_DIR / "var" / "fonts"
CELERY_IMPORTS = ["tests.portal.documents.accidents", "tests.programs.freezing_accidents"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
