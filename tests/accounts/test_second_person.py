"""The second person: who may be one, for how long an answer serves, and that it serves once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import openings, services
from accounts.enums import Outcome, RequestState
from accounts.models import RevealEntry, RevealRequest
from core import outbox
from core.identity import acting_as
from core.models import AuditEntry, OutboxMessage
from tests import factories
from tests.openings import agree, asked, attempt

SOON = timedelta(minutes=14)
LATE = timedelta(minutes=16)


def names(people) -> list[str]:
    return [person.name for person in people]


def test_an_address_waits_until_another_agrees_and_is_then_opened_once(hana, nari, willow):
    first = attempt(hana, willow)
    assert (first.outcome, first.value) == (Outcome.ASKED, None)
    assert attempt(hana, willow).request == first.request
    agree(nari, first.request)
    opened = attempt(hana, willow)
    assert opened.value == "1 Hidden Lane, Nowhere"
    entry = RevealEntry.objects.get(outcome=Outcome.OPENED)
    assert (entry.second, entry.request) == (nari, first.request)
    again = attempt(hana, willow)
    assert again.outcome == Outcome.ASKED
    assert again.request != first.request


def test_an_agreement_is_for_one_field_of_one_record(hana, nari, willow):
    agree(nari, asked(hana, willow, "address"))
    assert attempt(hana, willow, "map_point").outcome == Outcome.ASKED
    assert attempt(nari, willow, "address").outcome == Outcome.ASKED


def test_the_log_says_the_purpose_that_was_agreed_to(hana, nari, willow):
    agree(nari, asked(hana, willow))
    assert attempt(hana, willow, purpose="just looking").outcome == Outcome.OPENED
    assert RevealEntry.objects.get(outcome=Outcome.OPENED).purpose == "a sick child"


@pytest.mark.parametrize("field", ["address", "map_point", "contact"])
def test_each_sealed_field_of_a_shelter_needs_two_while_the_setting_is_on(field, hana, willow, settings):
    assert attempt(hana, willow, field).outcome == Outcome.ASKED
    settings.REVEAL_NEEDS_TWO = False
    assert attempt(hana, willow, field).outcome == Outcome.OPENED


def test_a_child_is_opened_by_an_officer_with_two_whatever_the_setting(miki, ren, momo, settings):
    settings.REVEAL_NEEDS_TWO = False
    request = asked(miki, momo, "real_name")
    agree(ren, request)
    assert attempt(miki, momo, "real_name").value.startswith("Secret Child")


# --- who may be one ------------------------------------------------------------------------------------


def test_whom_to_call_first_those_at_the_shelter_then_administrators(
    hana, nari, jin, aya, otto, sora, willow
):
    assert names(openings.second_persons_for(asked(hana, willow))) == ["Nari", "Aya"]


def test_whom_to_call_for_a_child(miki, ren, hana, jin, aya, kenji, momo):
    assert names(openings.second_persons_for(asked(miki, momo, "family"))) == ["Hana", "Ren", "Aya"]


@pytest.mark.parametrize("who", ["hana", "jin", "sora", "miki", "kenji", "otto", "yuki"])
def test_oneself_and_strangers_answer_nothing(who, request, hana, willow):
    other = request.getfixturevalue(who)
    waiting = asked(hana, willow)
    for settle in (services.agree, services.decline):
        with pytest.raises(PermissionDenied):
            settle(by=other, request=waiting, now=timezone.now())
    assert RevealRequest.objects.get().state == RequestState.WAITING
    assert openings.waiting_for(other, timezone.now()) == []


def test_who_left_the_shelter_or_was_shut_out_answers_nothing(hana, nari, willow):
    waiting = asked(hana, willow)
    nari.is_active = False
    with pytest.raises(PermissionDenied):
        agree(nari, waiting)


# What each may answer of what others asked, by the record asked for: Willow and Maple with a resident and a
# child each, a route, a recipient.
ANSWERED = {
    "hana": {"WILLOW", "R-WILLOW", "C-01"},
    "jin": {"MAPLE", "R-MAPLE", "C-02"},
    "ren": {"C-01", "C-02"},
    "sora": {"F-1", "O-1"},
    "aya": {"WILLOW", "R-WILLOW", "C-01", "MAPLE", "R-MAPLE", "C-02", "F-1", "O-1"},
    "kenji": set(),
    "otto": set(),
    "yuki": set(),
}


@pytest.fixture
def everything_asked(miki, willow, maple, momo, taro):
    """A request for each field of each record, and one to forget it; by somebody who cannot answer it."""
    records = [willow, maple, momo, taro, factories.RouteFactory(code="F-1")]
    records += [factories.RecipientFactory(code="O-1")]
    records += [
        factories.StayFactory(
            shelter=shelter, resident=factories.ResidentFactory(code=f"R-{shelter.code}")
        ).resident
        for shelter in (willow, maple)
    ]
    for record in records:
        for field in openings.sealed_columns(type(record)):
            factories.RevealRequestFactory(asked_by=miki, of=record, field=field.name)
        factories.RevealRequestFactory(asked_by=miki, of=record, field="", kind="forget")


@pytest.mark.parametrize("who", ANSWERED)
def test_each_wall_alone_lets_the_same_people_answer(who, request, everything_asked, momos_sponsor):
    """The door's own filter as the system, whom no policy binds, and the policies with no filter at all."""
    person = request.getfixturevalue(who)
    by_door = set(openings.answerable_by(person))
    with acting_as(person):  # locked for a change: reading alone is the auditor's too
        by_policy = set(RevealRequest.objects.select_for_update())
    assert {asked.subject_label for asked in by_door} == ANSWERED[who]
    assert by_door == by_policy
    of_these = set(RevealRequest.objects.filter(subject_label__in=ANSWERED[who]))
    assert by_door == of_these  # every field, and to forget


