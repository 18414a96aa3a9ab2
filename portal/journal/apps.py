from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "portal.journal"

    def ready(self) -> None:
        """Keep the journal of accounts too, which stand below and cannot call it."""
        from portal.accounts.witness import register_recorder
        from portal.journal.actions import record

        register_recorder(record)
