"""The pages of the door: the value only in the answer to the POST, refusals that stay in the log."""

import html
import re
import uuid
from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import RevealEntry, RevealRequest
from tests import factories
from tests.openings import agree, asked, attempt

ADDRESS = {"field": "address", "purpose": "a doctor comes"}


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def page(willow):
    return reverse("shelters:reveal_address", args=[willow.uuid])


# --- the value ---------------------------------------------------------------------------------------------


def test_the_value_is_in_the_answer_to_the_post_alone(one_is_enough, as_user, hana, page):
    client = as_user(hana)
    assert "Hidden Lane" not in text_of(client.get(page))
    response = client.post(page, ADDRESS)
    assert "1 Hidden Lane, Nowhere" in text_of(response)
    assert 'data-leaves-after="60"' in response.content.decode()
    assert response["Cache-Control"] == "no-store, private"
    entry = RevealEntry.objects.get()
    assert (entry.by, entry.subject_label, entry.purpose) == (hana, "WILLOW", "a doctor comes")
    assert "Hidden Lane" not in text_of(client.get(page))
    assert "Hidden" not in str(client.session.items())


def test_a_value_with_markup_is_text(one_is_enough, as_user, hana, willow, page):
    willow.address = "<script>alert(1)</script>"
    willow.save()
    assert b"<script>alert" not in as_user(hana).post(page, ADDRESS).content


def test_one_tap_is_purpose_enough(one_is_enough, as_user, hana, page):
    as_user(hana).post(page, {"field": "address", "why": "illness"})
    as_user(hana).post(page, {"field": "address", "why": "delivery", "purpose": "rice"})
    purposes = RevealEntry.objects.order_by("id").values_list("purpose", flat=True)
    assert list(purposes) == ["Somebody is ill or hurt", "A delivery: rice"]


@pytest.mark.parametrize(
    "wrong", [{"purpose": ""}, {"purpose": "x" * 301}, {"field": "store"}, {"why": "fun"}]
)
def test_a_form_that_is_wrong_opens_nothing(wrong, one_is_enough, as_user, hana, page):
    response = as_user(hana).post(page, ADDRESS | wrong)
    assert response.status_code == 422
    assert "Hidden Lane" not in text_of(response)
    assert not RevealEntry.objects.exists()


@pytest.mark.parametrize(
    ("who", "name", "record", "fields"),
    [
        ("hana", "shelters:reveal_resident", "kim", {"real_name", "note"}),
        ("hana", "foster:reveal_child", "momo", {"real_name", "family", "note"}),
        ("sora", "supply:reveal_route", "path", {"drop_points", "couriers"}),
        ("sora", "supply:reveal_recipient", "house", {"real_name", "address"}),
    ],
)
def test_each_record_has_its_page_with_all_that_is_sealed(
    who, name, record, fields, request, as_user, willow
):
    made = {
        "kim": lambda: factories.StayFactory(shelter=willow).resident,
        "momo": lambda: request.getfixturevalue("momo"),
        "path": lambda: factories.RouteFactory(drop_points="the third bridge"),
        "house": lambda: factories.RecipientFactory(real_name="House of the river"),
    }
    found = made[record]()
    client = as_user(request.getfixturevalue(who))
    address = reverse(name, args=[found.uuid])
    offered = set(re.findall(r'name="field"[^>]*value="(\w+)"', client.get(address).content.decode()))
    assert offered >= fields
    field = sorted(fields)[-1] if record != "path" else "drop_points"
    response = client.post(address, {"field": field, "why": "illness"})
    assert response.status_code == 200
    assert RevealEntry.objects.get().field == field


