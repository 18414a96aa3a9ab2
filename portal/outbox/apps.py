from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "portal.outbox"

    def ready(self) -> None:
        """Register the history of messages, and their places in the menu."""
        from portal.journal.histories import register_history
        from portal.outbox.models import Message
        from portal.outbox.rules import keepers, told_only
        from portal.web.navigation import NavItem, register

        register_history(Message, lambda user, obj: keepers(user))
        register(NavItem(62, _("Kotak keluar"), "outbox", "mail", keepers))
        register(NavItem(62, _("Pesan"), "inbox", "mail", told_only))
