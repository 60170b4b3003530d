"""Several requests at once, each on a connection of its own: nobody gets past the limit or uses twice."""

import threading

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts import services
from accounts.enums import Outcome
from accounts.models import RevealEntry, RevealRequest, User
from accounts.openings import opened_within_an_hour
from accounts.services.reveal_log import Attempt
from accounts.services.second_person import find_or_ask, use_up
from tests.factories import RevealEntryFactory
from tests.openings import agree, asked, attempt
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(answers) -> list[str]:
    return sorted(str(answer.outcome) for answer in answers)


def test_the_last_opening_of_the_hour_is_given_once(hana, willow, one_is_enough):
    RevealEntryFactory.create_batch(settings.REVEALS_AN_HOUR - 1, by=hana)
    answers = at_once(*[lambda: attempt(hana, willow)] * 2)
    assert outcomes(answers) == ["opened", "refused_quota"]


def test_ten_at_once_get_five(hana, willow, one_is_enough):
    answers = at_once(*[lambda: attempt(hana, willow)] * 10)
    assert outcomes(answers) == ["opened"] * 5 + ["refused_quota"] * 5
    assert RevealEntry.objects.filter(outcome=Outcome.OPENED, raised_alarm=True).count() == 1


def test_without_the_lock_both_would_pass(hana, willow):
    """The control: count and insert as the door does, but nobody waits for the other."""
    RevealEntryFactory.create_batch(settings.REVEALS_AN_HOUR - 1, by=hana)
    both_counted = threading.Barrier(2)

    def unguarded() -> bool:
        with transaction.atomic():
            passes = opened_within_an_hour(hana, timezone.now()).count() < settings.REVEALS_AN_HOUR
            both_counted.wait(timeout=30)
            RevealEntryFactory(by=hana)
            return passes

    assert at_once(unguarded, unguarded) == [True, True]
    assert opened_within_an_hour(hana, timezone.now()).count() == settings.REVEALS_AN_HOUR + 1
    connection.close()


def test_one_agreement_opens_once(hana, nari, willow):
    agree(nari, asked(hana, willow))
    answers = at_once(*[lambda: attempt(hana, willow)] * 4)
    assert outcomes(answers) == ["asked"] * 3 + ["opened"]


def test_a_double_tap_asks_once(hana, nari, willow):
    answers = at_once(*[lambda: attempt(hana, willow)] * 4)
    assert len({answer.request.uuid for answer in answers}) == 1
    assert RevealRequest.objects.count() == 1


def test_of_two_answers_one_counts(hana, nari, aya, willow):
    waiting, now = asked(hana, willow), timezone.now()
    answers = at_once(
        lambda: services.agree(by=nari, request=waiting, now=now),
        lambda: services.decline(by=aya, request=waiting, now=now),
    )
    assert sum(isinstance(answer, services.AnsweredAlready) for answer in answers) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by.name) in (("agreed", "Nari"), ("declined", "Aya"))


@pytest.mark.parametrize("turn", range(5))
def test_opening_while_who_agreed_is_locked_down_opens_or_asks_anew(turn, hana, nari, aya, willow):
    agreed = agree(nari, asked(hana, willow))
    answer, lock = at_once(
        lambda: attempt(hana, willow),
        lambda: services.lock_down(by=aya, person=nari, reason="arrested"),
    )
    assert lock.person == nari
    agreed.refresh_from_db()
    if answer.outcome == Outcome.OPENED:
        assert agreed.state == "used"
    else:
        assert (answer.outcome, agreed.state) == (Outcome.ASKED, "expired")
        assert answer.request != agreed


def test_an_agreement_that_dies_between_the_look_and_the_use_does_not_serve(hana, nari, willow):
    agreed = agree(nari, asked(hana, willow))
    wanted = Attempt(hana, willow, "address", "a sick child", timezone.now())
    assert find_or_ask(wanted) == agreed
    User.objects.filter(pk=nari.pk).update(is_active=False)
    assert not use_up(agreed, attempt=wanted)
    assert find_or_ask(wanted) != agreed
