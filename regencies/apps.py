from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegenciesConfig(AppConfig):
    name = "regencies"

    def ready(self) -> None:
        """Plug positions in as the source of hats, and the pages into the menu."""
        from portal.accounts.hats import register_source
        from portal.accounts.rules import administrators
        from portal.journal.histories import register_history
        from portal.outbox.rules import register_audiences
        from portal.web.navigation import NavItem, register
        from regencies.models import Agency, Register
        from regencies.queries import hats_from_positions, people_of_keys
        from regencies.rules import (
            may_read_number_history,
            may_read_office_history,
            message_keys,
            number_keepers,
            office_holders,
        )

        register_source(hats_from_positions)
        register_audiences(message_keys, people_of_keys)
        register_history(Agency, may_read_office_history)
        register_history(Register, may_read_number_history)
        register(NavItem(40, pgettext_lazy("menu", "Kabupaten/kota"), "regencies", "map", office_holders))
        register(NavItem(50, pgettext_lazy("menu", "Kantor"), "agencies", "building", office_holders))
        register(NavItem(60, _("Register nomor"), "registers", "book", number_keepers))
        register(NavItem(80, _("Pengguna & jabatan"), "people", "users", administrators))
