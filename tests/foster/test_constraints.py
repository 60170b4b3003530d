"""Each named rule of the database, asked to be broken."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from foster.models import Child, ChildStatus
from tests import factories as make

DAY = date(2026, 11, 1)


def another(factory, *same, **values):
    """A second row that shares what may not be shared."""
    first = factory(**values)
    return lambda: factory(**{name: getattr(first, name) for name in same} | values)


def allocate(due_amount, gift_amount, part, **gift):
    due = make.DueFactory(amount=Decimal(due_amount))
    donation = make.DonationFactory(gross=Decimal(gift_amount), **gift)
    make.AllocationFactory(due=due, donation=donation, amount=Decimal(part))


def over_two_payments():
    due = make.DueFactory(amount=Decimal(15000))
    for _ in range(2):
        make.AllocationFactory(due=due, donation=make.DonationFactory(), amount=Decimal(8000))


def over_one_payment():
    gift = make.DonationFactory(gross=Decimal(15000))
    for month in (10, 11):
        make.AllocationFactory(
            due=make.DueFactory(month=date(2026, month, 1)), donation=gift, amount=Decimal(8000)
        )


def more_than_refund_left():
    gift = make.DonationFactory(gross=Decimal(15000))
    make.DonationFactory(donor=gift.donor, gross=Decimal(-10000), refund_of=gift)
    make.AllocationFactory(due=make.DueFactory(), donation=gift, amount=Decimal(6000))


def raised_above_due():
    due = make.DueFactory(amount=Decimal(10000))
    allocation = make.AllocationFactory(due=due, amount=Decimal(9000))
    allocation.amount = Decimal(11000)
    allocation.save()


def cleared_by_author():
    update = make.ChildUpdateFactory()
    update.cleared_by = update.author
    update.save()


def paused(**values):
    return lambda: make.PauseFactory(**values)


BROKEN = {
    "child_status_once": lambda: another(make.ChildStatusFactory, "child", "since", "state")(),
    "school_term_once": lambda: another(make.SchoolTermFactory, "child")(),
    "school_term_amount_positive": lambda: make.SchoolTermFactory(amount=Decimal(0)),
    "sponsorship_end_has_a_reason": lambda: make.SponsorshipFactory(ended_on=DAY),
    "sponsorship_rate_one_a_month": lambda: make.SponsorshipRateFactory(
        sponsorship=make.SponsorshipFactory()
    ),
    "sponsorship_rate_from_a_first": lambda: make.SponsorshipRateFactory(from_month=date(2026, 11, 2)),
    "sponsorship_rate_positive": lambda: make.SponsorshipRateFactory(amount=Decimal(0)),
    "pause_one_at_a_time": lambda: another(make.PauseFactory, "sponsorship")(),
    "pause_has_days_and_a_reason": paused(reason=""),
    "due_once_a_month": lambda: another(make.DueFactory, "sponsorship")(),
    "due_month_is_a_first": lambda: make.DueFactory(month=date(2026, 11, 2)),
    "due_positive": lambda: make.DueFactory(amount=Decimal(0)),
    "allocation_once": lambda: another(make.AllocationFactory, "due", "donation", amount=Decimal(1))(),
    "allocation_positive": lambda: allocate(15000, 15000, 0),
    "allocation_within_due": over_two_payments,
    "allocation_within_payment": over_one_payment,
    "allocation_one_currency": lambda: allocate(15000, 15000, 10, currency="USD", yen=None),
    "reminder_run_month_is_a_first": lambda: make.ReminderRunFactory(month=date(2026, 11, 2)),
    "reminder_outcome_one_a_sponsor": lambda: another(make.ReminderOutcomeFactory, "run", "sponsor")(),
    "reminder_outcome_failure_says_why": lambda: make.ReminderOutcomeFactory(result="failed"),
    "reminder_once": lambda: another(make.ReminderFactory, "sponsor")(),
    "reminder_month_is_a_first": lambda: make.ReminderFactory(month=date(2026, 11, 2)),
    "reminder_level_from_one": lambda: make.ReminderFactory(level=0),
    "update_published_only_when_cleared": lambda: make.ChildUpdateFactory(state="published"),
    "update_cleared_by_a_second_person": cleared_by_author,
}


def refused(breaking) -> str:
    """The name of the rule that the database answers with."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        breaking()
    return refusal.value.__cause__.diag.constraint_name


@pytest.mark.parametrize("rule", BROKEN)
def test_database_refuses(rule, db):
    assert refused(BROKEN[rule]) == rule


def test_every_named_rule_is_tried():
    from django.apps import apps

    named = {
        rule.name for model in apps.get_app_config("foster").get_models() for rule in model._meta.constraints
    }
    assert named - set(BROKEN) == set()


@pytest.mark.parametrize(
    ("breaking", "rule"),
    [(more_than_refund_left, "allocation_within_payment"), (raised_above_due, "allocation_within_due")],
)
def test_allocation_trigger_counts_refunds_and_changes(breaking, rule, db):
    assert refused(breaking) == rule


def test_pause_needs_days(db):
    empty = DateRange(empty=True)
    assert refused(paused(days=empty)) == "pause_has_days_and_a_reason"
    endless = DateRange(None, date(2026, 1, 1))
    assert refused(paused(days=endless)) == "pause_has_days_and_a_reason"


def test_end_before_the_start_is_refused(db):
    early = {"started_on": DAY, "ended_on": DAY - timedelta(days=1), "end_reason": "child_left"}
    assert refused(lambda: make.SponsorshipFactory(**early)) == "sponsorship_end_has_a_reason"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foster_childstatus SET reason = 'x'",
        "DELETE FROM foster_childstatus",
        "TRUNCATE foster_childstatus",
    ],
)
def test_status_history_cannot_be_rewritten(statement, db):
    make.ChildStatusFactory()
    with (
        pytest.raises(DatabaseError, match="permission denied|append"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert ChildStatus.objects.count() == 1


def test_two_children_with_one_code_are_refused(db):
    make.ChildFactory(code="C-9")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.ChildFactory(code="C-9")
    assert Child.objects.count() == 1


def test_publishing_leaves_who_and_when(db):
    update = make.ChildUpdateFactory(published=True)
    assert update.cleared_by != update.author
    assert update.published_at <= timezone.now()
