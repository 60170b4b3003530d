from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import sample, selectors, services


class Command(BaseCommand):
    help = "Load the invented sample into an empty database and give its people what they log in with."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE:
            raise CommandError("This is not a sample installation (SAMPLE is not set): nothing was loaded.")
        workbook = Path(settings.SAMPLE_WORKBOOK)
        if selectors.people().exists():
            self.stdout.write("The database has data already: the sample was not loaded again.")
        elif not workbook.is_file():
            self.stdout.write(f"No sample data: {workbook} is not there.")
        else:
            self._load(workbook)
        services.give_sample_factors(by=selectors.system_user())

    @transaction.atomic
    def _load(self, workbook: Path) -> None:
        # Its counts per sheet would drown the address that `make run` prints; its refusals are errors.
        call_command("import_workbook", str(workbook), stdout=StringIO(), stderr=self.stderr)
        call_command("load_sample_photos", stdout=self.stdout)
        call_command("load_sample_consignments", stdout=self.stdout)
        call_command("load_sample_affairs", stdout=self.stdout)
        shared = sample.password()
        people = services.give_sample_password(by=selectors.system_user(), password=shared)
        # The file first, the commit after it: a start cut off in between loads anew with the same password.
        sample.write_log_ins(people, shared)
        self.stdout.write(f"Sample loaded: {len(people)} people can log in.")
