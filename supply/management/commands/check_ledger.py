"""Re-add the whole ledger and compare: must print 0 differences."""

from typing import Any

from django.core.management.base import BaseCommand

from core.quantities import plain
from supply import selectors


class Command(BaseCommand):
    help = "Re-add the stock ledger and compare it with the balances; exits 1 on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = selectors.check_ledger()
        for found in differences:
            line = " ".join(part for part in (found.place, found.item, found.lot) if part)
            if found.day:
                self.stdout.write(f"{line}: {plain(found.ledger)} at the end of {found.day}")
            else:
                self.stdout.write(f"{line}: ledger {plain(found.ledger)}, balance {plain(found.balance)}")
        number = len(differences)
        self.stdout.write(f"{number} difference" if number == 1 else f"{number} differences")
        if differences:
            raise SystemExit(1)
