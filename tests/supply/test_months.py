"""Closed months: nothing is booked there, by nobody, at no moment."""

import uuid
from datetime import date, timedelta
from functools import partial
from threading import Event

import pytest
from django.db import transaction
from django.urls import reverse

from core.fiscal import month_of, next_month
from core.models import AuditEntry
from supply import selectors, services
from supply.models import MonthClosing, Movement, StockCount
from tests import factories
from tests.factories import receive
from tests.races import at_once, until_they_wait
from tests.supply.test_ledger_rules import breaks, sql
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_month(today) -> date:
    """Its last day."""
    return month_of(today) - timedelta(days=1)


@pytest.fixture
def closed(last_month, today, sora):
    return services.close_month(by=sora, month=last_month, today=today)


@pytest.fixture
def filled(store, rice, last_month):
    factories.MovementFactory(item=rice, quantity=100, destination=store, occurred_on=last_month)
    return store


# --- the database -------------------------------------------------------------------------------------------


def test_no_row_gets_into_a_closed_month_in_bulk_either(filled, rice, hana, last_month, today, closed):
    giver = factories.sink("supplier")
    days = (today, last_month, last_month - timedelta(days=80))
    with breaks("movement_month_is_open") as error:
        Movement.objects.bulk_create(
            Movement(
                item=rice, quantity=1, source=giver, destination=filled, reason="bought", occurred_on=day,
                by=hana,
            )
            for day in days
        )  # fmt: skip
    assert error.value.__cause__.diag.message_detail == str(month_of(last_month))


def test_raw_row_is_refused_as_well(filled, closed):
    with breaks("movement_month_is_open"):
        sql(
            "INSERT INTO supply_movement (uuid, item_id, quantity, source_id, destination_id, reason,"
            " occurred_on, by_id, typed, document, key)"
            " SELECT gen_random_uuid(), item_id, 1, source_id, destination_id, 'bought', occurred_on, by_id,"
            " '', '', gen_random_uuid() FROM supply_movement"
        )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("month_closing_from_a_first", {"month": date(2019, 1, 2)}),
        ("month_reopened_for_a_reason", {"state": "reopened", "already": "closed"}),
        ("month_closing_turns", {"already": "closed"}),
        ("month_closing_turns", {"state": "reopened", "reason": "a late slip"}),
    ],
)
def test_rules_of_closings(name, values):
    if already := values.pop("already", None):
        factories.MonthClosingFactory(state=already)
    with breaks(name):
        factories.MonthClosingFactory(**values)


def test_month_that_is_not_over_cannot_be_closed(today):
    with breaks("month_closing_when_over"):
        factories.MonthClosingFactory(month=month_of(today))


# --- the services -------------------------------------------------------------------------------------------


def test_closed_month_is_named_and_opens_again(filled, rice, hana, sora, entry, last_month, today, closed):
    late = entry(occurred_on=last_month)
    for log in (services.log_use, services.log_count):
        with pytest.raises(services.MonthClosed, match="is closed: nothing is booked there any more"):
            log(by=hana, place=filled, **late)
    assert not StockCount.objects.exists()
    services.reopen_month(by=sora, month=last_month, reason="a slip came late")
    services.log_use(by=hana, place=filled, **late)
    assert selectors.held(filled, rice) == 90
    services.close_month(by=sora, month=last_month, today=today)
    states = list(MonthClosing.objects.order_by("id").values_list("state", flat=True))
    assert states == ["closed", "reopened", "closed"]
    told = AuditEntry.objects.filter(action__startswith="stock.month").order_by("id")
    assert [(one.action, one.reason) for one in told] == [
        ("stock.month_closed", ""), ("stock.month_reopened", "a slip came late"), ("stock.month_closed", ""),
    ]  # fmt: skip


def test_import_as_of_an_old_day_is_refused_too(filled, hana, entry, last_month, closed):
    with pytest.raises(services.MonthClosed):
        services.log_receipt(by=hana, place=filled, any_day=True, **entry(occurred_on=last_month))


def test_mistake_of_a_closed_month_is_taken_back_today(filled, hana, today, closed):
    back = services.reverse_movement(
        by=hana, movement=Movement.objects.get(), today=today, reason="never came"
    )
    assert back.occurred_on == today


def test_same_press_twice_is_one_closing(sora, otto, last_month, today, closed):
    assert services.close_month(by=sora, month=last_month, today=today) == closed
    with pytest.raises(services.MonthClosedAlready):
        services.close_month(by=otto, month=last_month, today=today)
    opened = services.reopen_month(by=sora, month=last_month, reason="a slip")
    assert services.reopen_month(by=sora, month=last_month, reason="a slip") == opened
    with pytest.raises(services.MonthOpenAlready):
        services.reopen_month(by=otto, month=last_month, reason="a slip")


@pytest.mark.parametrize("months_on", [0, 1])
def test_month_not_over_is_refused_with_a_sentence(months_on, sora, today):
    with pytest.raises(services.MonthNotOver, match="is not over yet"):
        services.close_month(by=sora, month=today + timedelta(days=31 * months_on), today=today)


