from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.checks import every_view_has_a_gate

        checks.register(every_view_has_a_gate, checks.Tags.urls)
