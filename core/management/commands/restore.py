import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.backup import restoring
from core.backup.problems import BackupProblem

MOST_PRINTED = 200


class Command(BaseCommand):
    help = "Restore the backup in DIR into an empty database, and compare every table, row and right with it."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--identity", type=Path, metavar="FILE", help="the private key of the backup")
        parser.add_argument(
            "--compare-only",
            action="store_true",
            help="restore nothing; compare what is there with it",
        )
        parser.add_argument(
            "--unproven",
            action="store_true",
            help="restore it although nothing proves that it comes from your own server",
        )

    def handle(self, *args: Any, folder: Path, identity: Path | None, **options: Any) -> None:
        started = time.monotonic()
        try:
            backup = restoring.open_backup(folder, identity)
            if options["compare_only"]:
                compared = restoring.compare(backup)
            else:
                compared = restoring.restore(backup, also_unproven=options["unproven"])
        except BackupProblem as problem:
            raise CommandError(" ".join(filter(None, (str(problem), problem.last_words)))) from None
        self._tell(backup, compared)
        if compared.differences:
            for line in compared.differences[:MOST_PRINTED]:
                self.stderr.write(line)
            raise CommandError(f"{len(compared.differences)} differences.")
        self.stdout.write(
            f"{compared.tables} tables, {compared.objects} objects: all equal, "
            f"after {time.monotonic() - started:.1f} s."
        )

    def _tell(self, backup: restoring.Backup, compared: restoring.Compared) -> None:
        """What is no difference and yet must be known."""
        if not backup.is_proven:
            self.stdout.write(
                "Whether this backup comes from your own server cannot be checked: it was made under another "
                "sealing key than the one mounted here, or while there was none."
            )
        if not backup.has_keys:
            self.stdout.write(
                "The part with the data keys is gone: every sealed value stays closed for ever. That is how "
                "forgetting works; take a younger backup if you have one."
            )
        else:
            self.stdout.write(
                f"{compared.keys_that_open} of {compared.keys} data keys open with the sealing key "
                "mounted here."
            )
