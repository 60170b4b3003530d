"""Two have the same page open: the second does not write over what the first wrote meanwhile."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from shelters.models import Posting
from tests import factories as f
from tests.pages import sent_as_shown
from tests.shelters.test_people_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(willow, today):
    nights = DateRange(today - timedelta(days=3), None)
    return f.StayFactory(
        resident=f.ResidentFactory(code="X-9", needs=""), shelter=willow, nights=nights
    ).resident


@pytest.fixture
def phones(as_user, hana, willow):
    other = f.UserFactory(name="Bo")
    f.PostingFactory(user=other, shelter=willow)
    return as_user(hana), as_user(other)


def test_needs_written_meanwhile_are_kept(phones, guest):
    hers, his = phones
    url = reverse("shelters:resident", args=[guest.uuid])
    old = sent_as_shown(his.get(url)) | {"origin": "North", "note": "tall"}
    hers.post(url, sent_as_shown(hers.get(url)) | {"needs": "insulin, twice a day"})
    answer = his.post(url, old)
    guest.refresh_from_db()
    assert (answer.status_code, guest.needs) == (422, "insulin, twice a day")
    assert "X-9 was changed meanwhile by a colleague" in text_of(answer)
    again = sent_as_shown(answer)
    assert (again["needs"], again["origin"], again["note"]) == ("insulin, twice a day", "North", "tall")
    assert his.post(url, again).status_code == 302
    guest.refresh_from_db()
    assert (guest.needs, guest.origin) == ("insulin, twice a day", "North")


def test_treatment_written_meanwhile_is_not_replaced_unseen(phones, guest):
    hers, his = phones
    case = f.MedicalCaseFactory(resident=guest)
    url = reverse("shelters:change_treatment", args=[case.uuid])
    old = sent_as_shown(his.get(url)) | {"treatment": "rest"}
    hers.post(url, sent_as_shown(hers.get(url)) | {"treatment": "insulin, twice a day"})
    answer = his.post(url, old)
    assert answer.status_code == 422
    assert "written anew meanwhile" in text_of(answer)
    assert "insulin" not in answer.content.decode()
    assert his.post(url, sent_as_shown(answer)).status_code == 302


def test_address_written_meanwhile_is_not_replaced_unseen(phones, willow):
    hers, his = phones
    url = reverse("shelters:write_place", args=[willow.uuid])
    old = sent_as_shown(his.get(url)) | {"contact": "Mr Kim"}
    hers.post(url, sent_as_shown(hers.get(url)) | {"contact": "Mr Lee"})
    answer = his.post(url, old)
    assert answer.status_code == 422
    assert "written anew meanwhile" in text_of(answer)
    assert "Lee" not in answer.content.decode()


def test_shelter_and_posting_are_not_written_over(as_user, aya, willow, hana):
    desk, other = as_user(aya), as_user(f.UserFactory(role="administrator"))
    posting = Posting.objects.get(user=hana, shelter=willow)
    for name, record, first, second in (
        ("change_shelter", willow, {"capacity": "20"}, {"capacity": "30"}),
        ("end_posting", posting, {"last": "2030-01-01"}, {"last": "2030-01-02"}),
    ):
        url = reverse(f"shelters:{name}", args=[record.uuid])
        old = sent_as_shown(other.get(url)) | second
        assert desk.post(url, sent_as_shown(desk.get(url)) | first).status_code == 302, name
        answer = other.post(url, old)
        assert answer.status_code == 422, name
        assert "was changed meanwhile by a colleague" in text_of(answer), name
    willow.refresh_from_db()
    assert willow.capacity == 20
