from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import sample


class Command(BaseCommand):
    help = "The code of the second factor of each log-in of the sample, as the app on a phone would show it."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE:
            raise CommandError(
                "This is not a sample installation (SAMPLE is not set): there are no codes to show."
            )
        for person in sample.log_ins_with_codes(timezone.now()):
            if person.code:
                self.stdout.write(f"{person.role:<20}{person.email:<36}{person.code}")
