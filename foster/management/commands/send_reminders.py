from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors import system_user
from foster import selectors, services
from foster.enums import ReminderResult

Line = tuple[str, ReminderResult]


class Command(BaseCommand):
    help = "Make the month's dues, share out payments, and remind who still owes. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", required=True, metavar="YYYY-MM", help="the month to remind of")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, month: str, dry_run: bool, **options: Any) -> None:
        day, today = _month(month), timezone.localdate()
        try:
            lines = _dry_run(day, today) if dry_run else _carry_out(day, today)
        except services.MonthNotBegun as refusal:
            raise CommandError(str(refusal)) from None
        self._print(lines)
        failed = sum(result == ReminderResult.FAILED for _code, result in lines)
        if failed:
            raise CommandError(_("Some sponsors could not be processed; the log says why."))

    def _print(self, lines: Iterable[Line]) -> None:
        for code, result in lines:
            self.stdout.write(f"{code:<12} {result.label}")
        counts = Counter(result.label for _code, result in lines)
        totals = ", ".join(f"{label}: {count}" for label, count in sorted(counts.items()))
        self.stdout.write(_("%(count)s sponsors. %(totals)s") % {"count": counts.total(), "totals": totals})


def _month(text: str) -> date:
    """ "2026-11" → its first day. Raises CommandError."""
    try:
        if len(text) != len("2026-11"):
            raise ValueError
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise CommandError(_("“%(text)s” is not a month. Write it as 2026-11.") % {"text": text}) from None


def _carry_out(month: date, today: date) -> list[Line]:
    run = services.begin_run(by=system_user(), month=month, today=today)
    services.carry_out_run(run=run, today=today)
    return [(outcome.sponsor.code, ReminderResult(outcome.result)) for outcome in selectors.outcomes(run)]


def _dry_run(month: date, today: date) -> list[Line]:
    services.check_month(month=month, today=today)
    found = selectors.preview(month=month, level=services.FIRST_LEVEL, today=today)
    return [(standing.sponsor.code, standing.result) for standing in found]