# --- at the same moment -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_booking_meets_a_closing_under_way(filled, rice, hana, sora, entry, last_month, today):
    """The closing has not committed: the booking waits for it, and is refused."""
    closing = Event()

    def close():
        with transaction.atomic():
            services.close_month(by=sora, month=last_month, today=today)
            closing.set()
            assert until_they_wait(1)

    def book():
        assert closing.wait(timeout=10)
        return services.log_use(by=hana, place=filled, **entry(occurred_on=last_month))

    closed, refused = at_once(close, book)
    assert closed is None
    assert isinstance(refused, services.MonthClosed)
    assert selectors.held(filled, rice) == 100


@pytest.mark.django_db(transaction=True)
def test_closing_meets_a_booking_under_way(filled, rice, hana, sora, entry, last_month, today):
    """The booking has not committed: the closing waits for it, and it counts."""
    booking = Event()

    def book():
        with transaction.atomic():
            services.log_use(by=hana, place=filled, **entry(occurred_on=last_month))
            booking.set()
            assert until_they_wait(1)

    def close():
        assert booking.wait(timeout=10)
        with transaction.atomic():
            services.close_month(by=sora, month=last_month, today=today)
            return selectors.held_on(last_month, filled, rice)

    assert at_once(book, close) == [None, 90]


@pytest.mark.django_db(transaction=True)
def test_no_back_dated_entry_slips_in_behind_a_closing(filled, rice, hana, sora, entry, last_month, today):
    def close():
        with transaction.atomic():
            services.close_month(by=sora, month=last_month, today=today)
            return Movement.objects.count()

    def book():
        done = 0
        for _ in range(10):
            try:
                values = entry(quantity=1, occurred_on=last_month, key=uuid.uuid4())
                services.log_use(by=hana, place=filled, **values)
                done += 1
            except services.MonthClosed:
                return done
        return done

    *booked, seen = at_once(*[book] * 4, close)
    assert Movement.objects.count() == seen == 1 + sum(booked)
    assert selectors.check_ledger() == []


# --- the pages ----------------------------------------------------------------------------------------------


def test_coordinator_closes_and_opens_again_with_a_reason(as_user, sora, filled, last_month):
    client, page = as_user(sora), reverse("supply:close_month")
    month = month_of(last_month).isoformat()
    assert month in client.get(page).content.decode()
    shown = text_of(client.post(page, {"month": month, "reason": "reported"}, follow=True))
    assert f"{last_month:%B %Y} is closed now." in shown
    assert "1 row" in shown
    assert "Every month that is over is closed already." in text_of(client.get(page))
    assert "is closed now." in text_of(client.post(page, {"month": month}, follow=True))  # sent twice
    assert MonthClosing.objects.count() == 1
    answer = client.post(page, {"month": next_month(last_month).isoformat()})
    assert answer.status_code == 422
    assert "one that is over and open" in text_of(answer)
    again = reverse("supply:reopen_month", args=[MonthClosing.objects.get().uuid])
    refused = client.post(again, {"reason": " "})
    assert refused.status_code == 422
    assert "Say why the month is opened again." in text_of(refused)
    assert "is open again." in text_of(client.post(again, {"reason": "late slip"}, follow=True))
    assert not selectors.is_closed(last_month)


def test_a_month_that_a_colleague_closed_is_told_so(as_user, sora, filled, last_month, today):
    colleague = factories.UserFactory(role=sora.role)
    services.close_month(by=colleague, month=last_month, today=today)
    answer = as_user(sora).post(reverse("supply:close_month"), {"month": month_of(last_month).isoformat()})
    assert answer.status_code == 422
    assert "is closed already." in text_of(answer)


def test_auditor_sees_closings_and_no_button(as_user, otto, closed):
    shown = as_user(otto).get(reverse("supply:months")).content.decode()
    assert "Sora" in shown
    assert "Open again" not in shown
    assert reverse("supply:close_month") not in shown


def test_register_of_closings_costs_the_same(as_user, sora, django_assert_num_queries):
    client = as_user(sora)
    for years in (range(2000, 2001), range(2001, 2020)):
        for year in years:
            factories.MonthClosingFactory(month=date(year, 1, 1))
        with django_assert_num_queries(8):
            shown = text_of(client.get(reverse("supply:months")))
    assert "20 rows" in shown


def test_day_of_a_closed_month_is_told_at_the_day(as_user, hana, stocked, rice, last_month, closed):
    receive(stocked.store, rice, 1)
    answer = as_user(hana).post(
        reverse("shelters:log", args=[stocked.uuid]),
        {
            "kind": "received", "line": str(rice.uuid), "number": "5", "unit": str(rice.uuid),
            "occurred_on": last_month.isoformat(), "key": str(uuid.uuid4()),
        },
    )  # fmt: skip
    assert answer.status_code == 422
    assert "is closed: nothing is booked there" in answer.context["form"].errors["occurred_on"][0]


def test_closing_at_once_is_one_closing(sora, last_month, today, transactional_db):
    close = partial(services.close_month, by=sora, month=last_month, today=today)
    assert {answer.pk for answer in at_once(*[close] * 6)} == {MonthClosing.objects.get().pk}


def test_a_month_that_the_database_knows_to_go_on_is_refused_with_the_sentence(sora, today):
    """As when the office's month is over and that of a shelter west of it is not."""
    ahead = next_month(month_of(today))
    with pytest.raises(services.MonthNotOver, match="is not over yet"):
        services.close_month(by=sora, month=today, today=ahead)
