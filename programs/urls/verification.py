"""Addresses of verification. `<int:pk>` is the proposal."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import rubric, verification, verify, versions

urlpatterns: list[URLPattern] = [
    path("verifikasi/", verification.verification, name="verification"),
    path("verifikasi/excel/", verification.verification_excel, name="verification_excel"),
    path("verifikasi/ambil/", verification.verification_take, name="verification_take"),
    path("verifikasi/bagi/", verification.verification_assign, name="verification_assign"),
    path("verifikasi/siap-desk/", verification.verification_ready, name="verification_ready"),
    path("verifikasi/rubrik/", rubric.rubric, name="rubric"),
    path("verifikasi/rubrik/baru/", rubric.rubric_new, name="rubric_new"),
    path("verifikasi/rubrik/<slug:key>/", rubric.rubric_item, name="rubric_item"),
    path("verifikasi/<int:pk>/", verify.verify, name="proposal_verify"),
    path("verifikasi/<int:pk>/nilai/", verify.verify_score, name="verify_score"),
    path("verifikasi/<int:pk>/kembalikan/", verify.verify_return, name="verify_return"),
    path("verifikasi/<int:pk>/lolos/", verify.verify_pass, name="verify_pass"),
    path("verifikasi/<int:pk>/catatan/", verify.verify_note, name="verify_note"),
    path("usulan/<int:pk>/versi/", versions.proposal_versions, name="proposal_versions"),
    path("usulan/<int:pk>/komentar/", versions.proposal_comment, name="proposal_comment"),
    path("usulan/<int:pk>/catatan/<int:point>/", versions.point_answer, name="point_answer"),
]
