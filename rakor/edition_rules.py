"""Who makes editions. A refusal is a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if
from rakor.rules import may_plan, planners
from regencies.rules import Role, has_role


def edition_makers(user: Any) -> Decision:
    """Admin portal, panitia dan Kepala Bidang."""
    return has_role(user, Role.ADMIN, Role.PANITIA, Role.KABID_PROV)


def may_edit_edition(user: Any, meeting: Any) -> Decision:
    """Change what the edition is, not its programme: as planners do; the admin before anybody outside has seen it.

    The admin creates editions (domain §8.2), but says yes to nothing (§7): publishing and what follows is not his.
    """
    if planners(user):
        return may_plan(user, meeting)
    return edition_makers(user) & allow_if(
        meeting.status == "persiapan" and not meeting.published,
        _("Edisi yang sudah pernah ditetapkan jadwalnya diubah oleh panitia atau Kepala Bidang."),
    )
