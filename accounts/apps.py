from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import openings
        from accounts.checks import every_view_has_a_gate
        from core import outbox

        checks.register(every_view_has_a_gate, checks.Tags.urls)
        outbox.ask_before_sending(outbox.SECOND_PERSON_MAIL, openings.still_waits)
