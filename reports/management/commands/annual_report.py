from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from core.enums import Language
from core.fiscal import FiscalYear
from core.leaks import CannotCheck
from reports import documents, services


def _refuse_leaks(document: documents.Document) -> None:
    """Raises CommandError."""
    try:
        verdict = services.check_document(by=None, document=document)
    except CannotCheck as trouble:
        raise CommandError(str(trouble)) from None
    if not verdict.may_leave:
        raise CommandError(verdict.sentence("Something protected stands in the report (%(places)s)."))


class Command(BaseCommand):
    help = "Draft the annual report of a fiscal year from the records as they are now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--year", type=int, required=True, help="the calendar year in which the fiscal year ends"
        )
        parser.add_argument("--format", choices=list(documents.FORMATS), default="json", dest="form")
        parser.add_argument("--output", type=Path, help="a file; without it the report is printed")
        parser.add_argument("--language", choices=Language.values, default=Language.ENGLISH)

    def handle(self, *, year: int, form: str, output: Path | None, language: str, **options: Any) -> None:
        if not 1900 <= year <= 2999:
            raise CommandError("Give the year as four digits: the calendar year in which it ends.")
        with translation.override(language):
            document = documents.live_document(FiscalYear(year))
            content = documents.rendered(document, form)
        _refuse_leaks(document)
        if output is None:
            self.stdout.write(content, ending="")
            return
        try:
            output.write_text(content, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