def test_lists_lead_to_it(as_user, hana, sora, otto, miki, momo, willow):
    stay, route = factories.StayFactory(shelter=willow), factories.RouteFactory()
    recipient = factories.RecipientFactory()
    ways = [
        (hana, "shelters:stock", [willow.uuid], "shelters:reveal_resident", stay.resident),
        (hana, "foster:near", [], "foster:reveal_child", momo),
        (miki, "foster:child", [momo.uuid], "foster:reveal_child", momo),
        (sora, "supply:routes", [], "supply:reveal_route", route),
        (sora, "supply:recipients", [], "supply:reveal_recipient", recipient),
    ]
    for who, name, arguments, opening, record in ways:
        shown = as_user(who).get(reverse(name, args=arguments)).content.decode()
        assert reverse(opening, args=[record.uuid]) in shown
    register = as_user(otto).get(reverse("supply:recipients")).content.decode()
    assert str(recipient.uuid) not in register
    for export in ("csv", "xlsx"):
        sheet = as_user(sora).get(reverse("supply:routes"), {"export": export}).content
        assert b"Sealed" not in sheet
        assert str(route.uuid).encode() not in sheet


def test_field_staff_find_the_children_near_them_alone(as_user, hana, momo, taro):
    shown = text_of(as_user(hana).get(reverse("foster:near")))
    assert "Momo" in shown
    assert "Taro" not in shown


# --- refusals that stay ------------------------------------------------------------------------------------


def test_over_the_limit_is_a_sentence_and_stays_in_the_log(one_is_enough, as_user, hana, page):
    factories.RevealEntryFactory.create_batch(5, by=hana)
    response = as_user(hana).post(page, ADDRESS)
    assert response.status_code == 422
    assert "that is the limit" in text_of(response)
    assert RevealEntry.objects.filter(outcome="refused_quota").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_refusal_outlives_the_transaction_of_its_request(one_is_enough, as_user, hana, aya, jin, page):
    factories.RevealEntryFactory.create_batch(5, by=hana)
    assert as_user(hana).post(page, ADDRESS).status_code == 422
    assert as_user(aya).post(page, ADDRESS).status_code == 403
    assert as_user(jin).post(page, ADDRESS).status_code == 404
    log = RevealEntry.objects.exclude(outcome="opened").order_by("id")
    assert [(entry.by.name, entry.outcome) for entry in log] == [
        ("Hana", "refused_quota"), ("Aya", "refused_right"), ("Jin", "refused_right"),
    ]  # fmt: skip


def test_a_foreign_record_and_none_at_all_leave_the_same_row_and_the_same_bytes(as_user, jin, willow, page):
    nowhere = reverse("shelters:reveal_address", args=[uuid.uuid4()])
    foreign, missing = (as_user(jin).post(address, ADDRESS) for address in (page, nowhere))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    first, second = RevealEntry.objects.order_by("id")
    assert {first.outcome, second.outcome} == {"refused_right"}
    assert first.subject_label == second.subject_label == ""
    assert as_user(jin).get(page).content == as_user(jin).get(nowhere).content == missing.content


def test_while_the_keys_are_away_nothing_is_opened_and_no_agreement_used_up(
    as_user, hana, nari, willow, settings, tmp_path
):
    request = agree(nari, asked(hana, willow))
    there, settings.SEALING_KEY_FILE = settings.SEALING_KEY_FILE, str(tmp_path / "taken-out.key")
    client, address = as_user(hana), reverse("accounts:asked", args=[request.uuid])
    assert client.post(address).status_code == 503
    settings.SEALING_KEY_FILE = there
    assert "1 Hidden Lane, Nowhere" in text_of(client.post(address))
    assert RevealEntry.objects.filter(outcome="opened").count() == 1


def test_a_look_is_no_attempt_and_a_stranger_leaves_no_row(as_user, client, aya, jin, page):
    as_user(aya).get(page)
    as_user(jin).get(page)
    client.post(page, ADDRESS)
    assert not RevealEntry.objects.exists()


def test_odd_letters_in_a_refused_attempt_break_nothing(as_user, aya, page):
    body = {"field": "f" * 500, "purpose": "p\0" * 500}
    assert as_user(aya).post(page, body).status_code == 403
    assert len(RevealEntry.objects.get().purpose) == 300


# --- the second person -------------------------------------------------------------------------------------


