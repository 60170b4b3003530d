from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import trail


class Command(BaseCommand):
    help = (
        "Take a digest of all logs and print it as a line to keep elsewhere, then hash every log again from "
        "its first row. With --kept FILE the lines kept elsewhere are compared too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kept", type=Path, metavar="FILE", help="lines printed on earlier days")

    def handle(self, *args: Any, kept: Path | None, **options: Any) -> None:
        self.stdout.write(trail.line_of(trail.take_digest()))
        try:
            differing = trail.differing(trail.kept_from(kept.read_text())) if kept else []
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        broken = sorted({*trail.broken_digests(), *differing})
        if broken:
            numbers = ", ".join(map(str, broken))
            raise CommandError(f"A log was rewritten: it no longer gives digest {numbers}.")
        self.stdout.write("0 digests differ: no log was rewritten.")
