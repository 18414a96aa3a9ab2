"""Addresses of attendance lists, the participants' own page and the hall's screen."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
