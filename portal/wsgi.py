"""The WSGI entry point: what gunicorn serves."""

import gc
import os
import re
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.core.wsgi import get_wsgi_application

import portal.celery  # noqa: F401  views order work, so the task queue must be known

CHARSET = re.compile(r";\s*charset\*?\s*=[^;]*", re.IGNORECASE)
_portal = get_wsgi_application()
# What is loaded now stays for good: collections need not look at it again, and forked processes go on sharing it.
gc.collect()
gc.freeze()


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """The portal's answer. Requests are read as UTF-8, as our pages are, whatever character set they claim.

    Django would take any codec of Python's, idna too, and fail before it has an error page to show.
    """
    if claimed := environ.get("CONTENT_TYPE"):
        environ["CONTENT_TYPE"] = CHARSET.sub("", claimed)
    return _portal(environ, start_response)