def test_two_people_open_an_address(as_user, hana, nari, page):
    first, second = as_user(hana), as_user(nari)
    waiting = first.post(page, ADDRESS).url
    assert "Nari" in text_of(first.get(waiting))
    assert 'hx-trigger="every 4s"' in first.get(waiting).content.decode()
    poll = first.get(waiting, headers={"HX-Request": "true"})
    assert (poll.status_code, poll.content) == (204, b"")  # the page stays as it is, and asks again
    assert "Hana" in text_of(second.get(reverse("home"), follow=True))
    listed = text_of(second.get(reverse("accounts:waiting")))
    assert "WILLOW" in listed
    assert "a doctor comes" in listed
    assert "Hidden" not in listed
    request = RevealRequest.objects.get()
    answered = second.post(reverse("accounts:answer", args=[request.uuid]), {"answer": "agree"}, follow=True)
    assert "Hana can go on now" in text_of(answered)
    poll = first.get(waiting, headers={"HX-Request": "true"})
    assert "Open now" in text_of(poll)
    assert "Call one of them" not in text_of(poll)
    assert "hx-trigger" not in poll.content.decode()
    assert "<html" not in poll.content.decode()
    assert "1 Hidden Lane, Nowhere" in text_of(first.post(waiting))
    used = first.post(waiting)
    assert "an agreement serves once" in text_of(used)
    assert RevealRequest.objects.count() == 1


def test_declined_is_told_and_can_be_asked_again(as_user, hana, nari, willow, page):
    request = asked(hana, willow)
    as_user(nari).post(reverse("accounts:answer", args=[request.uuid]), {"answer": "decline"})
    told = as_user(hana).get(reverse("accounts:asked", args=[request.uuid]))
    assert "Nari declined" in text_of(told)
    assert page in told.content.decode()


def test_an_open_request_is_found_again_on_the_page(as_user, hana, willow, page):
    request = asked(hana, willow)
    assert reverse("accounts:asked", args=[request.uuid]) in as_user(hana).get(page).content.decode()


def test_the_second_person_never_opens_it(as_user, hana, nari, aya, willow):
    request = asked(hana, willow)
    for other in (nari, aya):
        address = reverse("accounts:asked", args=[request.uuid])
        assert as_user(other).get(address).status_code == 404
        assert as_user(other).post(address).status_code == 404


def test_nobody_answers_their_own(as_user, hana, willow):
    request = asked(hana, willow)
    answer = as_user(hana).post(reverse("accounts:answer", args=[request.uuid]), {"answer": "agree"})
    assert answer.status_code == 404
    request.refresh_from_db()
    assert request.state == "waiting"


def test_who_agreed_and_was_locked_down_does_not_serve_and_another_is_asked(
    as_user, hana, nari, aya, willow, page
):
    phone, request = as_user(hana), agree(nari, asked(hana, willow))
    services.lock_down(by=aya, person=nari, reason="arrested")
    here = reverse("accounts:asked", args=[request.uuid])
    told = phone.get(here)
    assert "Nari agreed, but their log-in is closed now" in text_of(told)
    assert page in told.content.decode()
    assert text_of(phone.post(here)) == text_of(told)
    waiting = phone.post(page, ADDRESS).url
    assert waiting != here
    assert "Aya" in text_of(phone.get(waiting))
    agree(aya, RevealRequest.objects.get(state="waiting"))
    assert "1 Hidden Lane, Nowhere" in text_of(phone.post(waiting))


def test_who_lost_sight_meanwhile_opens_nothing(as_user, hana, nari, willow, today):
    request = agree(nari, asked(hana, willow))
    willow.postings.filter(user=hana).update(days=DateRange(date(2020, 1, 1), today))
    response = as_user(hana).post(reverse("accounts:asked", args=[request.uuid]))
    assert response.status_code == 404
    assert not RevealEntry.objects.filter(outcome="opened").exists()


def test_the_poll_tells_that_the_time_was_over(as_user, hana, willow):
    long_ago = timezone.now() - timedelta(minutes=16)
    request = factories.RevealRequestFactory(asked_by=hana, of=willow, asked_at=long_ago)
    address = reverse("accounts:asked", args=[request.uuid])
    poll = as_user(hana).get(address, headers={"HX-Request": "true"})
    assert "The time was over" in text_of(poll)


# --- what it costs: the same for one and for many -------------------------------------------------------


