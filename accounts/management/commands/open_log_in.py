from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import selectors, services


class Command(BaseCommand):
    help = "For the operator, when no administrator is left who could: lift a lock-down and open the log-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="Why; it stands in the trail.")

    @transaction.atomic
    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        person = selectors.people().filter(email__iexact=email.strip()).first()
        if person is None:
            raise CommandError(f"Nobody has the e-mail address {email}.")
        system = selectors.system_user()
        if lock := selectors.lock_down_of(person):
            services.lift_lock_down(by=system, lock=lock, reason=reason)
        services.change_log_in(by=system, person=person, role=person.role, is_active=True, reason=reason)
        self.stdout.write(f"{person.email} may log in again.")
