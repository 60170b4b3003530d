"""Children of the programme who live at a shelter: an evacuation is not finished over them."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core.identity import acting_as
from shelters import services
from shelters.models import Evacuation, EvacuationCall, EvacuationChild
from tests import factories as f
from tests.shelters.test_evacuations import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(as_user, hana, willow):
    def post(name, *args, **values):
        told = {"key": str(uuid.uuid4())} | values
        return as_user(hana).post(reverse(f"shelters:{name}", args=args), told, follow=True)

    return post


@pytest.fixture
def begun(send, momo, willow):
    send("evacuate", willow.uuid, reason="police")
    return Evacuation.objects.get()


def test_it_waits_until_each_child_has_a_word(send, begun, momo):
    page = text_of(send("finish_evacuation", begun.uuid))
    assert "1 child of the programme lives there. Say where they go." in page
    assert "C-01 Goes …" in page
    for _time in range(2):
        page = text_of(
            send("send_child", begun.uuid, momo.uuid, outcome="moved", to="elsewhere", to_code=" oak ")
        )
        assert "C-01 moved to another shelter → OAK" in page
    assert EvacuationChild.objects.count() == 1
    assert "Finished." in text_of(send("finish_evacuation", begun.uuid))


def test_it_does_not_wait_for_a_child_who_lives_elsewhere_by_now(send, begun, momo, maple):
    momo.shelter = maple
    momo.save()
    assert "Finished." in text_of(send("finish_evacuation", begun.uuid))


@pytest.mark.parametrize(("state", "waits"), [("of_age", True), ("resettled", False), ("died", False)])
def test_it_does_not_wait_for_who_has_left_the_programme_and_the_place(
    send, begun, momo, today, state, waits
):
    f.ChildStatusFactory(child=momo, state=state, since=today - timedelta(days=30))
    assert ("Finished." in text_of(send("finish_evacuation", begun.uuid))) is not waits


@pytest.mark.parametrize(
    ("who", "reads"), [("hana", "C-01"), ("miki", "C-01"), ("otto", ""), ("sora", ""), ("aya", "")]
)
def test_children_are_told_of_to_who_may_see_them_alone(who, reads, as_user, request, begun, send, momo):
    client, address = as_user(request.getfixturevalue(who)), reverse("shelters:evacuation", args=[begun.uuid])
    page = text_of(client.get(address))
    send("send_child", begun.uuid, momo.uuid, outcome="moved", to="elsewhere", to_code="OAK")
    gone = text_of(client.get(address))
    assert ("C-01" in page) == ("C-01 moved to another shelter → OAK" in gone) == bool(reads)
    assert ("child" in page.lower()) == ("child" in gone.lower()) == bool(reads)
    with acting_as(request.getfixturevalue(who)), connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(foster_children_at(%s))", [begun.shelter_id])
        assert cursor.fetchone()[0] == bool(reads)


def test_the_officer_of_the_children_is_called_and_reads_why(as_user, send, miki, willow, momo, taro):
    office = as_user(miki)
    assert "lives there" not in text_of(office.get(reverse("home"), follow=True))
    send("evacuate", willow.uuid, reason="police")
    assert EvacuationCall.objects.filter(person=miki).exists()
    page = text_of(office.get(reverse("home"), follow=True))
    assert "C-01 lives there: The evacuation of WILLOW began on" in page
    assert "C-02 lives" not in page


def test_that_an_officer_is_called_does_not_tell_whether_children_live_there(
    as_user, send, willow, miki, taro
):
    send("evacuate", willow.uuid, reason="police")
    assert EvacuationCall.objects.filter(person=miki).exists()
    page = text_of(as_user(miki).get(reverse("home"), follow=True))
    assert "The evacuation of WILLOW began on" in page
    assert "lives there" not in page


def test_nobody_says_a_word_of_another_s_child_or_after_the_end(send, hana, jin, begun, momo, taro):
    told = {"evacuation": begun, "outcome": "unknown", "to_code": ""}
    for person, child in ((jin, momo), (hana, taro)):
        with acting_as(person), pytest.raises(PermissionDenied):
            services.send_child(by=person, child=child.uuid, **told)
    assert send("send_child", begun.uuid, taro.uuid, outcome="unknown").status_code == 404
    foreign = {"evacuation": begun, "subject": taro.uuid, "code": "C-02", "outcome": "unknown", "by": hana}
    with acting_as(hana), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        EvacuationChild.objects.create(**foreign)
    momo.shelter = taro.shelter
    momo.save()
    send("finish_evacuation", begun.uuid)
    momo.shelter = begun.shelter
    momo.save()
    with acting_as(hana), pytest.raises(services.EvacuationIsOver):
        services.send_child(by=hana, child=momo.uuid, **told)


def test_the_page_asks_as_much_for_many_children(as_user, hana, begun, willow, django_assert_num_queries):
    phone, address = as_user(hana), reverse("shelters:evacuation", args=[begun.uuid])
    phone.get(address)
    with django_assert_num_queries(22):
        phone.get(address)
    for _number in range(5):
        f.ChildFactory(shelter=willow)
        f.EvacuationChildFactory(evacuation=begun)
    with django_assert_num_queries(22):
        phone.get(address)


def test_no_child_goes_nowhere_because_nothing_was_chosen(send, begun, momo):
    """What is said of a child is said once: nobody could put it right."""
    nowhere = send("send_child", begun.uuid, momo.uuid, outcome="moved", to_code="OAK")
    assert nowhere.context["form"].errors == {"to": ["Choose where they go, or that it is not known."]}
    send("send_child", begun.uuid, momo.uuid, outcome="moved", to="not_known")
    assert [(child.outcome, child.to_code) for child in begun.children.all()] == [("moved", "")]
