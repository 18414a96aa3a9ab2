from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "portal.signing"

    def ready(self) -> None:
        """Open the history of an identity to its owner and to administrators; limit the reader of PDF files."""
        from portal.journal.histories import register_history
        from portal.signing.models import SigningIdentity
        from portal.signing.rules import may_see_identity
        from portal.signing.strange_pdf import limit_reader

        limit_reader()
        register_history(SigningIdentity, may_see_identity)
