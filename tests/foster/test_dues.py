"""Dues once a month, and payments shared out oldest first."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange

from core.models import AuditEntry
from core.money import Money
from foster import selectors, services
from foster.models import Allocation, Due, Sponsor
from tests import factories as make

NOVEMBER, OCTOBER, DECEMBER = date(2026, 11, 1), date(2026, 10, 1), date(2026, 12, 1)


@pytest.fixture
def november(miki):
    return make.ReminderRunFactory(month=NOVEMBER, by=miki)


def made(run):
    services.make_dues(by=run.by, run=run)
    return sorted((due.sponsorship.code, due.amount) for due in Due.objects.filter(month=run.month))


def settle(sponsor, by):
    [balance] = selectors.balances(Sponsor.objects.filter(pk=sponsor.pk))
    services.allocate_payments(by=by, balance=balance)


def paid(sponsor, amount, **values):
    return make.DonationFactory(donor=sponsor.donor, gross=Decimal(amount), **values)


def open_amounts():
    return {due.month: due.open for due in Due.objects.with_paid()}


def test_running_sponsorship_owes_its_rate_once(november, momos_sponsor):
    assert made(november) == [("P-01", 15000)]
    assert made(november) == [("P-01", 15000)]
    assert AuditEntry.objects.filter(action="foster.dues_made").count() == 1


def test_rate_in_force_is_copied(november, momos_sponsor):
    sponsorship = momos_sponsor.sponsorships.get()
    make.SponsorshipRateFactory(sponsorship=sponsorship, from_month=NOVEMBER, amount=Decimal(20000))
    make.SponsorshipRateFactory(sponsorship=sponsorship, from_month=DECEMBER, amount=Decimal(30000))
    assert made(november) == [("P-01", 20000)]
    sponsorship.rates.filter(from_month=NOVEMBER).update(amount=1)
    assert made(november) == [("P-01", 20000)]


@pytest.mark.parametrize(
    ("values", "owes"),
    [
        ({"started_on": NOVEMBER}, True),
        ({"started_on": NOVEMBER + timedelta(days=1)}, False),
        ({"ended_on": NOVEMBER, "end_reason": "child_left"}, False),
        ({"ended_on": NOVEMBER + timedelta(days=1), "end_reason": "child_left"}, True),
        ({"rate": None}, False),
    ],
)
def test_owes_when_it_runs_on_the_first_and_has_a_rate(values, owes, november):
    make.SponsorshipFactory(code="P-09", **values)
    assert made(november) == ([("P-09", 15000)] if owes else [])


@pytest.mark.parametrize(
    ("days", "owes"),
    [
        (DateRange(OCTOBER, NOVEMBER), True),
        (DateRange(OCTOBER, NOVEMBER + timedelta(days=1)), False),
        (DateRange(NOVEMBER, None), False),
        (DateRange(DECEMBER, None), True),
    ],
)
def test_pause_over_the_first_owes_nothing(days, owes, november):
    sponsorship = make.SponsorshipFactory(code="P-09")
    make.PauseFactory(sponsorship=sponsorship, days=days)
    assert made(november) == ([("P-09", 15000)] if owes else [])


@pytest.mark.django_db(transaction=True)
def test_twenty_generators_at_once_make_each_due_once(november):
    for _ in range(5):
        make.SponsorshipFactory()
    together, trouble, counts = threading.Barrier(20), [], []

    def generate():
        together.wait()
        try:
            counts.append(services.make_dues(by=november.by, run=november))
        except Exception as error:
            trouble.append(error)
        connections.close_all()

    threads = [threading.Thread(target=generate) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert Due.objects.count() == 5
    assert sum(counts) == 5


def test_payment_for_two_children_serves_the_oldest_of_both_first(momos_sponsor, taro, miki):
    first = momos_sponsor.sponsorships.get()
    second = make.SponsorshipFactory(code="P-03", sponsor=momos_sponsor, child=taro)
    for month in (OCTOBER, NOVEMBER):
        for sponsorship in (first, second):
            make.DueFactory(sponsorship=sponsorship, month=month)
    paid(momos_sponsor, 45000)
    settle(momos_sponsor, miki)
    still_open = [(str(due), due.open) for due in Due.objects.with_paid() if due.open]
    assert still_open == [("P-03 2026-11", 15000)]


def test_partial_payment_leaves_the_rest_open(momos_sponsor, miki):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    paid(momos_sponsor, 6000)
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 9000}
    paid(momos_sponsor, 9000)
    settle(momos_sponsor, miki)
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 0}
    assert Allocation.objects.count() == 2


def test_surplus_is_visible_credit_and_serves_the_next_due(momos_sponsor, yuki, as_user, miki):
    sponsorship = momos_sponsor.sponsorships.get()
    make.DueFactory(sponsorship=sponsorship)
    paid(momos_sponsor, 20000)
    settle(momos_sponsor, miki)
    [balance] = selectors.balances(Sponsor.objects.all())
    assert balance.credit == [Money(Decimal(5000), "JPY")]
    assert "¥5,000" in as_user(yuki).get("/foster/mine/payments/").content.decode()
    make.DueFactory(sponsorship=sponsorship, month=DECEMBER)
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 0, DECEMBER: 10000}


def test_refunded_payment_opens_its_due_again(momos_sponsor, miki):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    gift = paid(momos_sponsor, 15000)
    settle(momos_sponsor, miki)
    paid(momos_sponsor, -10000, refund_of=gift)
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 10000}
    paid(momos_sponsor, -5000, refund_of=gift)
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 15000}
    assert not Allocation.objects.exists()


def test_corrected_payment_adds_to_its_allocation(momos_sponsor, miki):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    gift = paid(momos_sponsor, 10000)
    settle(momos_sponsor, miki)
    type(gift).objects.filter(pk=gift.pk).update(gross=15000, net=15000, yen=15000)
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 0}
    assert Allocation.objects.get().amount == 15000


def test_other_currency_is_not_mixed_in(momos_sponsor, miki):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    paid(momos_sponsor, 200, currency="USD")
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 15000}


@pytest.fixture
def rice(db):
    return make.FundFactory(code="RICE", name="Rice fund", is_restricted=True)


def test_gift_for_another_purpose_leaves_the_due_open(momos_sponsor, yuki, as_user, miki, rice):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    paid(momos_sponsor, 50000, fund=rice)
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 15000}
    assert not Allocation.objects.exists()
    assert selectors.balance_of(momos_sponsor).credit == []
    page = as_user(yuki).get("/foster/mine/payments/").content.decode()
    assert "Paid ahead" not in page
    assert "Rice fund" in page
    assert "¥50,000" in page


def test_gift_to_a_restricted_fund_that_settles_dues_counts(momos_sponsor, miki, rice):
    rice.settles_dues = True
    rice.save()
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    paid(momos_sponsor, 20000, fund=rice)
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 0}
    assert selectors.balance_of(momos_sponsor).credit == [Money(Decimal(5000), "JPY")]


def test_payment_booked_over_to_another_purpose_opens_its_due_again(momos_sponsor, miki, rice):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    gift = paid(momos_sponsor, 15000)
    settle(momos_sponsor, miki)
    gift.fund = rice
    gift.save()
    settle(momos_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 15000}
    assert not Allocation.objects.exists()


def test_another_sponsors_payment_does_not_help(momos_sponsor, taros_sponsor, miki):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    paid(taros_sponsor, 15000)
    settle(momos_sponsor, miki)
    settle(taros_sponsor, miki)
    assert open_amounts() == {NOVEMBER: 15000}


def test_allocation_is_in_the_trail(momos_sponsor, miki):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    paid(momos_sponsor, 15000, code="G-77")
    settle(momos_sponsor, miki)
    entry = AuditEntry.objects.get(action="foster.payments_allocated")
    assert entry.by_name == "Miki"
    assert list(entry.changes) == ["P-01 2026-11 ← G-77"]


def test_balances_cost_the_same_for_one_and_for_ten(django_assert_num_queries, db):
    def sponsors(count):
        for _ in range(count):
            due = make.DueFactory()
            make.DonationFactory(donor=due.sponsorship.sponsor.donor)

    sponsors(1)
    with django_assert_num_queries(6):
        selectors.balances(Sponsor.objects.all())
    sponsors(9)
    with django_assert_num_queries(6):
        selectors.balances(Sponsor.objects.all())
