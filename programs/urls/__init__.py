"""Addresses of programs: one list per aggregate."""

from programs.urls import (
    attachments,
    comparison,
    contract_batches,
    contract_signing,
    contract_templates,
    contracts,
    excel,
    lines,
    papers,
    proposals,
    realisation,
    reports,
    rounds,
    verification,
    workers,
)

urlpatterns = [
    *excel.urlpatterns,
    *papers.urlpatterns,
    *proposals.urlpatterns,
    *lines.urlpatterns,
    *attachments.urlpatterns,
    *verification.urlpatterns,
    *rounds.urlpatterns,
    *comparison.urlpatterns,
    *realisation.urlpatterns,
    *contract_batches.urlpatterns,
    *contract_templates.urlpatterns,
    *contracts.urlpatterns,
    *contract_signing.urlpatterns,
    *workers.urlpatterns,
    *reports.urlpatterns,
]
