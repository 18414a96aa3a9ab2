"""Who may do what with a paper. Reading is decided by its kind, which the domain registered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.documents import kinds
from portal.kernel.decision import Decision, deny
from portal.web.access import signed_in


def readers(user: Any) -> Decision:
    """Setiap pengguna yang sudah masuk; dokumen yang terlihat ditentukan oleh jenisnya."""
    return signed_in(user)


def may_read(user: Any, document: Any) -> Decision:
    """Whether the kind lets this user open and download the paper."""
    try:
        return kinds.kind(document.kind).may_read(user, document)
    except KeyError:
        return deny(_("Jenis dokumen ini tidak lagi dikenal portal."))


def may_read_bundle(user: Any, bundle: Any) -> Decision:
    """Whether who ordered the bundle may still have every file in it: asked again each time, for rights end."""
    if bundle.ordered_by_id != getattr(user, "pk", None):
        return deny(_("Kumpulan berkas ini dipesan oleh orang lain."))
    try:
        return kinds.may_read_bundle(user, bundle)
    except KeyError:
        return deny(_("Jenis dokumen ini tidak lagi dikenal portal."))


def may_retry(user: Any, document: Any) -> Decision:
    """Whether this user may send a failed paper to the worker again."""
    if document.at_work or document.is_ready:
        return deny(_("Hanya dokumen yang gagal disusun yang dapat disusun ulang."))
    return may_read(user, document)
