"""Addresses of the installable door page and its exchange with the server."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
