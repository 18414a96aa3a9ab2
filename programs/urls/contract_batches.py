"""Addresses of many contracts at once: from an Excel list, and as one ZIP."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import contract_batches as views
from programs.views import contract_bundles

urlpatterns: list[URLPattern] = [
    path("kontrak/daftar/", views.contract_batches, name="contract_batches"),
    path("kontrak/daftar/templat/", views.contract_batch_template, name="contract_batch_template"),
    path("kontrak/daftar/<int:pk>/", views.contract_batch, name="contract_batch"),
    path("kontrak/daftar/<int:pk>/buat/", views.contract_batch_make, name="contract_batch_make"),
    path("kontrak/zip/", contract_bundles.contracts_zip, name="contracts_zip"),
]
