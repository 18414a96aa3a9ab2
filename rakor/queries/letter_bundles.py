"""All papers of a letter, or of all invitations, in one file: which are ready, and who may still have the file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.documents.bundles import BundleEntry
from portal.documents.models import Bundle
from portal.documents.workflow import READY
from portal.kernel.decision import Decision, allow_if
from rakor.models import Letter, LetterCopy, Meeting
from rakor.rules import letter_people

BUNDLES = "letters"


def copies_of_invitations(meeting: Meeting) -> QuerySet[LetterCopy]:
    """The copies of all invitations of the edition."""
    return LetterCopy.objects.filter(letter__meeting=meeting, letter__kind=Letter.Kind.INVITATION)


def bundle_entries(copies: QuerySet[LetterCopy]) -> tuple[list[BundleEntry], int]:
    """The ready papers letter by letter in their order, named by number and recipient, and how many are not ready."""
    copies = copies.standing().select_related("letter", "number", "document").defer("document__facts")
    rows = list(copies.order_by("letter_id", "number__year", "number__sequence", "number__suffix", "pk"))
    ready = [copy for copy in rows if copy.document and copy.document.status == READY]
    entries = [
        BundleEntry(
            f"{copy.number.sequence:03}{copy.number.suffix} {copy.addressee or copy.letter.subject}.pdf",
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
