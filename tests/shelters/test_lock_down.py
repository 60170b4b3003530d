"""A shelter locked down: everybody posted there is out, and field staff no longer see it."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from accounts import services as accounts
from accounts.models import LockDown
from core.models import AuditEntry, OutboxMessage
from shelters import selectors, services
from shelters.models import Resident, Shelter, ShelterLockDown
from tests import factories as f
from tests.races import at_once

FORM = reverse("shelters:lock_down")
RAID = {"reason": "raid", "note": "vans in the yard"}
ME = reverse("accounts:me")


def page_of(shelter) -> str:
    return reverse("shelters:stock", args=[shelter.uuid])


def locked(by, shelter) -> ShelterLockDown:
    return services.lock_down_shelter(by=by, shelter=shelter, reason="raid")


def people_of(lock) -> str:
    return reverse("shelters:locked_people", args=[lock.uuid])


@pytest.fixture
def nana(willow):
    """Hana's colleague at Willow."""
    person = f.UserFactory(name="Nana")
    f.PostingFactory(user=person, shelter=willow)
    return person


def test_everybody_posted_there_is_out(as_user, sora, hana, nana, jin, willow, maple, today):
    former = f.UserFactory(name="Former")
    f.PostingFactory(user=former, shelter=willow, days=DateRange(today.replace(year=2020), today))
    clients = {person: as_user(person) for person in (hana, nana, jin, former)}
    response = as_user(sora).post(FORM, RAID | {"known": str(willow.uuid)})
    assert response.url == reverse("accounts:happened")
    out = {person.name for person, client in clients.items() if client.get(ME).status_code == 302}
    assert out == {"Hana", "Nana"}
    assert {lock.person for lock in LockDown.objects.all()} == {hana, nana}
    assert {lock.note for lock in LockDown.objects.all()} == {"vans in the yard"}


def test_field_staff_no_longer_see_it(as_user, aya, sora, hana, willow):
    f.StayFactory(shelter=willow)
    lock = locked(sora, willow)
    accounts.lift_lock_down(by=aya, lock=LockDown.objects.get(person=hana), reason="free")
    accounts.change_log_in(by=aya, person=hana, role=hana.role, is_active=True, reason="free")
    hanas = as_user(hana)
    assert hanas.get(page_of(willow)).status_code == 404
    assert "WILLOW" not in hanas.get(reverse("shelters:list")).content.decode()
    assert not Resident.objects.visible_to(hana).exists()
    services.lift_shelter_lock_down(by=aya, lock=lock, reason="moved to another house")
    assert hanas.get(page_of(willow)).status_code == 200
    assert Resident.objects.visible_to(hana).exists()


def test_a_resident_who_moved_on_is_still_seen_there(sora, jin, willow, maple):
    resident = f.ResidentFactory()
    f.StayFactory(resident=resident, shelter=maple)
    locked(sora, willow)
    assert list(Resident.objects.visible_to(jin)) == [resident]


def test_whoever_sends_goods_is_warned(as_user, sora, willow):
    locked(sora, willow)
    page = as_user(sora).get(page_of(willow)).content.decode()
    assert "raid or search" in page
    assert "Send nothing there" in page
    assert set(Shelter.objects.visible_to(sora)) == {willow}


def test_ones_own_shelter_takes_oneself_out_and_shows_nothing(as_user, hana, willow):
    phone, other = as_user(hana), as_user(hana)
    response = phone.post(FORM, RAID | {"known": str(willow.uuid)})
    assert response.url == reverse("nothing")
    assert response["Clear-Site-Data"] == '"*"'
    assert other.get(ME).status_code == 302


@pytest.mark.parametrize("who", ["jin", "kenji"])
def test_another_shelter_is_named_by_its_code(request, as_user, willow, maple, who):
    client = as_user(request.getfixturevalue(who))
    assert "WILLOW" not in client.get(FORM).content.decode()
    assert client.post(FORM, RAID | {"known": str(willow.uuid)}).status_code == 422
    client.post(FORM, RAID | {"typed": " willow "})
    assert ShelterLockDown.objects.get().shelter == willow


def test_codes_are_not_found_out_by_trying(as_user, jin, willow, maple):
    client = as_user(jin)
    for _ in range(10):
        assert "Nothing is known" in client.post(FORM, RAID | {"typed": "OAK"}).content.decode()
    assert "Too many tries" in client.post(FORM, RAID | {"typed": "WILLOW"}).content.decode()
    assert not ShelterLockDown.objects.exists()


def test_pressed_twice_it_is_one_and_one_mail_goes_out(as_user, sora, aya, nana, hana, willow):
    for _ in range(2):
        as_user(sora).post(FORM, RAID | {"known": str(willow.uuid)})
    assert ShelterLockDown.objects.count() == 1
    assert OutboxMessage.objects.filter(to_address=aya.email).count() == 1
    entry = AuditEntry.objects.get(action="shelters.locked_down")
    assert entry.reason == "raid or search: vans in the yard"


