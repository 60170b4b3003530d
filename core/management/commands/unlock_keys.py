from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import keyring


class Command(BaseCommand):
    help = (
        "Ask for the key-encryption key and put it where SEALING_KEY_FILE says: sealed pages open at the "
        "next request. That place must lie in memory, so that a server that is off holds no key. "
        "--lock takes it away again: sealed pages close at the next request."
    )
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lock", action="store_true", help="take the key away")

    def handle(self, *args: Any, lock: bool, **options: Any) -> None:
        path = Path(settings.SEALING_KEY_FILE)
        if lock:
            keyring.lock(path)
            self.stdout.write("Locked: no sealed value opens until the key is typed again.")
            return
        try:
            keyring.refuse_disk(path)  # before anybody types
            keyring.unlock(path, getpass("Key (base64, one or more, separated by spaces): "))
        except (keyring.OnDisk, keyring.NoKey, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("Unlocked.")