def colleagues(shelter, number: int) -> None:
    for _turn in range(number):
        factories.PostingFactory(shelter=shelter, user=factories.UserFactory(role="field_staff"))


@pytest.mark.parametrize("number", [1, 11])
def test_waiting_costs_the_same_for_many_colleagues(
    as_user, hana, aya, willow, number, django_assert_num_queries
):
    colleagues(willow, number)
    client, address = as_user(hana), reverse("accounts:asked", args=[asked(hana, willow).uuid])
    with django_assert_num_queries(16):
        page = client.get(address).content.decode()
    assert page.count("<strong>") == number + 1
    with django_assert_num_queries(7):
        assert client.get(address, headers={"HX-Request": "true"}).status_code == 204


@pytest.mark.parametrize("number", [1, 11])
@pytest.mark.parametrize("who", ["nari", "ren", "sora", "aya"])
def test_what_waits_for_a_person_costs_the_same_for_many(
    who, number, request, as_user, momo, willow, django_assert_num_queries
):
    client = as_user(request.getfixturevalue(who))
    wait_for_all(willow, momo, number)
    with django_assert_num_queries(7):
        page = client.get(reverse("accounts:waiting")).content.decode()
    assert page.count("<section") >= number


def wait_for_all(shelter, child, number: int) -> None:
    """So many requests about a shelter, a child and a route, each of another person."""
    for record, field in (
        (shelter, "address"), (child, "real_name"), (factories.RouteFactory(), "couriers"),
    ):  # fmt: skip
        factories.RevealRequestFactory.create_batch(number, of=record, field=field)


@pytest.mark.parametrize("number", [1, 11])
@pytest.mark.parametrize(
    ("who", "tiles", "queries"),
    [
        ("nari", 2, 14),  # at one shelter
        ("jin", 2, 15),  # at two
        ("sora", 1, 15),
        ("miki", 1, 14),
        ("kenji", 0, 13),
        ("aya", 3, 14),
        ("otto", 0, 11),
        ("yuki", 0, 10),
    ],
)
def test_start_page_costs_the_same_however_many_wait(
    who, tiles, queries, number, request, as_user, momo, momos_sponsor, willow, maple, jin,
    django_assert_num_queries,
):  # fmt: skip
    factories.PostingFactory(user=jin, shelter=willow)
    client = as_user(request.getfixturevalue(who))
    start = client.get(reverse("home"), follow=True).request["PATH_INFO"]
    wait_for_all(willow, momo, number)
    with django_assert_num_queries(queries):
        page = client.get(start).content.decode()
    assert page.count("Waiting for a second person: ") == tiles * number


# --- the log -----------------------------------------------------------------------------------------------


def test_openings_are_read_filtered_and_never_hold_a_value(one_is_enough, as_user, hana, nari, otto, willow):
    attempt(hana, willow, purpose="a doctor")
    attempt(nari, willow, "contact", purpose="a delivery")
    client, register = as_user(otto), reverse("accounts:openings")
    shown = text_of(client.get(register))
    for word in ("Hana", "Nari", "WILLOW", "shelter", "address", "a doctor", "opened"):
        assert word in shown
    assert "Hidden" not in shown
    assert "Hidden" not in client.get(register, {"export": "csv"}).content.decode("utf-8-sig")
    for query, left in (
        ({"by": hana.pk}, 1),
        ({"outcome": "asked"}, 0),
        ({"subject_type": "shelters.shelter"}, 2),
        ({"until": "2020-01-01"}, 0),
        ({"raised_alarm": "true"}, 0),
    ):
        assert f"{left} row" in text_of(client.get(register, query))
    found = client.post(register, {"q": "delivery"}, follow=True)
    assert "1 row" in text_of(found)


def test_the_auditor_sees_that_the_second_person_is_switched_off(as_user, otto, hana, willow, settings):
    register = reverse("accounts:openings")
    assert "switched off" not in text_of(as_user(otto).get(register))
    settings.REVEAL_NEEDS_TWO = False
    assert "is switched off" in text_of(as_user(otto).get(register))
    attempt(hana, willow)
    assert "In the trail since" in text_of(as_user(otto).get(register))
