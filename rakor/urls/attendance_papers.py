"""Addresses of attendance sheets, cards and certificates."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
