from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.backup import folders
from core.backup.problems import BackupProblem


class Command(BaseCommand):
    help = "How old the newest backup in DIR is, and whether its files are what was written; exits 1 if not."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", help="without it: BACKUP_DIR")

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        now = timezone.now()
        try:
            folder = folder or folders.usual()
            newest = folders.newest_in(folder)
            if newest is None:
                raise CommandError(f"There is no backup in {folder}.")
            folders.check_parts(newest.path, folders.read_manifest(newest.path))
        except BackupProblem as problem:
            raise CommandError(str(problem)) from None
        hours = (now - newest.made_at).total_seconds() / 3600
        keys = "with" if newest.has_keys else "without"
        self.stdout.write(f"{newest.path}: {hours:.1f} hours old, whole, {keys} its keys.")
        if not folders.is_in_time(folder, now=now):
            raise CommandError("It is older than 26 hours.")
