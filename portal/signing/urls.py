"""Addresses of signing: Indonesian paths, English names."""

from django.urls import path

from portal.signing.views import identity

urlpatterns = [
    path("akun/tanda-tangan/", identity.overview, name="signing_identity"),
    path("akun/tanda-tangan/terbitkan/", identity.issue, name="signing_issue"),
    path("akun/tanda-tangan/bsre/", identity.bsre, name="signing_bsre"),
    path("akun/tanda-tangan/cabut/", identity.revoke, name="signing_revoke"),
    path("tanda-tangan/otoritas.pem", identity.authority, name="signing_authority"),
]
