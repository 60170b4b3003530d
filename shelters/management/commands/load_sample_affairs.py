from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.selectors import system_user
from shelters.services.sample import add_sample_affairs


class Command(BaseCommand):
    help = "Put counts and evacuations, done and going on, into the sample. A workbook carries none."

    def handle(self, *args: Any, **options: Any) -> None:
        added = add_sample_affairs(by=system_user(), now=timezone.now())
        self.stdout.write(f"Counts and evacuations of the sample: {added}.")
