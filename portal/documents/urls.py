"""Addresses of papers. The short ones are printed on paper: they never change."""

from django.urls import path

from portal.documents.views import bundles, papers, verifying

urlpatterns = [
    path("dokumen/", papers.document_list, name="documents"),
    path("dokumen/<uuid:public_id>/", papers.document_detail, name="document"),
    path("dokumen/<uuid:public_id>/kemajuan/", papers.document_progress, name="document_progress"),
    path("dokumen/<uuid:public_id>/unduh/", papers.document_download, name="document_download"),
    path("dokumen/<uuid:public_id>/ulang/", papers.document_retry, name="document_retry"),
    path("paket/<uuid:public_id>/", bundles.bundle_detail, name="bundle"),
    path("paket/<uuid:public_id>/kemajuan/", bundles.bundle_progress, name="bundle_progress"),
    path("paket/<uuid:public_id>/unduh/", bundles.bundle_download, name="bundle_download"),
    path("paket/<uuid:public_id>/ulang/", bundles.bundle_retry, name="bundle_retry"),
    path("v/", verifying.verify_form, name="verify"),
    path("v/<str:code>/", verifying.verify_code, name="verify_code"),
]