def test_whom_to_call_is_who_may_answer(request, everything_asked, momos_sponsor):
    people = {request.getfixturevalue(who) for who in ANSWERED}
    for waiting in RevealRequest.objects.all():
        called = set(openings.second_persons_for(waiting))
        assert called == {person for person in people if openings.may_answer(person, waiting)}
        assert called


def test_whom_to_call_is_found_by_who_sees_less(hana, miki, ren, momo):
    """An officer does not see where others are posted, and yet learns whom to call."""
    waiting = factories.RevealRequestFactory(asked_by=miki, of=momo, field="real_name")
    with acting_as(miki):
        assert names(openings.second_persons_for(waiting)) == ["Hana", "Ren"]


def test_an_administrator_answers_without_seeing_the_record(miki, aya, momo):
    waiting = asked(miki, momo, "real_name")
    assert openings.waiting_for(aya, timezone.now()) == [waiting]
    agree(aya, waiting)
    assert openings.waiting_for(aya, timezone.now()) == []


def test_who_gave_a_log_in_lately_is_no_second_person_for_it(aya, momo, today):
    """Else an administrator makes a helper who asks, and agrees alone."""
    bo = factories.UserFactory(name="Bo", role="administrator")
    with acting_as(aya):
        helper = services.invite_user(
            by=aya, email="helper@example.org", name="Helper", role="foster_officer", language="en"
        )
    waiting = asked(helper, momo, "real_name")
    assert "Aya" not in names(openings.second_persons_for(waiting))
    assert "Bo" in names(openings.second_persons_for(waiting))
    assert openings.waiting_for(aya, timezone.now()) == []
    with pytest.raises(PermissionDenied):
        agree(aya, waiting)
    for person, is_theirs in ((aya, False), (bo, True)):
        with acting_as(person):  # the database says the same
            assert RevealRequest.objects.select_for_update().exists() is is_theirs
    agree(bo, waiting)


@pytest.mark.parametrize(("role", "is_told"), [("foster_officer", True), ("sponsor", False)])
def test_auditors_and_the_other_administrators_hear_of_each_new_log_in_of_staff(role, is_told, aya, otto):
    bo = factories.UserFactory(role="administrator")
    with acting_as(aya):
        services.invite_by_mail(
            by=aya, email="new@example.org", name="New", role=role, language="en", now=timezone.now()
        )
    calls = OutboxMessage.objects.filter(key__startswith="attention:")
    told = set(calls.values_list("to_address", flat=True))
    assert told == ({otto.email, bo.email} if is_told else set())


