"""Who was handed on and does not come is lost to nobody; and who is overdue is marked."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from core.identity import acting_as
from core.models import OutboxMessage
from shelters import selectors, services
from shelters.models import Shelter, Stay
from shelters.tasks import call_for_missing
from tests import factories as f
from tests.shelters.test_people_pages import text_of

pytestmark = pytest.mark.django_db
MISSING = "X-9 did not arrive where they were handed on to"


@pytest.fixture
def tap(as_user, today):
    """`tap(hana, "leave", stay, outcome="died")`: a form or a button on somebody's phone; the page after."""

    def send(who, name, record, **values):
        told = {"day": str(today), "key": str(uuid.uuid4())} | values
        return as_user(who).post(reverse(f"shelters:{name}", args=[record.uuid]), told, follow=True)

    return send


@pytest.fixture
def page(as_user):
    return lambda who, shelter: text_of(as_user(who).get(reverse("shelters:stock", args=[shelter.uuid])))


@pytest.fixture
def guest(maple, jin, today):
    """Three days at Maple, where Jin works."""
    nights = DateRange(today - timedelta(days=3), None)
    return f.StayFactory(resident=f.ResidentFactory(code="X-9"), shelter=maple, nights=nights)


@pytest.fixture
def handed_on(tap, jin, hana, willow):
    """`handed_on(stay)`: Jin hands somebody on to Willow; the stay that Hana expects."""

    def hand(stay):
        tap(jin, "leave", stay, outcome="moved", to="elsewhere", to_code="WILLOW")
        return Stay.objects.expected().get(resident=stay.resident, shelter=willow)

    return hand


def missed(shelter) -> Stay:
    return Stay.objects.expected().get(shelter=shelter, is_missing=True)


def test_who_is_not_coming_stands_where_they_were_handed_on(
    tap, page, handed_on, guest, hana, jin, willow, maple, today
):
    assert "did not arrive" not in page(jin, maple)
    tap(hana, "call_off", handed_on(guest))
    assert MISSING in page(jin, maple)
    assert "X-9" not in page(hana, willow)
    assert call_for_missing() == 1
    assert call_for_missing() == 0
    mail = OutboxMessage.objects.get(to_user_id=jin.pk)
    assert "something needs you" in mail.body
    assert "X-9" not in mail.subject + mail.body
    assert selectors.heads_on(maple, today) == 0
    tomorrow = selectors.heads_by_night(
        Shelter.objects.filter(pk=maple.pk), today, today + timedelta(days=1), planned_after=today
    )
    assert tomorrow[maple.pk] == [0, 0]


def test_they_stand_there_until_it_is_said_what_became_of_them(
    tap, page, handed_on, guest, hana, jin, maple, today
):
    tap(hana, "call_off", handed_on(guest))
    stay = missed(maple)
    assert "Say what became of them" in text_of(tap(jin, "call_off", stay))
    assert MISSING in page(jin, maple)
    told = {"outcome": "arrested", "key": str(uuid.uuid4())}
    for _time in range(2):
        assert "X-9 left: arrested." in text_of(tap(jin, "leave", stay, **told))
    stay.refresh_from_db()
    assert (stay.outcome, stay.cancelled_at is None) == ("arrested", False)
    assert "did not arrive" not in page(jin, maple)


def test_the_shelters_page_begins_with_of_whom_nothing_is_said(
    tap, page, handed_on, guest, as_user, hana, jin, maple, today
):
    tap(hana, "call_off", handed_on(guest))
    f.StayFactory(shelter=maple, is_planned=True, nights=DateRange(today - timedelta(days=2), None))
    f.StayFactory(
        shelter=maple,
        nights=DateRange(today - timedelta(days=9), None),
        leaves_on=today - timedelta(days=1),
    )
    shown = page(jin, maple)
    for sentence in (
        "1 person handed on did not arrive: say what became of them.",
        "1 guest was expected before today.",
        "1 person was to leave before today.",
    ):
        assert sentence in shown
    leave = as_user(jin).get(reverse("shelters:leave", args=[missed(maple).uuid]))
    assert "What became of X-9" in text_of(leave)


def test_who_came_back_is_there_and_missed_no_more(tap, page, handed_on, guest, hana, jin, maple, today):
    tap(hana, "call_off", handed_on(guest))
    stay = missed(maple)
    assert "X-9 is here since" in text_of(tap(jin, "came", stay))
    assert selectors.heads_on(maple, today) == 1
    tap(jin, "call_off", stay)  # the wrong line
    assert missed(maple) != stay
    assert selectors.heads_on(maple, today) == 0


def test_who_is_handed_on_again_is_missed_again(tap, handed_on, guest, hana, jin, maple):
    tap(hana, "call_off", handed_on(guest))
    first = missed(maple)
    again = handed_on(first)
    first.refresh_from_db()
    assert first.outcome == "moved"
    tap(hana, "call_off", again)
    assert missed(maple) != first


