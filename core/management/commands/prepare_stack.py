"""What has to stand before the web starts, in one process: a start of Django costs two seconds."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from core.grants import become_app_role


class Command(BaseCommand):
    help = "Migrate as the owner of the database, compile the catalogues, and load the sample as the app."
    requires_system_checks: list = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("compilemessages", verbosity=0)
        if settings.SAMPLE:
            # Whatever the sample could write, a person must be able to write in the app: same role.
            become_app_role()
            call_command("load_sample", stdout=self.stdout, stderr=self.stderr)
