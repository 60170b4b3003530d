from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.backup.age import KeyFileThere, make_key_file

WHERE = """\
{file} is the private key. It opens every backup made for it, together with the sealing key.
  1. Copy it to two people's own encrypted storage; neither in this building, neither on this machine.
  2. Print one copy, seal it in an envelope, and note where it lies (docs/backup.md).
  3. Delete it from this machine: the server never needs it.
The public key, for the environment of the server:

BACKUP_RECIPIENTS={public}
"""


class Command(BaseCommand):
    help = "Make a key pair for backups: the private key into FILE, the public one on the screen."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        now: datetime = timezone.now()
        try:
            public = make_key_file(file, now=now)
        except (KeyFileThere, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(WHERE.format(file=file, public=public))
