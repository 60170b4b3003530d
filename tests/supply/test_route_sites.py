"""The stops of a route: their order, their days, what of them is sealed; and what is changed of a route."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from core.models import AuditEntry
from core.sealed import open_value
from supply import services
from supply.models import Route, RouteSite
from tests import factories as f
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


def way(route):
    """The code names in their order."""
    sites = route.sites.select_related("place")
    return [site.place.code if site.place else site.name for site in sites]


@pytest.fixture
def route():
    return f.RouteFactory(code="RN-01")


@pytest.fixture
def add(client, route, today):
    """`add("Heron", after=site)`: by the form of the route's page."""

    def added(name="", *, after=None, **values):
        data = {"kind": "crossing", "name": name, "since": str(today), "key": str(uuid.uuid4())}
        data |= {"after": str(after.uuid) if after else "", "place": ""} | values
        answer = client.post(reverse("supply:add_site", args=[route.uuid]), data)
        assert answer.status_code == 302, text_of(answer)
        return RouteSite.objects.get(key=data["key"])

    return added


def test_sites_stand_in_the_order_of_the_way(client, route, add):
    heron = add("Heron")
    otter = add("Otter", after=heron)
    add("Ford", after=heron)
    add("Start")
    assert way(route) == ["Start", "Heron", "Ford", "Otter"]
    assert list(route.sites.values_list("position", flat=True)) == [1, 2, 3, 4]
    data = {"kind": "hand_over", "after": "", "whereabouts": "", "key": uuid.uuid4()}
    answer = client.post(reverse("supply:change_site", args=[otter.uuid]), data)
    assert answer.url == reverse("supply:route", args=[route.uuid])
    assert way(route) == ["Otter", "Start", "Heron", "Ford"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # each position is taken once


def test_the_page_shows_the_way_and_where_goods_really_went(client, route, add, warehouse, today):
    recipient = f.RecipientFactory(code="R-7", publishable_place="northern province", real_name="Mr Lee")
    depot = add("", place=str(warehouse.uuid), kind="depot")
    heron = add("Heron", after=depot)
    add("", after=heron, place=str(recipient.place.uuid), kind="recipient")
    f.MovementFactory(route=route, destination=f.RecipientFactory(code="R-8").place)
    page = reverse("supply:route", args=[route.uuid])
    shown = text_of(client.get(page))
    planned, went = shown.split("Where goods really went")
    for name in (warehouse.code, "Heron", "R-7 · orphanage, northern province"):
        assert name in planned.split("Sites")[-1]
    assert "R-8" in went
    assert "Mr Lee" not in shown
    last = today - timedelta(days=1)
    RouteSite.objects.filter(pk=heron.pk).update(since=date(2020, 1, 1))
    answer = client.post(reverse("supply:end_site", args=[heron.uuid]), {"until": str(last)})
    assert answer.url == page
    assert "Past sites" in text_of(client.get(page))
    client.post(reverse("supply:end_site", args=[heron.uuid]), {"until": ""})
    assert "Past sites" not in text_of(client.get(page))


def test_a_site_sent_twice_is_one_and_none_stands_twice_on_a_route(client, route, today):
    data = {"kind": "crossing", "name": "Heron", "since": str(today), "key": str(uuid.uuid4())}
    address = reverse("supply:add_site", args=[route.uuid])
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    assert way(route) == ["Heron"]
    answer = client.post(address, data | {"key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "The route has this site already." in text_of(answer)
    elsewhere = reverse("supply:add_site", args=[f.RouteFactory().uuid])
    assert client.post(elsewhere, data | {"key": str(uuid.uuid4())}).status_code == 302


def test_a_key_that_added_another_site_is_refused_and_adds_none(sora, route, today):
    told = {"kind": "crossing", "name": "Heron", "since": today, "whereabouts": "the third bridge"}
    told |= {"by": sora, "route": route, "after": None, "today": today, "key": uuid.uuid4()}
    site = services.add_route_site(**told)
    assert services.add_route_site(**told) == site
    others = {"route": f.RouteFactory(), "name": "Otter", "kind": "depot", "whereabouts": "the mill"}
    for name, value in (others | {"since": today - timedelta(days=1)}).items():
        with pytest.raises(services.KeyAlreadyUsed):
            services.add_route_site(**told | {name: value})
    assert RouteSite.objects.get() == site


def test_where_a_site_really_is_is_sealed_and_opens_with_a_purpose(client, route, add):
    bare = add("Otter")
    heron = add("Heron", whereabouts="under the third bridge")
    assert open_value(heron, "whereabouts") == b"under the third bridge"
    change = reverse("supply:change_site", args=[heron.uuid])
    client.post(change, {"kind": "depot", "after": "", "whereabouts": "", "key": uuid.uuid4()})
    heron.refresh_from_db()
    assert open_value(heron, "whereabouts") == b"under the third bridge"  # empty: as it was
    shown = client.get(reverse("supply:route", args=[route.uuid])).content.decode()
    assert reverse("supply:reveal_site", args=[heron.uuid]) in shown
    assert reverse("supply:reveal_site", args=[bare.uuid]) not in shown
    register = client.get(reverse("supply:sites")).content.decode()
    assert reverse("supply:reveal_site", args=[heron.uuid]) in register
    assert reverse("supply:reveal_site", args=[bare.uuid]) not in register
    for page in ("supply:route", "supply:sites"):
        args = [route.uuid] if page == "supply:route" else []
        assert "third bridge" not in client.get(reverse(page, args=args)).content.decode()
    entry = AuditEntry.objects.filter(action="route.site_added").latest("id")
    assert "third bridge" not in str(entry.changes)
    opened = client.post(
        reverse("supply:reveal_site", args=[heron.uuid]), {"field": "whereabouts", "purpose": "to meet him"}
    )
    assert "under the third bridge" in opened.content.decode()


def test_each_change_is_one_row_of_the_audit(sora, route, today):
    site = services.add_route_site(
        by=sora, route=route, kind="crossing", name="Heron", after=None, since=today, today=today,
        key=uuid.uuid4(),
    )  # fmt: skip
    services.change_route_site(by=sora, site=site, kind="depot", after=None)
    services.end_route_site(by=sora, site=site, until=today)
    actions = list(AuditEntry.objects.order_by("id").values_list("action", "subject_label"))
    assert actions == [(f"route.site_{verb}", "RN-01 1") for verb in ("added", "changed", "ended")]


def test_a_page_from_before_a_colleagues_change_writes_over_nothing_else(sora, route, add, today):
    """Each page read its record before the other was saved."""
    otter = add("Otter", after=add("Heron"))
    at_first, at_second = (RouteSite.objects.get(pk=otter.pk) for _page in range(2))
    services.change_route_site(by=sora, site=at_first, kind="depot", after=None, whereabouts="the mill")
    services.end_route_site(by=sora, site=at_second, until=today)
    otter.refresh_from_db()
    assert (way(route), otter.kind, otter.until) == (["Otter", "Heron"], "depot", today)
    assert open_value(otter, "whereabouts") == b"the mill"
    first, second = (Route.objects.get(pk=route.pk) for _page in range(2))
    services.change_route(by=sora, route=first, reason="burnt", drop_points="the mill")
    services.change_route(by=sora, route=second, reason="snow", regularity="irregular")
    route.refresh_from_db()
    assert (route.regularity, open_value(route, "drop_points")) == ("irregular", b"the mill")


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("route_site_is_a_place_or_a_name", {"name": ""}),
        ("route_site_recipient_is_registered", {"kind": "recipient"}),
        ("route_site_counted_from_one", {"position": 0}),
        ("route_site_ends_after_it_starts", {"until": date(2019, 12, 31)}),
    ],
)
def test_the_database_keeps_the_rules_of_a_site(rule, broken):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        f.RouteSiteFactory(**broken)
    with pytest.raises(ValidationError):
        f.RouteSiteFactory.build(route=f.RouteFactory(), **broken).full_clean()


def test_the_database_keeps_one_site_once_and_one_a_position(route, warehouse):
    f.RouteSiteFactory(route=route, position=1, name="", place=warehouse)
    f.RouteSiteFactory(route=route, position=2, name="Heron")
    for twice in ({"name": "", "place": warehouse}, {"name": "Heron"}):
        with pytest.raises(IntegrityError, match="route_site_once_a_route"), transaction.atomic():
            f.RouteSiteFactory(route=route, position=3, **twice)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS route_site_one_a_position IMMEDIATE")
    with pytest.raises(IntegrityError, match="route_site_one_a_position"), transaction.atomic():
        f.RouteSiteFactory(route=route, position=2)
    key = uuid.uuid4()
    f.RouteSiteFactory(key=key)
    with pytest.raises(IntegrityError, match="route_site_one_per_key"), transaction.atomic():
        f.RouteSiteFactory(key=key)


@pytest.mark.parametrize("number", [1, 15])
def test_list_of_sites_costs_the_same_for_many_and_gives_a_file(client, number, django_assert_num_queries):
    for position in range(number):
        f.RouteSiteFactory(position=position + 1, kind="recipient", name="", place=f.RecipientFactory().place)
    f.RouteSiteFactory(name="Heron", whereabouts="the third bridge", until=date(2021, 1, 1))
    with django_assert_num_queries(8):
        client.get(reverse("supply:sites"))
    sheet = client.get(reverse("supply:sites"), {"export": "csv", "is_current": "false"}).content.decode()
    assert "Heron" in sheet
    assert sheet.strip().count("\n") == 1
    assert "third bridge" not in sheet


# --- the route itself --------------------------------------------------------------------------------------


def test_a_route_is_added_and_its_regularity_changes_with_a_reason(client, route, sora):
    data = {"kind": "food", "code": "RT-09", "regularity": "temporary", "region": "the valley"}
    data |= {"drop_points": "the third bridge", "couriers": ""}
    for _ in range(2):
        answer = client.post(reverse("supply:add_route"), data)
        made = Route.objects.get(code="RT-09")
        assert answer.url == reverse("supply:route", args=[made.uuid])
    other = client.post(reverse("supply:add_route"), data | {"drop_points": "the second bridge"})
    assert other.status_code == 422  # another route under the same code, not the same form again
    assert "taken already" in text_of(other)
    change = reverse("supply:change_route", args=[made.uuid])
    values = {"kind": "clothing", "regularity": "irregular", "region": "the valley", "reason": "less often"}
    assert client.post(change, values).status_code == 302
    made.refresh_from_db()
    assert (made.kind, made.regularity) == ("clothing", "irregular")
    assert open_value(made, "drop_points") == b"the third bridge"  # empty: as it was
    entry = AuditEntry.objects.get(action="route.changed")
    assert (entry.reason, entry.by_id) == ("less often", sora.pk)
    assert entry.changes == {"kind": ["food", "clothing"], "regularity": ["temporary", "irregular"]}
    f.RouteFactory(kind="escape", code="RT-09")
    answer = client.post(change, values | {"kind": "escape"})
    assert answer.status_code == 422
    assert "taken already" in text_of(answer)
