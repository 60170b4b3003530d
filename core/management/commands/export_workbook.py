from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from core.leaks import CannotCheck
from core.workbook.exporting import FileExists, LeakHeld, export_workbook
from core.workbook.problems import NobodyThere


class Command(BaseCommand):
    help = "Write the registers into an Excel workbook that import_workbook reads. Sealed columns stay empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")
        parser.add_argument("--replace", action="store_true", help="write over a file that exists")
        parser.add_argument("--by", metavar="EMAIL", help="who exports; otherwise the system itself")

    def handle(self, *args: Any, file: Path, replace: bool, by: str | None, **options: Any) -> None:
        try:
            actor = import_string(settings.WORKBOOK_ACTOR)(by)
            counts = export_workbook(path=file, by=actor, replace=replace)
        except (FileExists, LeakHeld, CannotCheck, NobodyThere, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        for title, count in counts.items():
            self.stdout.write(f"{title}: {count}")
        self.stdout.write(f"{file} holds names and gifts: keep it where the records themselves may be kept.")