# --- for how long --------------------------------------------------------------------------------------


def test_it_waits_a_quarter_of_an_hour(hana, nari, willow):
    waiting = asked(hana, willow)
    with pytest.raises(services.AnsweredAlready):
        agree(nari, waiting, now=waiting.asked_at + LATE)
    assert openings.waiting_for(nari, waiting.asked_at + LATE) == []
    agree(nari, waiting, now=waiting.asked_at + SOON)


def test_an_agreement_serves_a_quarter_of_an_hour_more(hana, nari, willow):
    waiting = asked(hana, willow)
    agreed_at = waiting.asked_at + SOON
    agree(nari, waiting, now=agreed_at)
    assert attempt(hana, willow, now=agreed_at + LATE).outcome == Outcome.ASKED
    waiting.refresh_from_db()
    assert waiting.state == RequestState.EXPIRED

    other = asked(hana, willow, "contact")
    agree(nari, other)
    assert attempt(hana, willow, "contact", now=timezone.now() + SOON).outcome == Outcome.OPENED


def test_the_second_answer_comes_too_late(hana, nari, aya, willow):
    waiting = asked(hana, willow)
    services.decline(by=nari, request=waiting, now=timezone.now())
    with pytest.raises(services.AnsweredAlready, match="answered already"):
        agree(aya, waiting)
    assert attempt(hana, willow).request != waiting


# --- what is written down, who is told -----------------------------------------------------------------


def test_asking_agreeing_and_declining_are_written_down(hana, nari, willow):
    services.decline(by=nari, request=asked(hana, willow), now=timezone.now())
    agree(nari, asked(hana, willow))
    attempt(hana, willow)
    log = RevealEntry.objects.order_by("id").values_list("by__name", "outcome", "second__name")
    assert list(log) == [
        ("Hana", "asked", None), ("Nari", "declined", None),
        ("Hana", "asked", None), ("Hana", "opened", "Nari"),
    ]  # fmt: skip
    trail = AuditEntry.objects.filter(action__startswith="accounts.opening").order_by("id")
    assert [(entry.by_name, entry.action) for entry in trail] == [
        ("Nari", "accounts.opening_declined"), ("Nari", "accounts.opening_agreed"),
    ]  # fmt: skip


def test_who_may_answer_gets_one_mail_that_says_nothing(hana, nari, aya, jin, willow):
    for _turn in range(2):
        attempt(hana, willow, purpose="a doctor comes")
    mails = OutboxMessage.objects.filter(kind="second_person")
    assert {mail.to_address for mail in mails} == {nari.email, aya.email}
    assert mails.count() == 2
    text = " ".join(f"{mail.subject} {mail.body}" for mail in mails)
    assert "15 minutes" in text
    for told in ("Hana", "WILLOW", "Hidden", "address", "doctor"):
        assert told not in text


def test_mails_to_many_open_the_values_once(hana, aya, willow):
    for _turn in range(10):
        factories.PostingFactory(shelter=willow, user=factories.UserFactory())
    with CaptureQueriesContext(connection) as counted:
        attempt(hana, willow)
    assert OutboxMessage.objects.filter(kind="second_person").count() == 11
    assert sum("core_datakey" in query["sql"] for query in counted) == 1


def test_the_mail_is_not_sent_once_somebody_answered(hana, nari, aya, willow):
    agree(nari, asked(hana, willow))
    mail = outbox.claim(now=timezone.now())
    assert outbox.deliver(mail, now=timezone.now()) == "withdrawn"


def test_over_the_limit_nobody_is_woken(hana, nari, willow, settings):
    settings.REVEALS_AN_HOUR = 1
    factories.RevealEntryFactory(by=hana)
    assert attempt(hana, willow).outcome == Outcome.REFUSED_QUOTA
    assert not RevealRequest.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_a_refusal_uses_no_agreement_up(hana, nari, willow, settings):
    agree(nari, asked(hana, willow))
    settings.REVEALS_AN_HOUR = 1
    factories.RevealEntryFactory(by=hana)
    assert attempt(hana, willow).outcome == Outcome.REFUSED_QUOTA
    settings.REVEALS_AN_HOUR = 2
    assert attempt(hana, willow).outcome == Outcome.OPENED
