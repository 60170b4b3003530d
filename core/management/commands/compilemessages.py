from typing import Any

from django.core.management.base import BaseCommand

from core import catalogues


class Command(BaseCommand):
    help = "Compile the catalogues in locale/; part of every start, of the tests and of the image."
    requires_system_checks: list = []

    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        number = catalogues.compile_all()
        if verbosity:
            self.stdout.write(f"{number} catalogues compiled.")
