from django.apps import AppConfig


class FosterConfig(AppConfig):
    name = "foster"

    def ready(self) -> None:
        from core import leaks, outbox
        from core.enums import Channel
        from foster import services, tasks

        leaks.ask_for_part(Channel.UPDATE, services.has_part)
        leaks.when_settled(Channel.UPDATE, services.after_settling)
        outbox.ask_before_sending(services.REMINDER_MAIL, tasks.is_still_wanted)
