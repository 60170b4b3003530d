"""Dues made once a month, and payments shared out to them."""

from django.db import transaction

from accounts.models import User
from core import audit
from foster import selectors
from foster.models import Allocation, Due, ReminderRun, Sponsor
from foster.selectors import Balance


@transaction.atomic
def make_dues(*, by: User, run: ReminderRun) -> int:
    """The dues of the run's month, once per sponsorship, however many make them at once.

    Returns how many this call made; the database passes over those another one made meanwhile.
    """
    owed = selectors.dues_owed(run.month)
    Due.objects.bulk_create(owed, ignore_conflicts=True)
    made = Due.objects.filter(uuid__in=[due.uuid for due in owed]).select_related("sponsorship")
    names = sorted(str(due) for due in made)
    if names:
        audit.record(by=by, action="foster.dues_made", subject=run, changes={"dues": [None, names]})
    return len(names)


def lock_sponsor(*, sponsor: Sponsor) -> Sponsor:
    """Who shares out a sponsor's payments or reminds them holds this row: one after the other."""
    return Sponsor.objects.select_for_update(no_key=True).get(pk=sponsor.pk)


@transaction.atomic
def allocate_payments(*, by: User, balance: Balance) -> None:
    """Write what the balance gives: part of a payment to a due, or taken back from it.

    The caller holds `lock_sponsor`; that no due and no payment is overdrawn the database has the last word.
    """
    changes = {}
    for due, payment, part in balance.changes:
        allocation = Allocation.objects.filter(due=due, donation_id=payment.pk).first()
        before = allocation.amount if allocation else 0
        if allocation is None:
            allocation = Allocation(due=due, donation_id=payment.pk, amount=0)
        allocation.amount += part
        if allocation.amount > 0:
            allocation.save()
        else:
            allocation.delete()
        changes[f"{due} ← {payment.code}"] = [str(before), str(allocation.amount)]
    if changes:
        audit.record(by=by, action="foster.payments_allocated", subject=balance.sponsor, changes=changes)
