import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.backup import folders
from core.backup.making import make_backup
from core.backup.problems import BackupProblem


class Command(BaseCommand):
    help = "Write one encrypted backup of everything into a new folder of DIR, named by its UTC time."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", help="without it: BACKUP_DIR")

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        started = time.monotonic()
        try:
            made = make_backup(folder or folders.usual(), now=timezone.now())
        except BackupProblem as problem:
            raise CommandError(" ".join(filter(None, (str(problem), problem.last_words)))) from None
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{made.path}: {made.tables} tables, {made.objects} objects, {made.bytes / 1e6:.1f} MB "
            f"in {seconds:.1f} s."
        )
