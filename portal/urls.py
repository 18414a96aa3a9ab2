"""All addresses. Public paths are Indonesian; names are English."""

from django.urls import include, path

handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.not_found"
handler500 = "portal.web.errors.server_error"

urlpatterns = [
    path("", include("portal.web.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.journal.urls")),
    path("", include("portal.documents.urls")),
    path("", include("portal.outbox.urls")),
    path("", include("portal.signing.urls")),
    path("", include("regencies.urls")),
    path("", include("programs.urls")),
    path("", include("rakor.urls")),
]
