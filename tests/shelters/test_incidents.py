"""Incidents: who records, who reads what, and what the database refuses."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.urls import reverse

from core.identity import acting_as
from core.sealed import CannotOpen, open_value
from shelters import selectors, services
from shelters.models import Incident, IncidentNote, IncidentPayment, IncidentPeople
from tests import factories as f
from tests.openings import attempt
from tests.shelters.test_pages import text_of
from tests.shelters.test_rules import breaks

pytestmark = pytest.mark.django_db
MARCH_9 = date(2026, 3, 9)


@pytest.fixture
def filled(willow, today):
    """The form of a raid at Willow today, as a phone sends it, with a fresh key."""

    def made(**values):
        common = {"kind": "raid", "shelter": str(willow.uuid), "starts": today.isoformat(), "ends": ""}
        struck = {"people_residents": "3", "people_children": "", "people_staff": "~1"}
        told = {"note": "The cook was taken away", "key": str(uuid.uuid4())}
        return common | struck | told | values

    return made


@pytest.fixture
def raid(willow):
    """At Willow, with a sealed note."""
    incident = f.IncidentFactory(code="I-RAID", shelter=willow)
    f.IncidentNoteFactory(incident=incident, note="The cook was taken away")
    return incident


@pytest.fixture
def lost(db):
    """An arrest on a route, no shelter in it."""
    incident = f.IncidentFactory(
        code="I-LOST", kind="arrest", shelter=None, route=f.RouteFactory(code="RN-77")
    )
    f.IncidentNoteFactory(incident=incident, note="Two guides of the east")
    return incident


def page(client, incident):
    return client.get(reverse("shelters:incident", args=[incident.uuid]))


# --- recording -----------------------------------------------------------------------------------------


def test_field_staff_record_an_incident_of_their_shelter(as_user, hana, willow, filled, today):
    client = as_user(hana)
    response = client.post(reverse("shelters:log_incident"), filled(ends=""))
    incident = Incident.objects.get()
    assert response.url == reverse("shelters:incident", args=[incident.uuid])
    assert (incident.shelter, incident.kind, incident.starts_on, incident.by) == (willow, "raid", today, hana)
    assert {(row.kind, str(row.quantity)) for row in incident.people.all()} == {
        ("residents", "3"),
        ("staff", "about 1"),
    }
    shown = text_of(client.get(response.url))
    assert "staff: about 1" in shown
    assert "The cook" not in shown


def test_the_same_form_twice_is_one_incident(as_user, hana, filled):
    client, sent = as_user(hana), filled()
    addresses = {client.post(reverse("shelters:log_incident"), sent).url for _time in range(2)}
    assert len(addresses) == 1
    assert (Incident.objects.count(), IncidentPeople.objects.count(), IncidentNote.objects.count()) == (
        1,
        2,
        1,
    )
    other = client.post(reverse("shelters:log_incident"), sent | {"kind": "fine"})
    assert other.status_code == 422
    assert "already booked with other content" in text_of(other)


def test_a_period_known_by_its_months_is_kept_as_such(as_user, hana, filled):
    client = as_user(hana)
    client.post(reverse("shelters:log_incident"), filled(starts="2025-02", ends="2025-04"))
    incident = Incident.objects.get()
    shown = text_of(client.get(reverse("shelters:incident", args=[incident.uuid])))
    assert "February 2025 · recorded" in shown
    assert "Feb. 1, 2025" not in shown
    assert (incident.starts_on, incident.starts_precision) == (date(2025, 2, 1), "month")
    assert incident.when == "February 2025 – April 2025"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "party"}, "Choose what happened."),
        ({"kind": ""}, "Choose what happened."),
        ({"starts": "yesterday"}, "Write the date as 2012-02-09, 2012-02 or 2012."),
        ({"starts": "2999-01-01"}, "That lies in the future."),
        ({"starts": ""}, "Say when"),
        ({"starts": "2026-02-09", "ends": "2026-02-01"}, "The end lies before the start."),
        ({"people_residents": "many"}, "Write 3, ~3 for about three, or 2-4."),
        ({"people_residents": "-3"}, "Write 3, ~3 for about three, or 2-4."),
        ({"people_residents": "2.5"}, "People are whole."),
        ({"people_residents": "4-2"}, "Write the lower number first"),
        ({"note": "x" * 4001}, "Write at most 4000 characters."),
        ({"key": "x"}, "This page was out of date."),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_recorded(as_user, hana, filled, values, sentence):
    response = as_user(hana).post(reverse("shelters:log_incident"), filled(**values))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Incident.objects.exists()


def test_anothers_shelter_is_not_offered(as_user, hana, maple, filled):
    response = as_user(hana).post(reverse("shelters:log_incident"), filled(shelter=str(maple.uuid)))
    assert response.status_code == 422
    assert "Choose one of the list." in text_of(response)


def test_coordinator_records_those_of_routes(as_user, sora, filled):
    route = f.RouteFactory(code="RN-01")
    client = as_user(sora)
    without = client.post(reverse("shelters:log_incident"), filled(shelter=""))
    assert without.status_code == 422
    client.post(reverse("shelters:log_incident"), filled(shelter="", route=str(route.uuid)))
    assert Incident.objects.get().route == route


def record(by, **values):
    common = {"key": uuid.uuid4(), "today": MARCH_9, "kind": "raid", "starts": (MARCH_9, "day")}
    return services.record_incident(by=by, **common | values)


def test_service_lets_nobody_record_elsewhere(hana, sora, aya, willow, maple):
    route = f.RouteFactory()
    for by, at in (
        (hana, {"shelter": maple}),
        (hana, {"shelter": willow, "route": route}),
        (hana, {}),
        (sora, {"shelter": willow}),
        (aya, {"shelter": willow}),
    ):
        with pytest.raises(PermissionDenied):
            record(by, **at)


def test_database_lets_nobody_record_elsewhere_or_in_anothers_name(hana, jin, sora, aya, willow, maple):
    for by, values in (
        (hana, {"shelter": maple, "by": hana}),
        (hana, {"shelter": willow, "by": jin}),
        (sora, {"shelter": willow, "by": sora}),
        (aya, {"shelter": willow, "by": aya}),
    ):
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(by):
            f.IncidentFactory(**values)
    raid = f.IncidentFactory(shelter=maple)
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(hana):
        f.IncidentPeopleFactory(incident=raid)


# --- going on ------------------------------------------------------------------------------------------


def test_the_timeline_grows_by_notes_and_a_note_sent_twice_is_one(as_user, hana, raid):
    client, address = as_user(hana), reverse("shelters:add_incident_note", args=[raid.uuid])
    sent = {"happened_on": "2026-03-12", "step": "released", "note": "came home", "key": str(uuid.uuid4())}
    for _time in range(2):
        assert client.post(address, sent).url == reverse("shelters:incident", args=[raid.uuid])
    assert raid.notes.count() == 2
    shown = text_of(page(client, raid))
    assert shown.index("recorded") < shown.index("released")
    assert "came home" not in shown


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"happened_on": "2999-01-01"}, "That lies in the future."),
        ({"happened_on": "2026-03-08"}, "The incident began on"),
        ({"happened_on": ""}, "Choose the day."),
        ({"step": "recorded"}, "Choose one of the list."),
    ],
)
def test_bad_note_is_a_sentence(as_user, hana, raid, values, sentence):
    address = reverse("shelters:add_incident_note", args=[raid.uuid])
    sent = {"happened_on": "2026-03-12", "step": "over", "note": "", "key": str(uuid.uuid4())}
    response = as_user(hana).post(address, sent | values)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert raid.notes.count() == 1


def test_what_was_paid_is_as_exact_as_it_is_known(as_user, hana, raid):
    fund = f.FundFactory(name="Emergency fund")
    client, address = as_user(hana), reverse("shelters:add_incident_payment", args=[raid.uuid])
    sent = {"amount": "３,000-4,000", "currency": "CNY", "payer": "the office", "paid_from": str(fund.uuid)}
    keyed = sent | {"key": str(uuid.uuid4())}
    for _time in range(2):
        assert client.post(address, keyed).status_code == 302
    payment = IncidentPayment.objects.get()
    assert (payment.value, payment.value_upper, payment.qualifier) == (3000, 4000, "range")
    assert "CN¥3,000.00 to CN¥4,000.00 · the office · Emergency fund" in text_of(page(client, raid))
    for amount, sentence in (("0", "above zero"), ("", "Say how much"), ("much", "Write 3, ~3")):
        response = client.post(address, sent | {"amount": amount, "key": str(uuid.uuid4())})
        assert response.status_code == 422
        assert sentence in text_of(response)


def test_nothing_is_chosen_that_nobody_looked_at(as_user, hana, sora, raid, willow, maple):
    def chosen(client, name, *args, **query):
        form = client.get(reverse(f"shelters:{name}", args=args), query).content.decode()
        return re.findall(r'<option value="([^"]+)"[^>]* selected', form)

    client = as_user(hana)
    assert chosen(client, "add_incident_payment", raid.uuid) == []
    f.IncidentPaymentFactory(incident=raid, currency="CNY")
    assert chosen(client, "add_incident_payment", raid.uuid) == ["CNY"]
    assert chosen(client, "add_incident_note", raid.uuid) == []
    assert chosen(client, "log_incident") == [str(willow.uuid)]  # there is no other
    f.PostingFactory(shelter=maple, user=hana)
    assert chosen(client, "log_incident") == []
    assert chosen(client, "log_incident", shelter=maple.uuid) == [str(maple.uuid)]
    assert chosen(as_user(sora), "log_incident") == []


def test_a_change_of_state_is_linked_once_and_none_of_another_shelter(as_user, hana, raid, willow, maple):
    since = raid.starts_on + timedelta(days=1)
    exposed = f.ShelterStatusFactory(shelter=willow, state="exposed", since=since)
    f.ShelterStatusFactory(shelter=willow, state="open", since=raid.starts_on - timedelta(days=1))
    elsewhere = f.ShelterStatusFactory(shelter=maple, state="exposed", since=since)
    assert selectors.states_to_link(raid) == [exposed]
    client, address = as_user(hana), reverse("shelters:link_incident_effect", args=[raid.uuid])
    for _sent_again in range(2):
        assert client.post(address, {"status": str(exposed.uuid)}).status_code == 302
    assert client.post(address, {"status": str(elsewhere.uuid)}).status_code == 422
    assert services.link_incident_effect(by=hana, incident=raid, status=exposed) == raid.effects.get()
    for status in (elsewhere, exposed):
        other = f.IncidentFactory(shelter=willow)
        with pytest.raises(services.EffectOfAnother):
            services.link_incident_effect(by=hana, incident=other, status=status)
    assert "WILLOW exposed" in text_of(page(client, raid))


def test_a_routes_state_is_linked_by_the_coordinator(as_user, sora, aya, lost):
    closed = f.RouteStatusFactory(route=lost.route, state="lost", since=lost.starts_on)
    client, address = as_user(sora), reverse("shelters:link_incident_effect", args=[lost.uuid])
    for _sent_again in range(2):
        assert client.post(address, {"status": str(closed.uuid)}).status_code == 302
    assert selectors.effects(lost) == [closed]
    of_routes_it_knows_nothing = page(as_user(aya), lost).content.decode()
    assert "No change of state that you may see is linked." in of_routes_it_knows_nothing
    assert "None" not in of_routes_it_knows_nothing
    assert selectors.states_to_link(lost) == []


def test_who_only_reads_goes_on_with_nothing(as_user, sora, aya, raid, lost):
    address = reverse("shelters:add_incident_note", args=[raid.uuid])
    assert as_user(sora).get(address).status_code == 403
    assert as_user(aya).get(reverse("shelters:add_incident_note", args=[lost.uuid])).status_code == 403
    for by, incident in ((sora, raid), (aya, lost)):
        with pytest.raises(PermissionDenied):
            services.add_incident_note(
                by=by, incident=incident, key=uuid.uuid4(), today=MARCH_9, happened_on=MARCH_9, step="over"
            )


# --- who reads what ------------------------------------------------------------------------------------


def test_office_reads_codes_and_numbers_and_no_word_about_persons(as_user, sora, aya, otto, raid):
    f.IncidentPeopleFactory(incident=raid, value=4)
    for reader in (sora, aya, otto):
        client = as_user(reader)
        for shown in (text_of(page(client, raid)), text_of(client.get(reverse("shelters:incidents")))):
            assert "I-RAID" in shown
            assert "residents: 4" in shown
            assert "cook" not in shown
        assert (
            reverse("shelters:reveal_incident_note", args=[raid.notes.get().uuid])
            not in page(client, raid).content.decode()
        )


def test_a_note_is_opened_by_who_tells_the_incident_alone(hana, jin, sora, aya, raid, lost):
    at_willow, on_route = raid.notes.get(), lost.notes.get()
    assert attempt(hana, at_willow, "note").value == "The cook was taken away"
    assert attempt(sora, on_route, "note").value == "Two guides of the east"
    for reader, note in ((jin, at_willow), (sora, at_willow), (aya, at_willow), (hana, on_route)):
        assert attempt(reader, note, "note").value is None
        with pytest.raises(CannotOpen), acting_as(reader):
            open_value(note, "note")


def test_field_staff_see_their_own_alone(as_user, hana, jin, raid, lost):
    assert "I-RAID" in text_of(as_user(hana).get(reverse("shelters:incidents")))
    shown = text_of(as_user(jin).get(reverse("shelters:incidents")))
    assert "I-RAID" not in shown
    assert "I-LOST" not in shown


def test_register_filters_and_exports_in_one_query_count(
    as_user, otto, raid, lost, django_assert_num_queries
):
    client, address = as_user(otto), reverse("shelters:incidents")
    for more in (0, 20):
        for _row in range(more):
            incident = f.IncidentFactory()
            f.IncidentPeopleFactory(incident=incident)
            f.IncidentPaymentFactory(incident=incident)
        with django_assert_num_queries(10):
            client.get(address)
    shown = text_of(client.get(address, {"kind": "arrest"}))
    assert "I-LOST" in shown
    assert "I-RAID" not in shown
    exported = client.get(address, {"kind": "arrest", "export": "csv"})
    assert exported.status_code == 200
    assert re.findall(r"I-\w+", exported.content.decode()) == ["I-LOST"]


# --- counted -------------------------------------------------------------------------------------------


def test_incidents_of_a_year_by_kind_without_mistakes(willow):
    for day, kind in ((date(2025, 9, 1), "raid"), (MARCH_9, "raid"), (date(2026, 8, 31), "fine")):
        f.IncidentPeopleFactory(incident=f.IncidentFactory(starts_on=day, kind=kind))
    f.IncidentPeopleFactory(incident=f.IncidentFactory(starts_on=date(2026, 9, 1)))
    f.IncidentNoteFactory(incident=f.IncidentFactory(starts_on=MARCH_9), step="mistake")
    vague = f.IncidentFactory(starts_on=MARCH_9, kind="ransom")
    f.IncidentPeopleFactory(incident=vague, value=2, qualifier="about")
    year = (date(2025, 9, 1), date(2026, 8, 31))
    kinds = selectors.incidents_between(*year).values_list("kind", flat=True)
    assert sorted(kinds) == ["fine", "raid", "raid", "ransom"]


# --- what the database refuses -------------------------------------------------------------------------


def _twice(factory, **values):
    factory(**values)
    factory(**values)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("incident_one_per_key", lambda: _twice(f.IncidentFactory, key=uuid.uuid4())),
        ("incident_ends_after_it_starts", lambda: f.IncidentFactory(ends_on=date(2026, 3, 8))),
        ("incident_no_invented_day", lambda: f.IncidentFactory(starts_precision="month")),
        (
            "incident_people_once_a_kind",
            lambda: _twice(f.IncidentPeopleFactory, incident=f.IncidentFactory()),
        ),
        ("incident_people_not_negative", lambda: f.IncidentPeopleFactory(value=-1)),
        ("incidentpeople_range_has_two_ends", lambda: f.IncidentPeopleFactory(qualifier="range")),
        ("incidentpeople_value_unless_uncounted", lambda: f.IncidentPeopleFactory(value=None)),
        ("incident_payment_one_per_key", lambda: _twice(f.IncidentPaymentFactory, key=uuid.uuid4())),
        ("incident_payment_is_something", lambda: f.IncidentPaymentFactory(value=0)),
        ("incidentpayment_range_has_two_ends", lambda: f.IncidentPaymentFactory(value_upper=9000)),
        ("incidentpayment_value_unless_uncounted", lambda: f.IncidentPaymentFactory(value=None)),
        ("incident_effect_on_one_thing", lambda: f.IncidentEffectFactory(shelter_status=None)),
        (
            "incident_effect_on_one_thing",
            lambda: f.IncidentEffectFactory(route_status=f.RouteStatusFactory()),
        ),
        ("incident_note_one_per_key", lambda: _twice(f.IncidentNoteFactory, key=uuid.uuid4())),
    ],
)
def test_incident_rules(name, make):
    with breaks(name):
        make()


def test_list_says_on_a_phone_too_what_was_recorded_by_mistake(as_user, hana, willow):
    incident = f.IncidentFactory(shelter=willow)
    f.IncidentNoteFactory(incident=incident, step="mistake")
    page = as_user(hana).get(reverse("shelters:incidents")).content.decode()
    cell = page[: page.index("recorded by mistake")].rpartition("<td")[2]
    assert "d-none" not in cell
