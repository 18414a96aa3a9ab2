"""The WSGI entry point: what gunicorn serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.core.wsgi import get_wsgi_application

import portal.celery  # noqa: F401  views order work, so the task queue must be known

application = get_wsgi_application()
