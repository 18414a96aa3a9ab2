from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"

    def ready(self) -> None:
        """Listen to logins and changes of secrets."""
        from portal.accounts import receivers  # noqa: F401  importing connects them
