"""Addresses of contract templates and their versions."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import contract_templates as pages
from programs.views import contract_templates_edit as editor

urlpatterns: list[URLPattern] = [
    path("kontrak/templat/", pages.contract_templates, name="contract_templates"),
    path("kontrak/templat/baru/", pages.contract_template_new, name="contract_template_new"),
    path("kontrak/templat/<int:pk>/", pages.contract_template, name="contract_template"),
    path("kontrak/templat/<int:pk>/nama/", pages.contract_template_name, name="contract_template_name"),
    path("kontrak/templat/<int:pk>/versi-baru/", pages.contract_template_next, name="contract_template_next"),
    path("kontrak/templat/versi/<int:pk>/", pages.contract_template_version, name="contract_template_version"),
    path("kontrak/templat/versi/<int:pk>/ubah/", editor.contract_template_edit, name="contract_template_edit"),
    path(
        "kontrak/templat/versi/<int:pk>/pratinjau/", editor.contract_template_preview, name="contract_template_preview"
    ),
    path(
        "kontrak/templat/versi/<int:pk>/terbitkan/", pages.contract_template_publish, name="contract_template_publish"
    ),
    path("kontrak/templat/versi/<int:pk>/buang/", pages.contract_template_discard, name="contract_template_discard"),
]
