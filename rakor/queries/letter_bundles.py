"""All papers of a letter in one file: which are ready, and who may still have the file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.documents.bundles import BundleEntry
from portal.documents.models import Bundle
from portal.documents.workflow import READY
from portal.kernel.decision import Decision, allow_if
from rakor.models import Letter, LetterCopy
from rakor.rules import letter_people

BUNDLES = "letters"


def bundle_entries(letter: Letter) -> tuple[list[BundleEntry], int]:
    """The ready papers in their order, named by number and recipient, and how many are not ready."""
    copies = letter.copies.standing().select_related("number", "document").defer("document__facts")
    rows = list(copies.order_by("number__year", "number__sequence", "number__suffix", "pk"))
    ready = [copy for copy in rows if copy.document and copy.document.status == READY]
    entries = [
        BundleEntry(
            f"{copy.number.sequence:03}{copy.number.suffix} {copy.addressee or letter.subject}.pdf",
            document=copy.document_id, about=copy.pk,
        )
        for copy in ready
    ]  # fmt: skip
    return entries, len(rows) - len(ready)


def may_read_letter_bundle(user: Any, bundle: Bundle) -> Decision:
    """Whoever ordered it, while letters are his business and none of these was taken back."""
    about = [entry["about"] for entry in bundle.entries]
    standing = LetterCopy.objects.standing().filter(pk__in=about).count()
    return letter_people(user) & allow_if(
        standing == len(about), _("Salah satu suratnya sudah ditarik. Pesan kumpulan yang baru.")
    )