def test_who_is_found_at_another_shelter_is_missed_no_more(
    tap, page, handed_on, guest, hana, jin, maple, today
):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=jin, shelter=oak)
    tap(hana, "call_off", handed_on(guest))
    tap(jin, "come_back", oak, code="X-9")
    assert "did not arrive" not in page(jin, maple)
    assert [stay.shelter for stay in Stay.objects.on(today)] == [oak]


def test_an_arrival_that_was_a_slip_loses_nobody_who_was_handed_on(tap, handed_on, guest, hana, maple, today):
    stay = handed_on(guest)
    tap(hana, "came", stay)
    tap(hana, "call_off", stay)
    assert missed(maple).resident == guest.resident


def test_who_moves_on_to_another_of_ones_shelters_is_not_missed_until_that_was_a_slip(
    tap, handed_on, guest, hana, willow, maple
):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    stay = handed_on(guest)
    tap(hana, "came", stay)
    tap(hana, "leave", stay, outcome="moved", to=str(oak.uuid))
    at_oak = Stay.objects.get(shelter=oak, is_planned=False)
    with connection.cursor() as cursor:  # as at the end of the request
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    assert not Stay.objects.filter(is_missing=True).exists()
    tap(hana, "call_off", at_oak)
    assert missed(maple).resident == guest.resident


def test_who_is_handed_on_is_expected_here_no_more(tap, hana, willow, maple):
    tap(hana, "arrive", willow, is_planned="on")
    stay = Stay.objects.get()
    tap(hana, "leave", stay, outcome="moved", to="elsewhere", to_code="MAPLE")
    assert [one.shelter for one in Stay.objects.expected()] == [maple]
    assert Stay.objects.get(shelter=maple).came_from == willow


def test_a_handing_on_that_was_a_slip_is_taken_back_on_both_sides(
    tap, page, handed_on, guest, hana, jin, willow, maple, today
):
    handed_on(guest)
    tap(jin, "take_back_outcome", guest)
    assert "X-9" not in page(hana, willow)
    assert [stay.shelter for stay in Stay.objects.on(today)] == [maple]
    assert not Stay.objects.filter(is_missing=True).exists()


def test_a_move_taken_back_ends_the_search(tap, handed_on, guest, hana, jin, maple, today):
    tap(hana, "call_off", handed_on(guest))
    tap(jin, "take_back_outcome", guest)
    assert not Stay.objects.expected().exists()
    assert selectors.heads_on(maple, today) == 1


@pytest.mark.parametrize("to", ["oak", "elsewhere"])
def test_what_is_told_of_who_is_missing_and_goes_on_is_kept(to, tap, handed_on, guest, hana, jin, maple):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=jin, shelter=oak)
    tap(hana, "call_off", handed_on(guest))
    stay = missed(maple)
    where = str(oak.uuid) if to == "oak" else "elsewhere"
    tap(jin, "leave", stay, outcome="moved", to=where, to_code="WILLOW", note="Came on foot at night.")
    stay.refresh_from_db()
    assert (stay.outcome, bool(stay.note)) == ("moved", True)


def test_what_was_said_of_who_is_missing_is_taken_back_on_that_day(
    tap, page, handed_on, guest, hana, jin, maple, time_machine
):
    tap(hana, "call_off", handed_on(guest))
    stay = missed(maple)
    tap(jin, "leave", stay, outcome="died", note="Not sure.")
    shown = page(jin, maple)
    assert "Who left, as said today" in shown
    assert MISSING not in shown
    for _time in range(2):
        assert "X-9 is looked for again." in text_of(tap(jin, "take_back_outcome", stay))
    assert missed(maple) == stay
    assert bool(missed(maple).note)
    assert MISSING in page(jin, maple)
    tap(jin, "leave", stay, outcome="arrested")
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert "Only what was said today can be taken back" in text_of(tap(jin, "take_back_outcome", stay))


def test_who_was_found_since_is_not_missed_again(tap, handed_on, guest, hana, jin, willow, maple):
    """At a shelter of colleagues; only expected there, the plan falls with what was said."""
    tap(hana, "call_off", handed_on(guest))
    stay = missed(maple)
    again = handed_on(stay)
    tap(jin, "take_back_outcome", stay)
    assert missed(maple) == stay
    again.refresh_from_db()
    assert again.cancelled_at is not None
    tap(hana, "came", handed_on(stay))
    assert "Since then this person has come somewhere" in text_of(tap(jin, "take_back_outcome", stay))
    assert Stay.objects.open().get().shelter == willow


def test_who_is_missing_is_expected_back_only_where_that_is_said(tap, handed_on, guest, hana, jin, maple):
    tap(hana, "call_off", handed_on(guest))
    answer = tap(jin, "come_back", maple, code="X-9", is_planned="on")
    assert answer.status_code == 422
    assert "did not arrive where they were handed on to, and are looked for" in text_of(answer)
    assert missed(maple).resident == guest.resident