def test_only_an_administrator_lifts_it(as_user, aya, sora, hana, willow):
    lock = locked(sora, willow)
    address = reverse("shelters:lift_lock_down", args=[lock.uuid])
    assert as_user(sora).post(address, {"reason": "over"}).status_code == 403
    with pytest.raises(accounts.MayNotLift):
        services.lift_shelter_lock_down(by=sora, lock=lock, reason="over")
    assert as_user(aya).post(address, {"reason": "over"}).url == people_of(lock)
    lock.refresh_from_db()
    assert (lock.lifted_by, lock.lift_reason) == (aya, "over")
    assert LockDown.objects.in_force().filter(person=hana).exists()  # one by one
    assert as_user(aya).post(address, {"reason": "over"}).status_code == 422


@pytest.mark.parametrize("who", ["aya", "otto"])
def test_who_may_read_what_they_could_see_goes_on_to_each_of_them(
    request, as_user, sora, willow, maple, hana, nana, jin, who
):
    accounts.lock_down(by=sora, person=jin, reason="arrested")
    client = as_user(request.getfixturevalue(who))
    response = client.post(FORM, RAID | {"known": str(willow.uuid)})
    assert response.url == people_of(ShelterLockDown.objects.get())
    page = client.get(response.url).content.decode()
    assert "Locked down: everybody posted there is out" in page
    assert "Locked down with WILLOW" in page
    for person in (hana, nana):
        assert reverse("accounts:exposure", args=[person.uuid]) in page
    assert "Jin" not in page
    register = client.get(reverse("shelters:lock_downs")).content.decode()
    assert response.url in register


def test_its_people_are_those_posted_there_while_it_was_locked_down(
    as_user, aya, sora, hana, nana, jin, willow, maple, today
):
    early = accounts.lock_down(by=sora, person=hana, reason="phone_lost")
    accounts.lift_lock_down(by=aya, lock=early, reason="found")
    hana.refresh_from_db()
    accounts.change_log_in(by=aya, person=hana, role=hana.role, is_active=True, reason="found")
    lock = locked(sora, willow)
    later = f.UserFactory(name="Later")
    f.PostingFactory(user=later, shelter=willow)
    former = f.UserFactory(name="Former")
    f.PostingFactory(user=former, shelter=willow, days=DateRange(today.replace(year=2020), today))
    for person in (later, former, jin):
        accounts.lock_down(by=sora, person=person, reason="arrested")
    people = {one.person.name for one in selectors.locked_with(aya, lock, today)}
    assert people == {"Hana", "Nana", "Later"}
    assert not selectors.locked_with(sora, lock, today).exists()
    assert selectors.locked_with(aya, lock, today).filter(person=hana).count() == 1


def test_lifting_leads_on_to_its_people_and_what_is_to_be_done_beside_each(
    as_user, aya, sora, hana, nana, willow
):
    lock, client = locked(sora, willow), as_user(aya)
    accounts.lift_lock_down(by=aya, lock=LockDown.objects.get(person=nana), reason="free")
    address = reverse("shelters:lift_lock_down", args=[lock.uuid])
    page = client.post(address, {"reason": "over"}, follow=True).content.decode()
    assert "The shelter is open again, its people are not" in page
    lift_hana = reverse("accounts:lift_lock_down", args=[LockDown.objects.get(person=hana).uuid])
    for step in (lift_hana, reverse("accounts:person", args=[nana.uuid])):
        assert step in page
    assert f'href="{address}"' not in page


@pytest.mark.parametrize("number", [1, 20])
def test_its_people_cost_the_same_for_many(as_user, aya, sora, willow, number, django_assert_num_queries):
    for person in f.UserFactory.create_batch(number):
        f.PostingFactory(user=person, shelter=willow)
    lock, client = locked(sora, willow), as_user(aya)
    with django_assert_num_queries(9):
        client.get(people_of(lock))


def test_register_of_shelters_locked_down(as_user, aya, otto, sora, willow):
    locked(sora, willow)
    for reader in (aya, otto):
        page = as_user(reader).get(reverse("shelters:lock_downs"), {"in_force": "true"}).content.decode()
        assert "WILLOW" in page
        assert (">Lift<" in page) == (reader is aya)
    rows = as_user(aya).get(reverse("shelters:lock_downs"), {"export": "csv"}).content.decode("utf-8-sig")
    assert (
        rows.splitlines()[0] == "Shelter,Since,what happened,Locked down by,Lifted,Lifted by,Why it is lifted"
    )


@pytest.mark.django_db(transaction=True)
def test_two_shelters_with_the_same_people_at_once(sora, miki, hana, nana, willow):
    oak = f.ShelterFactory(code="OAK")
    for person in (nana, hana):
        f.PostingFactory(user=person, shelter=oak)
    results = at_once(lambda: locked(sora, willow), lambda: locked(miki, oak))
    assert [type(result) for result in results] == [ShelterLockDown] * 2
    assert LockDown.objects.count() == 2


def test_reasons_of_one_person_are_not_offered(as_user, sora, willow):
    client = as_user(sora)
    page = client.get(FORM).content.decode().lower()
    assert "raid or search" in page
    assert "phone lost" not in page
    refused = client.post(FORM, {"known": str(willow.uuid), "reason": "dismissed"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["reason"]
    assert not ShelterLockDown.objects.exists()
