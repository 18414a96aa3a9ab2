from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        """Register the papers of proposals, and their pages in the menu."""
        from portal.documents.kinds import register as register_kind
        from portal.web.navigation import NavItem, register
        from programs.queries.papers import KINDS
        from programs.rules import province_readers, readers, verifiers

        for kind in KINDS:
            register_kind(kind)
        register(NavItem(20, _("Usulan"), "proposals", "sheet", readers))
        register(NavItem(25, _("Verifikasi"), "verification", "check-circle", verifiers))
        register(NavItem(26, _("Putaran"), "rounds", "clock", province_readers))
        register(NavItem(27, _("Realisasi"), "realisations", "progress", readers))
