from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "portal.documents"

    def ready(self) -> None:
        """Register the system checks and the list's place in the menu."""
        from portal.documents import checks  # noqa: F401  importing registers them
        from portal.documents.rules import readers
        from portal.web.navigation import NavItem, register

        register(NavItem(60, _("Dokumen"), "documents", "pdf", readers))
