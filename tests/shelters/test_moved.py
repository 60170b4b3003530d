"""Goods move between the shelters of a person, and to none that is exposed, closed or being evacuated."""

import pytest

from supply import selectors
from tests import factories as f
from tests.shelters.test_log import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak(hana):
    oak = f.ShelterFactory(code="OAK", store__code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    return oak


@pytest.fixture
def phone(as_user, hana, stocked):
    return as_user(hana)


def test_the_answer_names_the_place(phone, stocked, oak, filled, log_address):
    answer = phone.post(log_address(stocked), filled(kind="moved", destination=str(oak.uuid)), follow=True)
    assert "Booked: 10 kg Rice, moved to OAK." in text_of(answer)


def test_what_is_exposed_is_neither_offered_nor_accepted(
    phone, stocked, oak, filled, log_address, rice, today
):
    form = filled(kind="moved", destination=str(oak.uuid))
    assert phone.post(log_address(stocked), form).status_code == 302
    f.ShelterStatusFactory(shelter=oak, state="exposed", since=today)
    page = phone.get(log_address(stocked)).content.decode()
    assert str(oak.uuid) not in page
    assert 'value="moved"' not in page  # it was the only one
    corrected = phone.post(log_address(stocked), filled(number="-1"))  # nor after a refusal of something else
    assert (corrected.status_code, 'value="moved"' in corrected.content.decode()) == (422, False)
    again = phone.post(log_address(stocked), form, follow=True)  # sent twice: the first answer
    assert "moved to OAK" in text_of(again)
    refused = phone.post(log_address(stocked), filled(kind="moved", destination=str(oak.uuid)))
    assert refused.status_code == 422
    assert "OAK was exposed on" in text_of(refused)
    assert selectors.held(oak.store, rice) == 10


def test_the_other_shelters_are_offered_still(phone, stocked, oak, hana, log_address, today):
    elm = f.ShelterFactory(code="ELM")
    f.PostingFactory(user=hana, shelter=elm)
    f.ShelterStatusFactory(shelter=oak, state="exposed", since=today)
    page = phone.get(log_address(stocked)).content.decode()
    assert str(elm.uuid) in page
    assert str(oak.uuid) not in page
