from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.selectors import system_user
from supply.services.sample import add_sample_consignments


class Command(BaseCommand):
    help = "Put consignments in each state into the sample. A workbook carries none."

    def handle(self, *args: Any, **options: Any) -> None:
        added = add_sample_consignments(by=system_user(), today=timezone.localdate())
        self.stdout.write(f"Consignments of the sample: {added}.")
