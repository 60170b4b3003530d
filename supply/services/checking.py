"""The nightly check of the ledger, written down; somebody is called when it found anything."""

from django.db import transaction

from accounts.enums import RoleName
from accounts.models import User
from core import audit, outbox
from supply.models import LedgerCheck
from supply.services.calling import call


@transaction.atomic
def record_check(*, by: User, differences: int) -> LedgerCheck:
    """`differences`: how many `selectors.check_ledger` found."""
    check = LedgerCheck.objects.create(differences=differences)
    told = {"differences": [None, differences]}
    audit.record(by=by, action="stock.ledger_checked", subject=check, changes=told)
    if differences:
        roles = (RoleName.SUPPLY_COORDINATOR, RoleName.AUDITOR)
        call(roles, kind=outbox.LEDGER_MAIL, event=f"ledger-check:{check.uuid}")
    return check
