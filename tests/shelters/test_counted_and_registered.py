"""Where people are only counted, one who is registered does not stand for all of them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from shelters import selectors
from shelters.forms.people import ELSEWHERE
from shelters.models import HeadCount, Resident, Shelter, Stay
from tests import factories as f
from tests.shelters.test_evacuations import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(as_user, hana, willow):
    return as_user(hana)


@pytest.fixture
def post(phone, today):
    def send(name, record, **values):
        common = {"key": str(uuid.uuid4()), "day": today.isoformat()}
        return phone.post(reverse(f"shelters:{name}", args=[record.uuid]), common | values, follow=True)

    return send


def heads_said(page) -> str:
    """As the shelter's page says: heads, and days that the store lasts."""
    return re.search(r"(\d+) (?:people|person), ", text_of(page)).group(1)


def test_it_is_asked_who_counts_from_now_on_and_nobody_is_forgotten(post, phone, fed, today):
    assert "10 people are here by head count." in text_of(
        phone.get(reverse("shelters:arrive", args=[fed.uuid]))
    )
    page = post("arrive", fed)
    assert (page.status_code, "Say whether all are registered now." in text_of(page)) == (422, True)
    page = post("arrive", fed, are_all_registered="no")
    assert (page.status_code, "Say how many." in text_of(page)) == (422, True)
    page = post("arrive", fed, are_all_registered="no", heads="x")
    assert (page.status_code, "Write a whole number" in text_of(page)) == (422, True)
    assert not Resident.objects.exists()
    sent = {"are_all_registered": "no", "heads": "11", "key": str(uuid.uuid4())}
    for _time in range(2):
        page = post("arrive", fed, **sent)
    assert "10 people by head count, not registered by code." in text_of(page)
    assert selectors.heads_on(fed, today) == selectors.heads_on(fed, today + timedelta(days=3)) == 11
    assert selectors.heads_by_night(Shelter.objects.all(), today, today)[fed.pk] == [11]
    assert selectors.person_days(Shelter.objects.all(), today, today + timedelta(days=1)) == 22
    assert HeadCount.objects.count() == 2
    page = post("count_heads", fed, people="9")
    assert "Counted: 9 people." in text_of(page)
    assert selectors.heads_on(fed, today) == 9
    page = post("count_heads", fed, people="0")
    assert (page.status_code, "1 are registered by code here" in text_of(page)) == (422, True)


def test_once_all_are_registered_only_they_count(post, phone, fed, today):
    post("arrive", fed, are_all_registered="no", heads="2")
    page = post("arrive", fed, are_all_registered="no", heads="1")
    assert (page.status_code, "2 are registered by code here" in text_of(page)) == (422, True)
    post("arrive", fed, are_all_registered="yes")
    assert selectors.heads_on(fed, today) == 2
    assert "Are all who are here" not in text_of(phone.get(reverse("shelters:arrive", args=[fed.uuid])))
    post("arrive", fed)
    assert selectors.heads_on(fed, today) == 3


def test_all_registered_at_once_is_one(post, fed, today):
    post("arrive", fed, are_all_registered="yes")
    assert selectors.heads_on(fed, today) == 1
    assert HeadCount.objects.first().others == 0


def test_all_registered_said_by_mistake_is_put_right_by_counting(post, phone, fed, today):
    page = post("arrive", fed, are_all_registered="yes")
    assert reverse("shelters:count_heads", args=[fed.uuid]) in page.content.decode()
    assert "Counted: 11 people." in text_of(post("count_heads", fed, people="11"))
    assert selectors.heads_on(fed, today) == 11
    page = post("count_heads", fed, people="0")
    assert (page.status_code, "1 are registered by code here" in text_of(page)) == (422, True)


def test_who_is_only_expected_changes_no_count_and_one_more_counts_when_they_are_here(post, fed, today):
    post("arrive", fed, is_planned="on", day=(today + timedelta(days=1)).isoformat())
    assert selectors.heads_on(fed, today) == 10
    for _time in range(2):
        post("came", Stay.objects.get())
    assert selectors.heads_on(fed, today) == 11


