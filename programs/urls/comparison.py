"""Addresses of the comparison and the ceiling simulator."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import comparison, simulator

urlpatterns: list[URLPattern] = [
    path("banding/", comparison.comparison, name="comparison"),
    path("banding/excel/", comparison.comparison_excel, name="comparison_excel"),
    path("simulasi/", simulator.simulation, name="simulator"),
    path("simulasi/pagu/", simulator.ceilings_save, name="ceilings_save"),
]
