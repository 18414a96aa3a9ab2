"""Addresses of cost lines, shares of funding and indicators."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import indicators, lines, shares

urlpatterns: list[URLPattern] = [
    path("usulan/<int:pk>/rincian/", lines.lines, name="lines"),
    path("usulan/<int:pk>/rincian/baru/", lines.line_new, name="line_new"),
    path("usulan/<int:pk>/rincian/tempel/", lines.lines_paste, name="lines_paste"),
    path("usulan/<int:pk>/rincian/porsi/", shares.shares, name="shares"),
    path("usulan/<int:pk>/rincian/porsi/isi/", shares.shares_fill, name="shares_fill"),
    path("usulan/<int:pk>/rincian/indikator/baru/", indicators.indicator_new, name="indicator_new"),
    path("usulan/<int:pk>/rincian/indikator/resmi/", indicators.indicator_official, name="indicator_official"),
    path("usulan/<int:pk>/rincian/indikator/<int:indicator_id>/", indicators.indicator_edit, name="indicator_edit"),
    path(
        "usulan/<int:pk>/rincian/indikator/<int:indicator_id>/hapus/",
        indicators.indicator_delete,
        name="indicator_delete",
    ),
    path(
        "usulan/<int:pk>/rincian/indikator/<int:indicator_id>/kembalikan/",
        indicators.indicator_undelete,
        name="indicator_undelete",
    ),
    path("usulan/<int:pk>/rincian/<int:line_id>/", lines.line_edit, name="line_edit"),
    path("usulan/<int:pk>/rincian/<int:line_id>/hapus/", lines.line_delete, name="line_delete"),
    path("usulan/<int:pk>/rincian/<int:line_id>/kembalikan/", lines.line_undelete, name="line_undelete"),
    path("usulan/<int:pk>/rincian/<int:line_id>/pindah/", lines.line_place, name="line_place"),
]