def test_who_comes_late_is_here_by_their_code(tap, page, handed_on, guest, hana, jin, willow, maple, today):
    called_off = tap(hana, "call_off", handed_on(guest))
    link = reverse("shelters:come_back", args=[willow.uuid], query={"code": "X-9"})
    assert link in called_off.content.decode()
    told = {"code": "x-9", "key": str(uuid.uuid4())}
    for _time in range(2):
        assert "X-9 is here since" in text_of(tap(hana, "come_back", willow, **told))
    stay = Stay.objects.open().get()
    assert (stay.shelter, stay.came_from) == (willow, maple)
    assert "did not arrive" not in page(jin, maple)
    tap(hana, "call_off", stay)  # it was somebody else
    assert missed(maple).resident == guest.resident


def test_who_comes_late_may_be_expected_anew(tap, page, handed_on, guest, hana, jin, willow, maple):
    tap(hana, "call_off", handed_on(guest))
    tap(hana, "come_back", willow, code="X-9", is_planned="on")
    assert Stay.objects.expected().get().shelter == willow
    assert "did not arrive" not in page(jin, maple)


@pytest.mark.parametrize("state", ["exposed", "closed"])
def test_who_comes_late_is_not_expected_where_nobody_goes(tap, handed_on, guest, hana, willow, maple, state):
    tap(hana, "call_off", handed_on(guest))
    f.ShelterStatusFactory(shelter=willow, state=state)
    answer = tap(hana, "come_back", willow, code="X-9", is_planned="on")
    assert (answer.status_code, "nobody arrives there" in text_of(answer)) == (422, True)
    assert missed(maple).resident == guest.resident


def test_nobody_else_is_taken_in_by_a_code(tap, handed_on, guest, hana, jin, willow, maple, today):
    """Who was never expected here; who went back; and nobody at another's shelter."""
    stay = handed_on(guest)
    tap(hana, "call_off", stay)
    elm = f.ShelterFactory(code="ELM")
    f.PostingFactory(user=hana, shelter=elm)
    assert "Nobody with this code is with you" in text_of(tap(hana, "come_back", elm, code="X-9"))
    tap(jin, "came", missed(maple))
    assert "Nobody with this code is with you" in text_of(tap(hana, "come_back", willow, code="X-9"))
    told = {"first": today, "last": None, "is_planned": True, "today": today, "key": uuid.uuid4()}
    with pytest.raises(PermissionDenied), acting_as(hana):
        services.arrive_late(by=hana, shelter=maple, code="X-9", **told)
    ask = "SELECT shelters_expect_again(%s, 'X-9', %s, %s)"
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(hana), connection.cursor() as cursor:
        cursor.execute(ask, [maple.pk, today, uuid.uuid4()])


def test_where_nobody_works_any_more_the_administrators_are_called(
    tap, handed_on, guest, hana, jin, maple, aya, today
):
    stay = handed_on(guest)
    maple.postings.update(days=DateRange(today - timedelta(days=9), today - timedelta(days=1)))
    tap(hana, "call_off", stay)
    call_for_missing()
    assert set(OutboxMessage.objects.values_list("to_user_id", flat=True)) == {aya.pk}


def test_nobody_makes_who_was_handed_on_vanish(handed_on, guest, hana, jin, willow, maple, today):
    stay = handed_on(guest)
    for change in ({"came_from": None}, {"came_from": willow}):
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(hana):
            Stay.objects.filter(pk=stay.pk).update(**change)
    with acting_as(hana):
        services.call_off(by=hana, stay=stay, today=today, now=timezone.now())
    lost = missed(maple)
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(jin):
        Stay.objects.filter(pk=lost.pk).update(is_missing=False)


def test_overdue_guests_are_marked_on_the_page_and_at_the_start(as_user, page, hana, willow, today):
    day = today - timedelta(days=6)
    resident = f.ResidentFactory(code="X-9")
    f.StayFactory(shelter=willow, resident=resident, nights=DateRange(day, None), is_planned=True)
    f.StayFactory(shelter=willow, nights=DateRange(today, None), is_planned=True)
    f.StayFactory(shelter=willow, nights=DateRange(day, None), leaves_on=today - timedelta(days=1))
    assert f"X-9 was expected on {date_format(day)}" in page(hana, willow)
    f.PostingFactory(user=hana, shelter=f.ShelterFactory(code="OAK"))
    start = text_of(as_user(hana).get(reverse("shelters:start")))
    assert "1 guest was expected before today." in start
    assert "1 person was to leave before today." in start
    assert "did not arrive" not in start


def test_the_start_says_that_somebody_did_not_arrive(as_user, tap, handed_on, guest, hana, jin):
    f.PostingFactory(user=jin, shelter=f.ShelterFactory(code="OAK"))
    tap(hana, "call_off", handed_on(guest))
    assert "1 person handed on did not arrive" in text_of(as_user(jin).get(reverse("shelters:start")))


def test_who_reads_the_stock_alone_is_told_of_no_guest(sora, willow, today):
    f.StayFactory(shelter=willow, nights=DateRange(today - timedelta(days=3), None), is_planned=True)
    with acting_as(sora):
        assert selectors.waiting_at(sora, [willow], today) == {}
