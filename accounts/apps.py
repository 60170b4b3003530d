from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils import timezone


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import openings, services, switch
        from accounts.checks import every_view_has_a_gate
        from core import leaks, outbox

        leaks.when_many(lambda by: services.tell_of_many_findings(by=by, now=timezone.now()))
        checks.register(every_view_has_a_gate, checks.Tags.urls)
        post_migrate.connect(switch.after_migrate, sender=self)
        outbox.ask_before_sending(outbox.SECOND_PERSON_MAIL, openings.still_waits)
