"""Addresses of the Excel round trip."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import excel

urlpatterns: list[URLPattern] = [
    path("usulan/excel/", excel.excel_template, name="excel_template"),
    path("usulan/excel/unggah/", excel.excel_upload, name="excel_upload"),
]
