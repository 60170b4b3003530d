from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from core import rotation
from core.keyring import KeysLocked, ring
from core.sealed import CannotOpen


class Command(BaseCommand):
    help = (
        "Re-wrap every data key under the last key of the key file; the site may go on running. "
        "--new-key appends a key first, --drop-old takes the former keys out of the file afterwards."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="append a new key to the key file first")
        parser.add_argument("--drop-old", action="store_true", help="take the former keys out of the file")

    def handle(self, *args: Any, new_key: bool, drop_old: bool, **options: Any) -> None:
        path = Path(settings.SEALING_KEY_FILE)
        try:
            with rotation.alone():
                self._rotate(path, new_key=new_key, drop_old=drop_old)
        except rotation.AnotherRuns as refusal:
            raise CommandError(str(refusal)) from None
        except (KeysLocked, CannotOpen, rotation.StillNeeded, OSError, ValueError) as error:
            raise CommandError(f"{error} Nothing was lost; what was re-wrapped stays so.") from None

    def _rotate(self, path: Path, *, new_key: bool, drop_old: bool) -> None:
        if new_key:
            made = rotation.add_key(path)
            self.stdout.write(f"New key {made}: copy the file to the two people who keep it.")
        keys = ring()
        changed = rotation.rewrap(by=import_string(settings.WORKBOOK_ACTOR)(None), keys=keys)
        self.stdout.write(f"{changed} data keys re-wrapped; all are under key {keys.current}.")
        if drop_old:
            self.stdout.write(f"{rotation.drop_former_keys(path)} former keys taken out of the file.")
