"""The coordinator's pages of routes, of the board and of standing plans."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from core.fiscal import fiscal_year_of, month_of, next_month
from supply import selectors, services, tasks
from supply.models import Consignment, StandingPlan
from tests import factories as f
from tests.supply.test_consignment_pages import lines
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


def test_state_of_a_route_changes_with_its_cause(client, today):
    route = f.RouteFactory(code="RN-01")
    f.RouteStatusFactory(route=route, state="open", since=date(2020, 1, 1))
    address = reverse("supply:change_status", args=[route.uuid])
    data = {"state": "at_risk", "since": today, "cause": "patrols at the bridge"}
    for wrong, sentence in (
        ({"cause": " "}, "Say what happened"), ({"state": "open"}, "RN-01 is open already."),
        ({"since": "2019-05-05"}, "a later day already"), ({"since": "2999-01-01"}, "Choose a day from"),
    ):  # fmt: skip
        answer = client.post(address, data | wrong)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    for _time in range(2):  # sent twice, it is the first answer
        assert client.post(address, data).url == reverse("supply:route", args=[route.uuid])
    assert route.statuses.count() == 2
    shown = text_of(client.get(reverse("supply:route", args=[route.uuid])))
    assert "at risk" in shown
    assert "patrols at the bridge" in shown


def test_last_consignments_of_a_route_are_its_latest(client, today):
    route = f.RouteFactory()
    for days in range(12):
        f.ConsignmentFactory(route=route, planned_on=today - timedelta(days=days), code=f"C20-9{days:02}")
    shown = text_of(client.get(reverse("supply:route", args=[route.uuid])))
    codes = [f"C20-9{days:02}" for days in range(12) if f"C20-9{days:02}" in shown]
    assert codes == [f"C20-9{days:02}" for days in range(10)]
    assert shown.index("C20-900") < shown.index("C20-909")


def test_target_of_a_month_is_set_and_replaced(client):
    route = f.RouteFactory()
    address = reverse("supply:set_target", args=[route.uuid])
    for kilograms in (5000, 4000):
        answer = client.post(address, {"from_month": "2026-03", "kilograms_a_month": kilograms})
        assert answer.status_code == 302
    assert list(route.targets.values_list("from_month", "kilograms_a_month")) == [(date(2026, 3, 1), 4000)]
    for wrong in ({"from_month": "2026-13"}, {"from_month": "March"}, {"kilograms_a_month": "-1"}):
        answer = client.post(address, {"from_month": "2026-03", "kilograms_a_month": 1} | wrong)
        assert answer.status_code == 422


def test_board_shows_twelve_months_those_without_a_delivery_too(client, today):
    route, year = f.RouteFactory(code="RN-01"), fiscal_year_of(today)
    f.RouteTargetFactory(route=route, from_month=year.first_day, kilograms_a_month=100)
    f.RouteTargetFactory(route=route, from_month=month_of(today), kilograms_a_month=200)
    f.MovementFactory(route=route, quantity=150, destination=f.RecipientFactory().place, occurred_on=today)
    [row] = selectors.board([route], year, year.last_day)
    assert [one.month for one in row.months] == list(year.months())
    assert sum(one.carried > 0 for one in row.months) == 1
    assert row.without == 11
    [so_far] = selectors.board([route], year, today)
    begun = [one for one in so_far.months if one.month <= today]
    assert so_far.without == len(begun) - 1
    assert not any(one.is_short or one.percent is not None for one in so_far.months if one.month > today)
    this = next(one for one in row.months if one.month == month_of(today))
    assert (this.target, this.carried, this.percent, this.is_short) == (200, 150, 75, True)
    assert row.months[0].target == (200 if row.months[0].month == month_of(today) else 100)
    shown = client.get(reverse("supply:board")).content.decode()
    if so_far.without:
        assert f"{so_far.without} month" in text_of(client.get(reverse("supply:board")))
    assert shown.count("<rect") == 12
    assert "style=" not in shown
    before = text_of(client.get(reverse("supply:board"), {"year": year.number - 1}))
    assert "12 months without a delivery" in before


@pytest.mark.parametrize("number", [1, 15])
def test_board_and_route_cost_the_same_for_many(client, number, django_assert_num_queries):
    for route in f.RouteFactory.create_batch(number):
        f.RouteTargetFactory(route=route)
        f.MovementFactory(route=route, destination=f.RecipientFactory().place)
    place = f.PlaceFactory()
    for _ in range(number):
        f.StandingPlanLineFactory(plan__route=route, plan__source=place)
        f.MovementFactory(route=route, destination=f.RecipientFactory().place)
    with django_assert_num_queries(10):
        client.get(reverse("supply:board"))
    with django_assert_num_queries(22):
        client.get(reverse("supply:route", args=[route.uuid]))
    with django_assert_num_queries(17):
        client.get(reverse("supply:plans"))


# --- standing plans ----------------------------------------------------------------------------------------


def test_plan_is_made_and_drafts_next_month_once(client, page, warehouse, rice, today):
    route, end = f.RouteFactory(code="RN-01"), f.RecipientFactory(code="R-3").place
    month = next_month(month_of(today))
    data = {"source": warehouse.uuid, "day": 5, "from_month": f"{month:%Y-%m}", "key": uuid.uuid4()}
    data |= lines((rice, "4 bags", end))
    address = reverse("supply:make_plan", args=[route.uuid])
    assert client.post(address, data | {"day": 31}).status_code == 422
    assert client.post(address, data | {"until_month": "2020-01"}).status_code == 422
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    assert StandingPlan.objects.count() == 1
    drafts = reverse("supply:make_drafts")
    assert "1 plan has none yet" in text_of(client.get(reverse("supply:plans")))
    assert "1 draft was made." in text_of(client.post(drafts, follow=True))
    assert "already" in text_of(client.post(drafts, follow=True))
    draft = Consignment.objects.get()
    assert (draft.route, draft.planned_on, draft.plan_month) == (route, month.replace(day=5), month)
    assert "100 kg 4 × bag of 25 kg" in page(draft)


def test_the_monthly_work_makes_the_same_drafts(warehouse, today, client):
    month = next_month(month_of(today))
    kept = f.StandingPlanLineFactory(plan__source=warehouse).plan
    for route_state in ("lost", "closed"):
        plan = f.StandingPlanLineFactory(plan__source=warehouse).plan
        f.RouteStatusFactory(route=plan.route, state=route_state)
    over = f.StandingPlanLineFactory(plan__source=warehouse).plan
    services.end_standing_plan(by=f.UserFactory(), plan=over, until_month=month_of(today))
    assert tasks.make_drafts() == 1
    assert tasks.make_drafts() == 0
    assert Consignment.objects.get().plan == kept
    client.post(reverse("supply:make_drafts"))
    assert Consignment.objects.get().plan_month == month


def test_a_plan_ends_on_its_page(client):
    plan = f.StandingPlanFactory(from_month=date(2026, 3, 1))
    address = reverse("supply:end_plan", args=[plan.uuid])
    answer = client.post(address, {"until_month": "2026-02"})
    assert answer.status_code == 422
    assert "The last month lies before the first." in text_of(answer)
    assert client.post(address, {"until_month": "2026-12"}).status_code == 302
    plan.refresh_from_db()
    assert plan.until_month == date(2026, 12, 1)
