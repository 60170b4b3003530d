import os
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.keyring import parsed

IN_MEMORY = ("tmpfs", "ramfs")


def kind_of_disk(path: Path, mounts: str) -> str:
    """The file system that holds a path, by the text of /proc/mounts; the longest mount point wins."""
    fields = [line.split() for line in mounts.splitlines()]
    holding = [(len(one[1]), one[2]) for one in fields if path.is_relative_to(one[1].replace("\\040", " "))]
    return max(holding, default=(0, ""))[1]


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
            path.unlink(missing_ok=True)
            self.stdout.write("Locked: no sealed value opens until the key is typed again.")
            return
        disk = kind_of_disk(path.resolve(), Path("/proc/mounts").read_text())
        if disk not in IN_MEMORY:
            raise CommandError(
                f"{path} lies on a disk ({disk or 'unknown'}). Let SEALING_KEY_FILE name a place in memory "
                "(a tmpfs such as /run or /dev/shm) before you type a key."
            )
        self._write(path, getpass("Key (base64, one or more, separated by spaces): "))
        self.stdout.write("Unlocked.")

    def _write(self, path: Path, typed: str) -> None:
        try:
            parsed(typed)
        except ValueError:
            raise CommandError("That is no key: it must be 32 bytes in base64. Nothing changed.") from None
        work = path.with_name(f".{path.name}.{os.getpid()}")
        with open(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(typed.split()) + "\n")
        work.replace(path)
