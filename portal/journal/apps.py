from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "portal.journal"

    def ready(self) -> None:
        """Keep the journal of accounts too, which stand below and cannot call it; add the page to the menu."""
        from portal.accounts.models import User
        from portal.accounts.rules import administrators
        from portal.accounts.witness import register_recorder
        from portal.journal.actions import record
        from portal.journal.histories import register_history
        from portal.web.navigation import NavItem, register

        register_recorder(record)
        register_history(User, lambda user, person: administrators(user))
        register(NavItem(90, _("Jurnal"), "journal", "history", administrators))
