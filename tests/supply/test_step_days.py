"""No step of a consignment is dated before the one that it follows, no plan far off, no count long ago."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from supply import services
from tests import factories as f
from tests.supply.test_consignment_pages import lines

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def refused(client):
    """`refused(consignment, "settle", on=day)`: what the form says at its day."""

    def sentence(consignment, form, on, amounts=None, **values):
        data = {"on": on, "key": uuid.uuid4()} | values
        data |= {f"amount-{line.uuid}": text for line, text in (amounts or {}).items()}
        answer = client.post(reverse("supply:take_step", args=[consignment.uuid, form]), data)
        assert answer.status_code == 422
        return answer.context["form"].errors["on"][0]

    return sentence


def test_it_is_sent_or_cancelled_no_day_before_it_is_packed(plan, pack, refused, warehouse, rice, today):
    f.receive(warehouse, rice, 100, days_ago=9)
    made = plan(5)
    pack(made, on=today - DAY)
    assert "Choose that day or a later one." in refused(made, "send", today - 2 * DAY)
    assert "Choose that day" in refused(made, "cancel", today - 2 * DAY, note="watched")
    pack(made, on=today - 3 * DAY)  # packed again: the last of both counts, and may be an earlier day
    assert "Choose that day" in refused(made, "send", today - 4 * DAY)


def test_nothing_arrives_or_ends_before_it_was_sent(under_way, refused, today):
    made = under_way(10)
    (line,) = made.lines.all()
    for form, values in (
        ("receive", {}),
        ("lose", {"how": "taken", "note": "a raid"}),
        ("return", {"note": "turned back"}),
    ):
        assert "Choose that day" in refused(made, form, today - DAY, {line: "10"}, **values)
    assert "Choose that day" in refused(made, "lose-all", today - DAY, how="taken", note="a raid")


@pytest.fixture
def sent_long_ago(plan, pack, step, warehouse, rice, today):
    """10 kg, on its way since ten days."""
    f.receive(warehouse, rice, 100, days_ago=20)
    made = plan(10)
    for service in (pack, lambda one, on: step(services.send_consignment, one, on=on)):
        service(made, on=today - 10 * DAY)
    return made


def test_it_is_settled_no_day_before_all_of_it_came(sent_long_ago, step, amounts, refused, today):
    made = sent_long_ago
    step(services.receive_part, made, amounts=amounts(made, 4), on=today - 2 * DAY)
    step(services.receive_part, made, amounts=amounts(made, 6), on=today - 5 * DAY)  # told later
    assert "Choose that day" in refused(made, "settle", today - 3 * DAY)
    assert step(services.settle_consignment, made, on=today - 2 * DAY).pk


def test_a_day_that_was_taken_back_holds_nobody_up(sent_long_ago, step, amounts, sora, today):
    made = sent_long_ago
    mistaken = step(services.receive_part, made, amounts=amounts(made, 10)).bookings.get()
    services.take_back_booking(by=sora, booking=mistaken, reason="the day", today=today, key=uuid.uuid4())
    step(services.receive_part, made, amounts=amounts(made, 10), on=today - 4 * DAY)
    assert step(services.settle_consignment, made, on=today - 3 * DAY).pk


def test_it_is_found_no_day_before_it_was_lost_or_settled(sent_long_ago, step, amounts, refused, today):
    made = sent_long_ago
    step(
        services.lose_part, made, amounts=amounts(made, 10), how="taken", reason="a raid", on=today - 5 * DAY
    )
    (line,) = made.lines.all()
    found = {"note": "under the seat", "came_back": ""}
    assert "Choose that day" in refused(made, "find", today - 6 * DAY, {line: "10"}, **found)
    step(services.settle_consignment, made, on=today - 4 * DAY)
    assert "Choose that day" in refused(made, "find", today - 5 * DAY, {line: "10"}, **found)
    step(
        services.find_part, made, amounts=amounts(made, 10), came_back=True, reason="under the seat",
        on=today - 4 * DAY,
    )  # fmt: skip


def test_where_another_day_has_begun_already_today_is_late_enough(under_way, step, amounts, today):
    made = under_way(10)
    yesterday = {"on": today - DAY, "today": today - DAY}
    with pytest.raises(services.NotCoveredOnDay):  # the ledger minds
        step(services.receive_part, made, amounts=amounts(made, 10), **yesterday)
    step(services.receive_part, made, amounts=amounts(made, 10))
    assert step(services.settle_consignment, made, **yesterday).pk


def test_nothing_is_confirmed_before_it_was_sent(client, under_way, today):
    made = under_way(10)
    data = {
        "line": made.lines.get().uuid, "received_on": today - DAY, "receiver": "K-1", "amount": "9",
        "quality": "good", "is_satisfied": "yes", "people": "3", "note": "", "key": uuid.uuid4(),
    }  # fmt: skip
    address = reverse("supply:confirm_receipt", args=[made.uuid])
    answer = client.post(address, data)
    assert answer.status_code == 422
    assert "Choose that day" in answer.context["form"].errors["received_on"][0]
    assert client.post(address, data | {"received_on": today}).status_code == 302


# --- plans -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(9999, 12, 31), "just before", "just after"])
def test_no_consignment_is_planned_far_off(day, client, plan, warehouse, rice, today):
    most = timedelta(days=settings.PLANNING_DAYS)
    days = {"just before": today - most - DAY, "just after": today + most + DAY}
    form = {"planned_on": days.get(day, day), "route": "", "courier": "", "note": "", "key": uuid.uuid4()}
    planned = form | lines((rice, "5", f.RecipientFactory().place))
    made = plan(5)
    for address, data in (
        (reverse("supply:plan_consignment"), planned),
        (reverse("supply:change_journey", args=[made.uuid]), form),
    ):
        answer = client.post(address, data)
        assert answer.status_code == 422
        assert "Plan it for a day from" in answer.context["form"].errors["planned_on"][0]
        inside = {"planned_on": today + most, "key": uuid.uuid4()}
        assert client.post(address, data | inside).status_code == 302


def test_a_note_is_added_to_an_old_plan(sora, today):
    old = f.ConsignmentFactory(planned_on=date(2020, 1, 1))
    change = {"planned_on": old.planned_on, "route": None, "note": "given up", "today": today}
    assert services.change_journey(by=sora, consignment=old, **change).note == "given up"


# --- counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_booked"), [(0, True), (1, False), (60, False)])
def test_a_count_of_long_ago_is_not_finished(days, is_booked, client, hana, willow, rice, today):
    f.receive(willow.store, rice, 100, days_ago=120)
    counted_on = today - timedelta(days=settings.BACK_DATING_DAYS + days)
    sheet = services.begin_count(by=hana, place=willow.store, today=counted_on, key=uuid.uuid4())
    line = sheet.lines.get()
    services.write_counts(by=hana, sheet=sheet, found={line.pk: (Decimal(100), "100 kg")}, is_done=True)
    if is_booked:
        services.finish_count(by=f.UserFactory(), sheet=sheet, reasons={}, now=timezone.now())
        return
    answer = client.post(reverse("supply:finish_count", args=[sheet.uuid]), follow=True)
    assert "Set this count aside and count it again." in answer.content.decode()
    sheet.refresh_from_db()
    assert sheet.state == "counted"
