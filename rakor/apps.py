from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RakorConfig(AppConfig):
    name = "rakor"

    def ready(self) -> None:
        """Register the papers of the rakor, and its pages in the menu."""
        from portal.documents.kinds import register as register_kind
        from portal.documents.kinds import register_bundles
        from portal.journal.histories import register_history
        from portal.outbox.rules import register_keepers
        from portal.web.access import signed_in
        from portal.web.navigation import NavItem, register
        from rakor.models import Addendum, Agreement, AttendanceList, Meeting, Session
        from rakor.queries.agreement_papers import BA_ADDENDUM, BA_AGREEMENT
        from rakor.queries.attendance_papers import CARDS_KIND, CERTIFICATES_KIND, SHEETS_KIND
        from rakor.queries.desk_papers import BA_DESK
        from rakor.queries.letter_bundles import BUNDLES, may_read_letter_bundle
        from rakor.queries.letter_papers import INVITATION
        from rakor.queries.letter_text_papers import COMMITTEE_REPORT, SK_COMMITTEE
        from rakor.queries.minutes_papers import NOTULA
        from rakor.queries.papers import AGENDA
        from rakor.rules import attendance_readers, guest_keepers
        from regencies.rules import more_than_worker, province_staff

        for model in (Meeting, Session, Agreement, Addendum):
            register_history(model, lambda user, obj: province_staff(user))
        register_history(AttendanceList, lambda user, obj: attendance_readers(user))
        for kind in (
            AGENDA, NOTULA, BA_DESK, BA_AGREEMENT, BA_ADDENDUM, SK_COMMITTEE, COMMITTEE_REPORT, INVITATION, SHEETS_KIND,
            CARDS_KIND, CERTIFICATES_KIND,
        ):  # fmt: skip
            register_kind(kind)
        register_keepers(guest_keepers)
        register_bundles(BUNDLES, may_read_letter_bundle)
        register(NavItem(0, _("Beranda"), "home", "home", signed_in))
        register(NavItem(10, _("Rakor"), "meetings", "meeting", more_than_worker))
