from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import catalogues


class Command(BaseCommand):
    help = "Bring the catalogues in locale/ up to date with the texts of the code and the templates."
    requires_system_checks: list = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail on a missing, fuzzy or stale entry."
        )

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        if check:
            problems = [line for code in catalogues.languages() for line in self._problems(code)]
            if problems:
                raise CommandError("\n".join([*problems, f"{len(problems)} entries need work."]))
            return
        for language in catalogues.languages():
            catalogue = catalogues.updated(language, settings.BASE_DIR)
            catalogues.write(catalogue, catalogues.path_of(language))
            open_entries = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
            self.stdout.write(f"{language}: {len(catalogue)} texts, {open_entries} to translate.")

    def _problems(self, language: str) -> list[str]:
        return catalogues.problems(language, settings.BASE_DIR)
