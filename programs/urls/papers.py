"""Addresses of papers."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import papers

urlpatterns: list[URLPattern] = [
    path("usulan/bundel/", papers.bundles, name="proposal_bundles"),
    path("usulan/<int:pk>/kak/", papers.proposal_kak, name="proposal_kak"),
    path("usulan/<int:pk>/rab/", papers.proposal_rab, name="proposal_rab"),
]
