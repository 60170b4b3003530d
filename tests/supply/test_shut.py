"""Nothing goes to a shelter that is exposed, closed or being evacuated, nor over a lost route."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape

from core.fiscal import month_of, next_month
from supply import selectors, services, tasks
from supply.models import Consignment, StandingPlan
from tests import factories as f
from tests.supply.test_consignment_pages import lines
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db

NOT_THERE = "Nothing goes there: choose another place."


@pytest.fixture
def oak(db):
    return f.ShelterFactory(code="OAK", store__code="OAK")


def exposed(shelter, today):
    f.ShelterStatusFactory(shelter=shelter, state="exposed", since=today)


def closed(shelter, today):
    f.ShelterStatusFactory(shelter=shelter, state="closed", since=today)


def closed_by_its_day(shelter, today):
    shelter.closed_on = today
    shelter.save()


def evacuated(shelter, today):
    f.EvacuationFactory(shelter=shelter)


def left(shelter, today):
    f.ShelterStatusFactory(shelter=shelter, state="exposed", since=today - timedelta(days=5))
    f.ShelterStatusFactory(shelter=shelter, state="open", since=today)


SHUT = pytest.mark.parametrize("shut", [exposed, closed, closed_by_its_day, evacuated])


def loaded(made, *amounts):
    """The form that packs these amounts."""
    data = {f"amount-{line.uuid}": n for line, n in zip(made.lines.all(), amounts, strict=True)}
    return data | {f"lot-{line.uuid}": "" for line in made.lines.all()}


@SHUT
def test_nothing_is_planned_to_a_shut_shelter(shut, client, warehouse, rice, oak, today):
    shut(oak, today)
    safe = f.RecipientFactory().place
    journey = {"planned_on": today, "key": uuid.uuid4(), "route": "", "courier": "", "note": ""}
    address = reverse("supply:plan_consignment")
    answer = client.post(address, journey | lines((rice, "5", safe), (rice, "10", oak.store)))
    assert answer.status_code == 422
    first, second = answer.context["lines"].forms[:2]
    assert not first.errors
    assert [NOT_THERE in sentence for sentence in second.errors["destination"]] == [True]
    assert "OAK" in second.errors["destination"][0]
    assert not Consignment.objects.exists()
    assert client.post(address, journey | lines((rice, "5", safe))).status_code == 302


@SHUT
def test_lines_are_not_changed_to_a_shut_shelter(shut, client, plan, rice, oak, today):
    made = plan(5)
    shut(oak, today)
    answer = client.post(
        reverse("supply:change_lines", args=[made.uuid]),
        lines((rice, "5", oak.store)) | {"lines-INITIAL_FORMS": 1},
    )
    assert answer.status_code == 422
    assert NOT_THERE in answer.context["lines"].forms[0].errors["destination"][0]
    assert made.lines.get().destination != oak.store


@SHUT
def test_nothing_is_packed_for_a_shut_shelter(shut, client, plan, page, warehouse, rice, oak, today):
    f.receive(warehouse, rice, 100)
    made = plan(5, 7, destinations=[oak.store])
    shut(oak, today)
    data = {"on": today, "key": uuid.uuid4()}
    address = reverse("supply:pack_consignment", args=[made.uuid])
    answer = client.post(address, data | loaded(made, "5", "7"))
    assert answer.status_code == 422
    [sentence] = answer.context["form"].errors[f"amount-{made.lines.first().uuid}"]
    assert "pack 0 for it, or cancel the consignment" in sentence
    assert "Nothing may go there: change the lines" in page(made)
    assert client.post(address, data | loaded(made, "0", "7")).status_code == 302
    assert "Nothing may go there" not in page(made)
    assert "do not send" not in text_of(client.get(reverse("supply:consignments")))
    sent = reverse("supply:take_step", args=[made.uuid, "send"])
    assert client.post(sent, {"on": today, "key": uuid.uuid4()}).status_code == 302


@SHUT
def test_nothing_is_sent_to_a_shut_shelter(shut, client, plan, pack, page, warehouse, rice, oak, today):
    f.receive(warehouse, rice, 100)
    made = plan(5, destinations=[oak.store])
    pack(made)
    shut(oak, today)
    assert "Nothing may go there: pack again with 0 for it" in page(made)
    assert text_of(client.get(reverse("supply:consignments"))).count("do not send") == 1
    answer = client.post(
        reverse("supply:take_step", args=[made.uuid, "send"]), {"on": today, "key": uuid.uuid4()}
    )
    assert answer.status_code == 422
    assert "pack 0 for it, or cancel the consignment" in text_of(answer)
    made.refresh_from_db()
    assert made.state == "packed"


@SHUT
def test_the_database_lets_nothing_leave_for_a_shut_shelter(shut, oak, today):
    line = f.packed_line(oak.store)
    shut(oak, today)
    with pytest.raises(IntegrityError, match="exposed, closed or being evacuated"), transaction.atomic():
        f.ConsignmentStepFactory(consignment=line.consignment, kind="sent")
    f.ConsignmentStepFactory(consignment=line.consignment, kind="cancelled", note="it is exposed")


def test_a_shelter_that_is_open_again_is_sent_to(plan, pack, step, warehouse, rice, oak, today):
    f.receive(warehouse, rice, 100)
    left(oak, today)
    made = plan(5, destinations=[oak.store])
    pack(made)
    assert step(services.send_consignment, made).pk


def test_what_is_reported_while_it_is_being_sent_is_a_sentence_too(sora, oak, today):
    """As the database says it, to who asked before."""
    line = f.packed_line(oak.store)
    exposed(oak, today)
    step = services.steps.begin_step(
        by=sora, consignment=line.consignment, kind="sent", on=today, today=today, key=uuid.uuid4()
    )
    with pytest.raises(services.PlaceIsShut, match="OAK was exposed"):
        services.steps.take_step(step)


def test_what_is_under_way_to_it_is_warned_of_and_may_still_end(
    client, under_way, step, page, amounts, oak, today
):
    made, other = under_way(30, destinations=[oak.store]), under_way(5)
    register = reverse("supply:consignments")
    assert "call the courier" not in text_of(client.get(register))
    exposed(oak, today)
    assert "OAK was exposed on" in page(made)
    assert "Call the courier: nothing may go there." in page(made)
    assert "Call the courier" not in page(other)
    assert text_of(client.get(register)).count("call the courier") == 1
    assert "call the courier" in client.get(register, {"export": "csv"}).content.decode()
    step(services.receive_part, made, amounts=amounts(made, 10))
    step(services.return_part, made, amounts=amounts(made, 10), reason="turned back")
    step(services.lose_part, made, amounts=amounts(made, 10), how="taken", reason="a raid")
    assert "Call the courier" not in page(made)
    assert "call the courier" not in text_of(client.get(register))
    assert step(services.settle_consignment, made).pk


@SHUT
def test_a_standing_plan_makes_no_draft_to_a_shut_shelter(shut, client, oak, warehouse, rice, today):
    kept = f.StandingPlanLineFactory(plan__source=warehouse).plan
    waits = f.StandingPlanLineFactory(plan__source=warehouse, destination=oak.store).plan
    shut(oak, today)
    shown = text_of(client.get(reverse("supply:plans")))
    assert shown.count("No draft is made now.") == 1
    assert "Past plans" not in shown
    answer = text_of(client.post(reverse("supply:make_drafts"), follow=True))
    assert "1 draft was made." in answer
    assert f"{waits.route.code}: no draft." in answer
    assert "OAK" in answer
    assert Consignment.objects.get().plan == kept
    assert tasks.make_drafts() == 0
    data = {"source": warehouse.uuid, "day": 5, "key": uuid.uuid4()}
    data |= {"from_month": f"{next_month(month_of(today)):%Y-%m}"} | lines((rice, "5", oak.store))
    made = client.post(reverse("supply:make_plan", args=[f.RouteFactory().uuid]), data)
    assert made.status_code == 422
    assert escape(NOT_THERE) in made.content.decode()
    assert StandingPlan.objects.count() == 2


@pytest.mark.parametrize(
    ("state", "said_ago", "closed_ago", "told_ago"),
    [
        ("closed", 5, -20, 5),  # its last day is written for later
        ("closed", 5, None, 5),
        ("closed", 5, 2, 5),
        ("closed", 2, 5, 5),  # it was shut by its day before anybody said so
        ("open", 9, 5, 5),  # nobody said so
        ("open", 2, 5, 5),
        ("at_risk", 9, 0, 0),
    ],
)
def test_a_closed_shelter_is_closed_since_the_first_day_on_which_it_was(
    state, said_ago, closed_ago, told_ago, client, sora, plan, pack, warehouse, rice, oak, today
):
    f.receive(warehouse, rice, 100)
    journey = plan(5, destinations=[oak.store])
    pack(journey)
    if closed_ago is not None:
        oak.closed_on = today - timedelta(days=closed_ago)
        oak.save()
    f.ShelterStatusFactory(shelter=oak, state=state, since=today - timedelta(days=said_ago))
    day = date_format(today - timedelta(days=told_ago))
    sent = client.post(
        reverse("supply:take_step", args=[journey.uuid, "send"]), {"on": today, "key": uuid.uuid4()}
    )
    moved = client.post(
        f"{reverse('supply:book', args=[warehouse.uuid])}?kind=moved",
        {
            "line": rice.uuid, "unit": rice.uuid, "number": "10", "occurred_on": today.isoformat(),
            "key": uuid.uuid4(), "destination": oak.store.uuid,
        },
    )  # fmt: skip
    for answer in (sent, moved):
        assert answer.status_code == 422
        assert text_of(answer).count(f"OAK was closed on {day}. Nothing goes there:") == 1


# --- lost routes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["lost", "closed"])
def test_nothing_goes_over_a_lost_route(state, client, plan, pack, page, step, warehouse, rice, today):
    f.receive(warehouse, rice, 100)
    route, end = f.RouteFactory(code="RN-09"), f.RecipientFactory().place
    made = plan(5, route=route)
    pack(made)
    f.RouteStatusFactory(route=route, state=state, since=today)
    journey = {"planned_on": today, "key": uuid.uuid4(), "route": route.uuid, "courier": "", "note": ""}
    answer = client.post(reverse("supply:plan_consignment"), journey | lines((rice, "5", end)))
    assert answer.status_code == 422
    assert "Choose another route." in answer.context["form"].errors["route"][0]
    other = plan(3)
    answer = client.post(reverse("supply:change_journey", args=[other.uuid]), journey)
    assert "RN-09 is" in answer.context["form"].errors["route"][0]
    answer = client.post(
        reverse("supply:take_step", args=[made.uuid, "send"]), {"on": today, "key": uuid.uuid4()}
    )
    assert answer.status_code == 422
    assert "nothing goes over it" in text_of(answer)
    assert "nothing goes over it" in page(made)
    assert text_of(client.get(reverse("supply:consignments"))).count("do not send") == 1
    with pytest.raises(IntegrityError, match="lost or closed"), transaction.atomic():
        f.ConsignmentStepFactory(consignment=made, kind="sent")
    # A note is changed, another route chosen, and it goes.
    journey |= {"note": "by night"}
    assert client.post(reverse("supply:change_journey", args=[made.uuid]), journey).status_code == 302
    journey |= {"route": f.RouteFactory().uuid}
    assert client.post(reverse("supply:change_journey", args=[made.uuid]), journey).status_code == 302
    made.refresh_from_db()
    assert "nothing goes over it" not in page(made)
    assert "do not send" not in text_of(client.get(reverse("supply:consignments")))
    assert step(services.send_consignment, made).pk


def test_nothing_is_packed_over_a_route_that_was_lost_after_the_plan(
    client, plan, pack, warehouse, rice, today
):
    f.receive(warehouse, rice, 100)
    made = plan(10, route=f.RouteFactory(code="RN-08"))
    f.RouteStatusFactory(route=made.route, state="lost", since=today)
    with pytest.raises(services.RouteNotPassable, match="RN-08 is lost: nothing goes over it"):
        pack(made)
    made.refresh_from_db()
    assert made.state == "planned"
    (line,) = made.lines.all()
    sent = {"on": today, "key": uuid.uuid4(), f"amount-{line.uuid}": "10 kg", f"lot-{line.uuid}": ""}
    answer = client.post(reverse("supply:pack_consignment", args=[made.uuid]), sent)
    assert answer.status_code == 422
    assert "RN-08 is lost: nothing goes over it. Choose another route." in text_of(answer)


def test_what_is_under_way_over_a_lost_route_is_warned_of_and_may_still_end(
    client, plan, under_way, step, amounts, page, today
):
    route, register = f.RouteFactory(code="RN-09"), reverse("supply:consignments")
    made, waits, other = under_way(5, route=route), plan(5, route=route), under_way(5, route=f.RouteFactory())
    f.RouteStatusFactory(route=route, state="open", since=today - timedelta(days=9))
    assert "call the courier" not in text_of(client.get(register))
    f.RouteStatusFactory(route=route, state="lost", since=today)
    assert "RN-09 is lost. Call the courier: nothing goes over it." in page(made)
    assert "RN-09 is lost: nothing goes over it. Choose another route." in page(waits)
    assert "Call the courier" not in page(waits) + page(other)
    assert text_of(client.get(register)).count("call the courier") == 1
    assert step(services.receive_part, made, amounts=amounts(made, 5)).pk
    assert "RN-09 is lost" not in page(made)
    assert "call the courier" not in text_of(client.get(register))


def test_a_route_that_opens_later_does_not_keep_the_others_from_their_drafts(client, warehouse, today):
    kept, waits = (f.StandingPlanLineFactory(plan__source=warehouse).plan for _plan in range(2))
    f.RouteStatusFactory(route=waits.route, state="lost", since=today)
    f.RouteStatusFactory(route=waits.route, state="open", since=today + timedelta(days=3))
    assert "1 draft was made." in text_of(client.post(reverse("supply:make_drafts"), follow=True))
    assert Consignment.objects.get().plan == kept


# --- the office moves stock --------------------------------------------------------------------------------


@SHUT
def test_the_office_moves_nothing_to_a_shut_shelter(shut, client, stocked, oak, warehouse, rice, today):
    address = f"{reverse('supply:book', args=[stocked.store.uuid])}?kind=moved"
    data = {"line": rice.uuid, "unit": rice.uuid, "number": "10", "occurred_on": today.isoformat()}
    to_oak = data | {"key": uuid.uuid4(), "destination": oak.store.uuid}
    assert str(oak.store.uuid) in client.get(address).content.decode()
    answer = client.post(address, to_oak, follow=True)
    assert "moved to OAK" in text_of(answer)
    shut(oak, today)
    assert str(oak.store.uuid) not in client.get(address).content.decode()
    again = client.post(address, to_oak, follow=True)  # sent twice: the first answer
    assert "moved to OAK" in text_of(again)
    refused = client.post(address, to_oak | {"key": uuid.uuid4()})
    assert refused.status_code == 422
    assert NOT_THERE in refused.context["form"].errors["destination"][0]
    assert selectors.held(oak.store, rice) == Decimal(10)


def test_a_plan_that_is_over_is_not_ended_again(client, today):
    over = f.StandingPlanLineFactory(
        plan__from_month=date(2026, 1, 1), plan__until_month=date(2026, 2, 1)
    ).plan
    shown = client.get(reverse("supply:plans"))
    assert over.route.code in text_of(shown)
    assert "End the plan" not in text_of(shown)
