from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.backup import folders
from core.backup.problems import BackupProblem


class Command(BaseCommand):
    help = "Delete the keys of older backups in DIR, so that the forgotten stay forgotten, and old backups."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", help="without it: BACKUP_DIR")
        parser.add_argument("--keys-days", type=int, default=settings.BACKUP_KEYS_DAYS)
        parser.add_argument("--days", type=int, default=settings.BACKUP_DAYS)

    def handle(self, *args: Any, folder: Path | None, keys_days: int, days: int, **options: Any) -> None:
        try:
            folder = folder or folders.usual()
        except BackupProblem as problem:
            raise CommandError(str(problem)) from None
        gone = folders.prune(folder, now=timezone.now(), keys_days=keys_days, days=days)
        self.stdout.write(
            f"Deleted: the keys of {gone.keys} backups older than {keys_days} days, "
            f"{gone.whole} backups older than {days} days, {gone.leftovers} leftovers."
        )
