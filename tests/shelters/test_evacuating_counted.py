"""Out of a shelter where people are only counted: nobody is forgotten because nobody has a code."""

import uuid
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from core.identity import acting_as
from shelters import selectors, services
from shelters.models import Evacuation, EvacuationCounted
from tests import factories as f
from tests.shelters.test_evacuations import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(as_user, hana, willow):
    phone = as_user(hana)

    def post(name, *args, **values):
        common = {"key": str(uuid.uuid4())}
        return phone.post(reverse(f"shelters:{name}", args=args), common | values, follow=True)

    return post


@pytest.fixture
def begun(send, willow, today):
    """Fifteen were counted two days ago."""
    f.HeadCountFactory(shelter=willow, people=15, counted_on=today - timedelta(days=2))
    send("evacuate", willow.uuid, reason="the landlord was questioned")
    return Evacuation.objects.get()


def test_it_is_finished_once_it_is_said_where_the_counted_went(send, begun, willow, today):
    page = text_of(send("finish_evacuation", begun.uuid))
    assert "15 people and 0 lines of stock are still there." in page
    assert "15 people were counted here and are not registered by code." in page
    first = {
        "people": "10",
        "outcome": "moved",
        "to": "elsewhere",
        "to_code": " maple ",
        "key": str(uuid.uuid4()),
    }
    for _time in range(2):
        page = text_of(send("send_counted", begun.uuid, **first))
    assert "5 people were counted here" in page
    assert "10 people moved to another shelter → MAPLE" in page
    assert selectors.heads_on(willow, today) == 5  # who has left is fed here no more
    page = send("send_counted", begun.uuid, people="6", outcome="unknown")
    assert (page.status_code, "counted, 5 are left." in text_of(page)) == (422, True)
    assert "5 people and 0 lines" in text_of(send("finish_evacuation", begun.uuid))
    send("send_counted", begun.uuid, people="5", outcome="unknown")
    assert "Finished. An administrator closes the shelter." in text_of(send("finish_evacuation", begun.uuid))
    assert selectors.heads_on(willow, today) == 0
    page = text_of(send("send_counted", begun.uuid, **first))  # its answer was lost: the first one
    assert "10 people moved to another shelter → MAPLE" in page
    assert EvacuationCounted.objects.count() == 2


def test_another_shelter_of_one_s_own_is_one_tap(send, begun, hana, today):
    oak, shut = f.ShelterFactory(code="OAK"), f.ShelterFactory(code="ELM")
    for shelter in (oak, shut):
        f.PostingFactory(user=hana, shelter=shelter)
    f.ShelterStatusFactory(shelter=shut, state="exposed", since=today)
    refused = send("send_counted", begun.uuid, people="4", outcome="moved", to="elsewhere", to_code="")
    assert refused.context["form"].errors["to_code"] == ["Type the code of the shelter they go to."]
    offered = [name for _key, name in refused.context["form"].fields["to"].choices]
    assert "OAK" in offered
    assert "ELM" not in offered
    send("send_counted", begun.uuid, people="4", outcome="moved", to=str(oak.uuid), to_code="ELM")
    nowhere = send("send_counted", begun.uuid, people="2", outcome="moved", to="", to_code="ELM")
    assert nowhere.context["form"].errors["to"] == ["Choose where they go, or that it is not known."]
    send("send_counted", begun.uuid, people="2", outcome="moved", to="not_known", to_code="ELM")
    send("send_counted", begun.uuid, people="1", outcome="unknown", to=str(oak.uuid), to_code="ELM")
    assert [group.to_code for group in begun.counted.order_by("pk")] == ["OAK", "", ""]


def test_nobody_goes_once_it_is_finished(begun, hana, today):
    begun.finished_at, begun.finished_by = begun.started_at + timedelta(hours=1), hana
    begun.save()
    told = {"people": 1, "outcome": "unknown", "to_code": "", "today": today, "key": uuid.uuid4()}
    with acting_as(hana), pytest.raises(services.EvacuationIsOver):
        services.send_counted(by=hana, evacuation=begun, **told)


def test_a_count_with_the_registered_leaves_the_others(send, willow, hana, today):
    """Four in all: two are registered, who go by code."""
    nights = DateRange(today - timedelta(days=5), None)
    guests = [f.StayFactory(shelter=willow, nights=nights) for _number in range(2)]
    f.HeadCountFactory(shelter=willow, people=4, others=2)
    begun = f.EvacuationFactory(shelter=willow)
    for guest in guests:
        assert selectors.counted_left(begun, today) == 2
        send("send_on", begun.uuid, guest.uuid, day=today.isoformat(), outcome="arrested")
    assert selectors.counted_left(begun, today) == 2
    send("send_counted", begun.uuid, people="2", outcome="arrested")
    send("finish_evacuation", begun.uuid)
    begun.refresh_from_db()
    assert begun.finished_by == hana
    assert selectors.heads_on(willow, today) == 0


def test_nobody_is_counted_meanwhile_for_who_has_left_would_be_forgotten(send, begun, willow, as_user, hana):
    send("send_counted", begun.uuid, people="4", outcome="unknown")
    page = as_user(hana).post(
        reverse("shelters:count_heads", args=[willow.uuid]), {"people": "11", "key": str(uuid.uuid4())}
    )
    assert page.status_code == 422
    assert "This shelter is being evacuated." in text_of(page)
    stock = as_user(hana).get(reverse("shelters:stock", args=[willow.uuid])).content.decode()
    assert reverse("shelters:count_heads", args=[willow.uuid]) not in stock
