"""Addresses of signing contracts."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import contract_paper, contract_signing

urlpatterns: list[URLPattern] = [
    path("kontrak/<int:pk>/tanda-tangan/", contract_signing.contract_sign, name="contract_sign"),
    path("kontrak/<int:pk>/tanda-tangan/keadaan/", contract_signing.contract_sign_state, name="contract_sign_state"),
    path("kontrak/<int:pk>/tanda-tangan/<int:signer_pk>/basah/", contract_paper.contract_wet, name="contract_wet"),
    path("kontrak/<int:pk>/berkas/<int:sequence>/", contract_signing.contract_file, name="contract_file"),
    path("kontrak/<int:pk>/pindaian/", contract_paper.contract_scan, name="contract_scan"),
    path("kontrak/<int:pk>/pindaian/<int:sequence>/", contract_paper.contract_scan_check, name="contract_scan_check"),
]
