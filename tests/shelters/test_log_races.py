"""Many thumbs at once, through the whole stack: each request on a connection of its own."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from supply import selectors
from supply.models import Balance, Movement
from tests.factories import receive
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def posts(client, address, bodies):
    """The same log-in from twenty devices."""

    def post(body):
        device = Client()
        device.cookies = client.cookies
        return device.post(address, body)

    return [partial(post, body) for body in bodies]


def test_one_form_sent_twenty_times_at_once(as_user, hana, stocked, rice, filled, log_address):
    answers = at_once(*posts(as_user(hana), log_address(stocked), [filled()] * 20))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    assert Movement.objects.filter(source=stocked.store).count() == 1
    assert selectors.held(stocked.store, rice) == 90


def test_twenty_uses_of_the_last_kilogram(as_user, hana, willow, rice, filled, log_address):
    receive(willow.store, rice, 1)
    bodies = [filled(number="1") for _ in range(20)]
    answers = at_once(*posts(as_user(hana), log_address(willow), bodies))
    assert sorted(answer.status_code for answer in answers) == [302] + [422] * 19
    refusals = [answer.content.decode() for answer in answers if answer.status_code == 422]
    assert all("There is only this much Rice at ST-WILLOW: 0 kg." in page for page in refusals)
    assert Balance.objects.get().quantity == 0
    assert selectors.check_ledger() == []


def test_one_tap_of_a_ration_out_of_two_lots_at_once(as_user, hana, fed, rice, lot, filled, log_address):
    """A thumb that trembles: both lots are taken once, and undone once."""
    lots = lot(fed, "NEAR", 3, 5), lot(fed, "FAR", 3, 50)
    near = f"{rice.uuid}.{lots[0].uuid}"
    tap = filled(line=near, ration=near, number="4")
    answers = at_once(*posts(as_user(hana), log_address(fed), [tap] * 8))
    assert {answer.status_code for answer in answers} == {302}
    taken = list(Movement.objects.filter(source=fed.store).order_by("id"))
    assert [movement.quantity for movement in taken] == [3, 1]
    undo = [reverse("shelters:undo", args=[fed.uuid, movement.uuid]) for movement in taken] * 3
    client = as_user(hana)
    at_once(*[post for address in undo for post in posts(client, address, [{}])])
    assert Movement.objects.filter(reverses__in=taken).count() == 2
    assert [selectors.held(fed.store, rice, one) for one in lots] == [3, 3]
    assert selectors.check_ledger() == []
