"""Where a child lives: said by the officers, and read by who works there."""

import uuid
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from core.enums import TimeZone
from core.identity import acting_as
from core.models import AuditEntry
from foster.models import Child
from foster.services import move_child
from shelters.services import TakesNobody, say_state
from tests import factories as f
from tests.shelters.test_people_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def move(as_user, miki, momo):
    """`move(to=maple)`: Miki's form of Momo, as a browser sends it; the page after."""
    client, address = as_user(miki), reverse("foster:move_child", args=[momo.uuid])

    def send(to=None, **values):
        shown = client.get(address).context["form"]["shown"].value()
        return client.post(address, {"shelter": to.uuid if to else "", "shown": shown} | values, follow=True)

    return send


def test_child_moves_and_is_seen_there_alone(move, as_user, hana, jin, momo, maple):
    page = text_of(move(maple))
    assert "MAPLE" in page
    momo.refresh_from_db()
    assert momo.shelter == maple
    assert "C-01" in text_of(as_user(jin).get(reverse("foster:near")))
    assert "C-01" not in text_of(as_user(hana).get(reverse("foster:near")))
    written = AuditEntry.objects.get(action="foster.moved")
    assert [side and str(side) for side in written.changes["shelter"]] == ["WILLOW", "MAPLE"]
    move(maple)  # again: nothing changes
    assert AuditEntry.objects.filter(action="foster.moved").count() == 1
    move()
    momo.refresh_from_db()
    assert momo.shelter is None


def test_nobody_moves_a_child_to_where_nobody_goes(move, miki, momo, maple):
    f.ShelterStatusFactory(shelter=maple, state="exposed")
    answer = move(maple)
    assert answer.status_code == 422
    assert "nobody arrives there" in answer.context["form"].errors["shelter"][0]
    with acting_as(miki), pytest.raises(TakesNobody):
        move_child(by=miki, child=momo, shelter=maple)
    with acting_as(miki), pytest.raises(IntegrityError, match="nobody moves there"), transaction.atomic():
        Child.objects.filter(pk=momo.pk).update(shelter=maple)  # child_moves_to_an_open_shelter


def test_nobody_moves_a_child_into_an_evacuation_whatever_state_is_said_meanwhile(
    move, momo, maple, aya, today
):
    f.EvacuationFactory(shelter=maple)
    with acting_as(aya):
        say_state(by=aya, shelter=maple, state="open", reason="a false alarm", today=today, key=uuid.uuid4())
    assert move(maple).status_code == 422
    momo.refresh_from_db()
    assert momo.shelter != maple


def test_a_shelter_is_shut_on_its_own_day(move, momo, maple):
    """Where the day begins an hour before Tokyo's."""
    maple.time_zone = TimeZone.VLADIVOSTOK
    maple.save()
    its_day = localdate(timezone=ZoneInfo(TimeZone.VLADIVOSTOK))
    f.ShelterStatusFactory(shelter=maple, state="exposed", since=its_day)
    assert move(maple).status_code == 422


def test_field_staff_move_no_child(as_user, hana, momo, willow):
    assert as_user(hana).get(reverse("foster:move_child", args=[momo.uuid])).status_code == 403
    with acting_as(hana):
        assert Child.objects.filter(pk=momo.pk).update(shelter=None) == 0


def test_what_a_colleague_said_meanwhile_is_told(move, momo, willow, maple):
    oak = f.ShelterFactory(code="OAK")
    answer = move(oak, shown="shelter=0000000000000000")
    assert answer.status_code == 422
    assert "It says now: WILLOW" in answer.context["form"].errors["shelter"][0]
    sent = answer.context["form"]["shown"].value()
    move(oak, shown=sent)
    momo.refresh_from_db()
    assert momo.shelter == oak
