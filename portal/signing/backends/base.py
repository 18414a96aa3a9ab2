"""What every back end does: open a person's pen with the passphrase, then sign one sheet with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from portal.signing.errors import SigningError
from portal.signing.models import SigningIdentity


class WrongPassphrase(SigningError):
    """The passphrase does not fit; such tries are counted."""

    def __init__(self) -> None:
        super().__init__(_("Frasa sandi tidak cocok. Naskah belum ditandatangani."))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is signed: the PDF, the empty field, the stamp that becomes visible there, and what the signature says.

    `certify`: this is the first signature, and nothing but signatures may follow it.
    """

    content: bytes
    field: str
    stamp: bytes
    stamp_page: int
    certify: bool
    name: str
    reason: str
    location: str


class Pen(Protocol):
    """Signs once."""

    def sign(self, sheet: Sheet) -> bytes:
        """The signed PDF, not yet checked.

        Errors: SigningError; WrongPassphrase where only the service knows the passphrase.
        """


class Backend(Protocol):
    """A way of signing."""

    kind: str

    def open(self, identity: SigningIdentity, passphrase: str) -> Pen:
        """The pen of this person.

        Errors: WrongPassphrase; SigningError when this back end cannot be used now.
        """

    def confirm(self, content: bytes, field: str) -> None:
        """Return when the back end itself finds the new signature valid (the portal checks as well).

        Errors: SigningError.
        """