def test_who_moves_here_from_another_shelter_of_ones_own_is_one_more(post, hana, fed, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    stay = f.StayFactory(shelter=oak, nights=DateRange(today - timedelta(days=9), None))
    post("leave", stay, outcome="moved", to=str(fed.uuid))
    assert selectors.heads_on(fed, today) == 11
    assert selectors.heads_on(oak, today) == 0


def test_nights_that_were_counted_stay_as_they_were(post, fed, today):
    yesterday = (today - timedelta(days=1)).isoformat()
    page = post("arrive", fed, are_all_registered="no", heads="11", day=yesterday)
    assert (page.status_code, "Choose today as the first night." in text_of(page)) == (422, True)
    assert Stay.objects.filter(shelter=fed, is_planned=False).count() == 0


def test_who_comes_back_is_asked_about_too(post, fed, today):
    old = DateRange(today - timedelta(days=30), today - timedelta(days=20))
    gone = f.StayFactory(shelter=fed, nights=old, outcome="returned")
    page = post("come_back", fed, code=gone.resident.code)
    assert (page.status_code, "Say whether all are registered now." in text_of(page)) == (422, True)
    page = post("come_back", fed, code=gone.resident.code, are_all_registered="no", heads="0")
    assert (page.status_code, "Say how many." in text_of(page)) == (422, True)
    post("come_back", fed, code=gone.resident.code, are_all_registered="no", heads="12")
    assert selectors.heads_on(fed, today) == 12


def test_who_came_by_mistake_and_is_taken_back_leaves_as_many_as_before(post, fed, today):
    f.StayFactory(shelter=fed, is_planned=True, nights=DateRange(today, None))
    for _time in range(2):
        post("came", Stay.objects.latest("pk"))
        assert selectors.heads_on(fed, today) == 11
        page = text_of(post("call_off", Stay.objects.get(is_planned=False)))
        assert "10 people are here now. Is that wrong? Count heads" in page
        assert selectors.heads_on(fed, today) == 10
        f.StayFactory(shelter=fed, is_planned=True, nights=DateRange(today, None))


def test_who_was_counted_is_again_once_their_name_code_is_taken_back_and_counted(post, fed, today):
    post("arrive", fed, are_all_registered="no", heads="10")
    assert "9 people are here now." in text_of(post("call_off", Stay.objects.get()))
    post("count_heads", fed, people="10")
    assert selectors.heads_on(fed, today) == 10


def test_who_moves_or_leaves_is_one_less_where_they_were(post, hana, fed, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    f.HeadCountFactory(shelter=oak, people=4, counted_on=today - timedelta(days=9))
    nights = DateRange(today - timedelta(days=5), None)
    moving, leaving = (f.StayFactory(shelter=oak, nights=nights) for _number in range(2))
    post("count_heads", oak, people="6")
    post("leave", moving, outcome="moved", to=str(fed.uuid))
    post("leave", leaving, outcome="returned")
    assert (selectors.heads_on(oak, today), selectors.heads_on(fed, today)) == (4, 11)
    yesterday = today - timedelta(days=1)
    assert selectors.heads_on(oak, yesterday) == 2  # counted later
    assert selectors.person_days(Shelter.objects.all(), yesterday, today) == 2 + 4 + 11


def test_an_old_count_does_not_return_once_all_were_registered_and_are_handed_on(post, fed, today):
    f.ShelterFactory(code="ELM")
    post("arrive", fed, are_all_registered="yes")
    post("leave", Stay.objects.get(), outcome="moved", to=ELSEWHERE, to_code="elm")
    assert selectors.heads_on(fed, today) == 0


def test_a_key_of_another_shelters_count_counts_nobody(post, hana, fed, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    key = str(uuid.uuid4())
    post("count_heads", fed, people="9", key=key)
    assert post("count_heads", oak, people="5", key=key).status_code in (403, 404)
    assert not oak.head_counts.exists()
