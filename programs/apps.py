from dataclasses import replace

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        """Register the papers of proposals, and their pages in the menu."""
        from portal.documents.kinds import register as register_kind
        from portal.documents.kinds import register_bundles
        from portal.journal.histories import register_history
        from portal.web.navigation import NavItem, register
        from programs.contract_rules import may_read_worker_history, worker_readers
        from programs.contract_rules import readers as contract_readers
        from programs.models import Contract, ExtensionWorker
        from programs.queries.contract_bundles import BUNDLES, may_read_bundle
        from programs.queries.contract_papers import KINDS as CONTRACT_KINDS
        from programs.queries.papers import KINDS
        from programs.queries.reports_papers import KINDS as REPORT_KINDS
        from programs.rules import province_readers, verifiers
        from programs.tasks import paper_ready
        from regencies.rules import more_than_worker, province_staff

        for kind in (*KINDS, *(replace(kind, ready=paper_ready) for kind in CONTRACT_KINDS), *REPORT_KINDS):
            register_kind(kind)
        register_bundles(BUNDLES, may_read_bundle)
        register_history(Contract, lambda user, obj: province_staff(user))
        register_history(ExtensionWorker, may_read_worker_history)
        register(NavItem(20, _("Usulan"), "proposals", "sheet", more_than_worker))
        register(NavItem(25, _("Verifikasi"), "verification", "check-circle", verifiers))
        register(NavItem(26, _("Putaran"), "rounds", "clock", province_readers))
        register(NavItem(27, _("Realisasi"), "realisations", "progress", more_than_worker))
        register(NavItem(28, _("Kontrak"), "contracts", "signature", contract_readers))
        register(NavItem(29, _("Penyuluh"), "workers", "users", worker_readers))
        register(NavItem(30, _("Laporan TPL"), "reports", "calendar", worker_readers))
