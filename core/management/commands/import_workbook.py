from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from core.workbook.importing import import_workbook
from core.workbook.outcome import Outcome
from core.workbook.problems import NobodyThere, NotAWorkbook

MOST_PRINTED = 200


class Command(BaseCommand):
    help = "Read the registers from an Excel workbook: all of it or, when anything is wrong, nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")
        parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing")
        parser.add_argument("--by", metavar="EMAIL", help="who imports; otherwise the system itself")

    def handle(self, *args: Any, file: Path, dry_run: bool, by: str | None, **options: Any) -> None:
        try:
            actor = import_string(settings.WORKBOOK_ACTOR)(by)
            outcome = import_workbook(path=file, by=actor, today=timezone.localdate(), dry_run=dry_run)
        except (NobodyThere, NotAWorkbook) as refusal:
            raise CommandError(str(refusal)) from None
        if not outcome.is_clean:
            self.refuse(outcome)
        for line in outcome.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")

    def refuse(self, outcome: Outcome) -> None:
        for problem in outcome.problems[:MOST_PRINTED]:
            self.stderr.write(str(problem))
        left = len(outcome.problems) - MOST_PRINTED
        if left > 0:
            self.stderr.write(f"… and {left} more.")
        if outcome.unchecked:
            self.stderr.write(outcome.unchecked_sentence())
        raise CommandError(outcome.total_sentence())
