"""The one error of signing. Its text is a sentence for the user and never holds a secret."""

from __future__ import annotations

from portal.kernel.errors import PortalError


class SigningError(PortalError):
    """Nothing was signed, and nothing was changed; the sentence says why and what to do."""
