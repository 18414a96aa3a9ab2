"""Addresses of programs: one list per aggregate."""

from programs.urls import (
    attachments,
    comparison,
    contracts,
    excel,
    lines,
    papers,
    proposals,
    realisation,
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
    *contracts.urlpatterns,
    *workers.urlpatterns,
]
