"""Addresses of realisation."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import realisation

urlpatterns: list[URLPattern] = [
    path("realisasi/", realisation.realisations, name="realisations"),
    path("realisasi/<int:pk>/", realisation.realisation, name="realisation"),
    path("realisasi/<int:pk>/tw/<int:quarter>/", realisation.realisation_report, name="realisation_report"),
]
