"""Addresses of the letters of an edition, their recipients and copies."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
