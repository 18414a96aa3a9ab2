"""Addresses of contracts and MOUs."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import contracts, contracts_edit, contracts_together

urlpatterns: list[URLPattern] = [
    path("kontrak/", contracts.contracts, name="contracts"),
    path("kontrak/peta/", contracts.contracts_map, name="contracts_map"),
    path("kontrak/baru/", contracts_edit.contract_new, name="contract_new"),
    path("kontrak/baru/mou/", contracts_edit.contract_new_mous, name="contract_new_mous"),
    path("kontrak/paraf-bersama/", contracts_together.contracts_check, name="contracts_check"),
    path("kontrak/setujui-bersama/", contracts_together.contracts_approve, name="contracts_approve"),
    path("kontrak/<int:pk>/", contracts.contract, name="contract"),
    path("kontrak/<int:pk>/pratinjau/", contracts.contract_preview, name="contract_preview"),
    path("kontrak/<int:pk>/ubah/", contracts_edit.contract_edit, name="contract_edit"),
    path("kontrak/<int:pk>/langkah/<slug:move>/", contracts.contract_move, name="contract_move"),
    path("kontrak/<int:pk>/nomor-pihak-lain/", contracts.contract_other_number, name="contract_other_number"),
]
