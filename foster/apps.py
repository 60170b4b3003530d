from django.apps import AppConfig


class FosterConfig(AppConfig):
    name = "foster"

    def ready(self) -> None:
        from core import outbox
        from foster import services, tasks

        outbox.ask_before_sending(services.REMINDER_MAIL, tasks.is_still_wanted)
