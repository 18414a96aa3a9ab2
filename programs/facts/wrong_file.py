"""The refusal of a file."""

from __future__ import annotations

from portal.kernel.errors import PortalError


class WrongFile(PortalError):
    """This file cannot be taken. The sentence says why and what to do; whoever shows it names the file."""
