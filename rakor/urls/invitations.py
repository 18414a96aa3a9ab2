"""Addresses of invitations, answers, delegates and participants."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
