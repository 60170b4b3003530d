"""Two have the same page open: the second does not write over what the first wrote meanwhile."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.sealed import open_value
from supply import selectors
from supply.models import Route, RouteSite, StandingPlan, StockLevel
from tests import factories as f
from tests.pages import sent_as_shown
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(as_user):
    return as_user(f.UserFactory(role="supply_coordinator"))


def test_journey_changed_meanwhile_is_said_and_saved_when_sent_again(
    client, colleague, plan, rice, warehouse
):
    bad, good = f.RouteFactory(code="RN-1"), f.RouteFactory(code="RN-2")
    made = plan(75, route=bad)
    url = reverse("supply:change_journey", args=[made.uuid])
    old = sent_as_shown(colleague.get(url)) | {"note": "two sacks are wet"}
    client.post(url, sent_as_shown(client.get(url)) | {"route": good.uuid, "note": "patrols on RN-1"})
    answer = colleague.post(url, old)
    made.refresh_from_db()
    assert answer.status_code == 422
    assert (made.route, made.note) == (good, "patrols on RN-1")
    said = text_of(answer)
    assert f"{made.code} was changed meanwhile by a colleague" in said
    assert "It says now: patrols on RN-1" in said
    again = sent_as_shown(answer)
    assert again["note"] == "two sacks are wet"  # typed: still there
    assert again["route"] == str(good.uuid)  # left as it was shown: what it says now
    assert colleague.post(url, again).status_code == 302
    made.refresh_from_db()
    assert (made.route, made.note) == (good, "two sacks are wet")


def test_the_same_form_twice_is_saved_once_and_no_conflict(client, plan):
    made = plan(75)
    url = reverse("supply:change_journey", args=[made.uuid])
    data = sent_as_shown(client.get(url)) | {"note": "two sacks", "courier": "HERON"}
    for _time in range(2):
        assert client.post(url, data).status_code == 302


def test_courier_sealed_meanwhile_is_not_written_over_and_not_shown(client, colleague, plan):
    made = plan(75)
    url = reverse("supply:change_journey", args=[made.uuid])
    old = sent_as_shown(colleague.get(url))
    client.post(url, sent_as_shown(client.get(url)) | {"courier": "HERON"})
    # Who leaves it empty leaves it as it is.
    assert colleague.post(url, old | {"note": "wet"}).status_code == 302
    answer = colleague.post(url, old | {"note": "wet", "courier": "CRANE"})
    assert answer.status_code == 422
    assert "It was written anew meanwhile" in text_of(answer)
    assert "HERON" not in answer.content.decode()
    made.refresh_from_db()
    assert open_value(made, "courier") == b"HERON"


def test_lines_changed_meanwhile_are_told_beside_those_that_were_typed(client, colleague, plan, rice):
    made = plan(75)
    (line,) = made.lines.all()
    other = f.RecipientFactory().place
    url = reverse("supply:change_lines", args=[made.uuid])
    old = sent_as_shown(colleague.get(url)) | {"lines-0-amount": "80 kg"}
    mine = sent_as_shown(client.get(url))
    mine |= {"lines-1-item": rice.uuid, "lines-1-amount": "25 kg", "lines-1-destination": other.uuid}
    assert client.post(url, mine).status_code == 302
    answer = colleague.post(url, old)
    assert answer.status_code == 422
    assert f"RICE 75 → {line.destination.code}, RICE 25 → {other.code}" in text_of(answer)
    assert [one.planned for one in selectors.lines_of(made)] == [75, 25]
    again = sent_as_shown(answer)
    assert again["lines-0-amount"] == "80 kg"
    assert colleague.post(url, again).status_code == 302
    assert [one.planned for one in selectors.lines_of(made)] == [80]


def test_load_packed_meanwhile_is_told_and_packed_over_when_sent_again(
    client, colleague, plan, rice, warehouse
):
    f.receive(warehouse, rice, 500)
    made = plan(75)
    url = reverse("supply:pack_consignment", args=[made.uuid])
    name = f"amount-{made.lines.get().uuid}"
    old, mine = sent_as_shown(colleague.get(url)), sent_as_shown(client.get(url)) | {name: "50 kg"}
    for _time in range(2):  # sent twice: packed once
        assert client.post(url, mine).status_code == 302
    answer = colleague.post(url, old)
    assert answer.status_code == 422
    assert f"{made.code} was packed meanwhile by a colleague: 50 kg Rice." in text_of(answer)
    assert made.lines.get().packed == 50
    again = sent_as_shown(answer)
    assert again[name] == "75 kg"
    assert colleague.post(url, again).status_code == 302
    assert made.lines.get().packed == 75


def test_item_route_site_plan_target_and_minimum_are_not_written_over(
    client, colleague, warehouse, rice, sora
):
    route = f.RouteFactory(code="RN-1", region="Coast")
    site = f.RouteSiteFactory(route=route)
    planned = f.StandingPlanFactory(route=route)
    level = f.StockLevelFactory(place=warehouse, item=rice, minimum=40)
    month = {"from_month": "2026-02"}
    forms = [
        ("change_item", [rice.uuid], {"name": "Rice, white"}, {"name": "Rice, brown"}),
        (
            "change_route",
            [route.uuid],
            {"region": "North", "reason": "moved"},
            {"region": "South", "reason": "x"},
        ),
        ("change_site", [site.uuid], {"kind": "resting"}, {"kind": "crossing"}),
        ("end_site", [site.uuid], {"until": "2026-03-01"}, {"until": "2026-03-02"}),
        ("end_plan", [planned.uuid], {"until_month": "2030-03"}, {"until_month": "2030-04"}),
        ("set_target", [route.uuid], month | {"kilograms_a_month": 10}, month | {"kilograms_a_month": 20}),
        ("set_level", [], {"minimum": "50"}, {"minimum": "60"}),
    ]
    for name, args, first, second in forms:
        url = reverse(f"supply:{name}", args=args)
        url += f"?level={level.uuid}" if name == "set_level" else ""
        old = sent_as_shown(colleague.get(url)) | second
        answer = client.post(url, sent_as_shown(client.get(url)) | first)
        assert answer.status_code == 302, (name, text_of(answer))
        answer = colleague.post(url, old)
        assert answer.status_code == 422, name
        is_new = name == "set_target"  # nobody had written one of that month when the page was opened
        said = "RN-1 2026-02 is there already" if is_new else "was changed meanwhile by a colleague"
        assert said in text_of(answer), name
    rice.refresh_from_db()
    assert rice.name == "Rice, white"
    assert Route.objects.get(pk=route.pk).region == "North"
    assert RouteSite.objects.get(pk=site.pk).until.day == 1
    assert StandingPlan.objects.get(pk=planned.pk).until_month.month == 3
    assert route.targets.get().kilograms_a_month == 10
    assert StockLevel.objects.get(pk=level.pk).minimum == Decimal(50)


def test_a_new_target_and_a_new_minimum_that_are_there_already_are_told_and_put_right(
    client, colleague, warehouse, rice
):
    route = f.RouteFactory(code="RN-1")
    place = {"place": str(warehouse.uuid), "item": str(rice.uuid)}
    forms = [
        ("set_target", [route.uuid], {"from_month": "2026-02"}, "kilograms_a_month", "RN-1 2026-02"),
        ("set_level", [], place, "minimum", f"{warehouse.code} {rice.code}"),
    ]
    for name, args, which, field, what in forms:
        url = reverse(f"supply:{name}", args=args)
        late = sent_as_shown(colleague.get(url)) | which | {field: "60"}
        first = sent_as_shown(client.get(url)) | which | {field: "50"}
        for _time in range(2):  # sent twice it is said once
            assert client.post(url, first).status_code == 302, name
        answer = colleague.post(url, late)
        said = text_of(answer)
        assert f"{what} is there already, and nothing was saved." in said
        assert "meanwhile" not in said
        assert "It says now: 50" in said
        assert colleague.post(url, sent_as_shown(answer)).status_code == 302
    assert route.targets.get().kilograms_a_month == 60
    assert StockLevel.objects.get(place=warehouse, item=rice).minimum == 60
