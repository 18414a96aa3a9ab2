from django.apps import AppConfig


class RegenciesConfig(AppConfig):
    name = "regencies"

    def ready(self) -> None:
        """Plug positions in as the source of hats, and the pages into the menu."""
        from portal.accounts.hats import register_source
        from regencies.queries import hats_from_positions

        register_source(hats_from_positions)
