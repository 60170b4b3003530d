"""Goods of an evacuated shelter, amount by amount; and an evacuation sent or looked for again once over."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import OutboxMessage
from shelters.models import Evacuation
from supply import selectors as supply
from tests import factories as f
from tests.shelters.test_evacuations import booked, taken, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(as_user, hana, willow):
    return as_user(hana)


@pytest.fixture
def send(phone):
    def post(name, *args, **values):
        return phone.post(reverse(f"shelters:{name}", args=args), values, follow=True)

    return post


@pytest.fixture
def begun(send, stocked, rice):
    """Of Willow, where 100 kg of rice lie."""
    send("evacuate", stocked.uuid, reason="police", key=str(uuid.uuid4()))
    return Evacuation.objects.get()


# --- how much ----------------------------------------------------------------------------------------------


def test_what_the_page_showed_is_booked_and_no_more(phone, send, begun, willow, rice):
    """80 kg more come while the page is open that says 100."""
    page = phone.get(reverse("shelters:settle_stock", args=[begun.uuid])).content.decode()
    [line] = supply.stock_of(willow.store)
    assert re.search(rf'name="amount-line-{line.pk}" value="100"', page)
    f.receive(willow.store, rice, 80)
    send("settle_stock", begun.uuid, **taken(line, "taken", 100), key=str(uuid.uuid4()))
    assert supply.held(willow.store, rice) == 80
    assert "1 line is left" in text_of(phone.get(reverse("shelters:evacuation", args=[begun.uuid])))


def test_part_is_taken_and_the_rest_is_moved(send, begun, willow, rice, hana):
    oak = f.ShelterFactory(code="OAK", store__code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    [line] = supply.stock_of(willow.store)
    for what, how_much in (("taken", "30"), (str(oak.store.uuid), "70")):
        send("settle_stock", begun.uuid, **taken(line, what, how_much), key=str(uuid.uuid4()))
    assert sorted(booked(willow)) == [("RICE", 30), ("RICE", 70)]
    assert supply.held(oak.store, rice) == 70


def test_what_has_expired_is_moved_to_no_shelter_and_told_at_each_line(
    phone, begun, willow, rice, hana, lot, today
):
    oak = f.ShelterFactory(code="OAK", store__code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    for code, days in (("OLD", -1), ("OLDER", -9), ("GOOD", 9)):
        lot(willow, code, 5, days)
    lines = {line.lot and line.lot.code: line for line in supply.stock_of(willow.store)}
    form = {"key": str(uuid.uuid4())}
    for line in lines.values():
        form |= taken(line, str(oak.store.uuid), line.quantity)
    answer = phone.post(reverse("shelters:settle_stock", args=[begun.uuid]), form)
    assert answer.status_code == 422
    wrong = {f"line-{lines[code].pk}" for code in ("OLD", "OLDER")}
    assert answer.context["form"].errors.keys() <= wrong
    assert answer.context["form"].errors
    assert booked(willow) == []
    for name in wrong:
        form[name] = "spoiled"
    assert phone.post(reverse("shelters:settle_stock", args=[begun.uuid]), form).status_code == 302
    assert supply.held(oak.store, rice, lines["GOOD"].lot) == 5


@pytest.mark.parametrize(
    ("how_much", "said"),
    [
        ("", "Say how much."),
        ("0", "Write a number above zero."),
        ("-1", "Write a number above zero."),
        ("x", "Write a number such as 3 or 2.5."),
        ("101", "There is only this much Rice at"),
    ],
)
def test_an_amount_that_cannot_be_is_told_at_its_line(send, begun, willow, how_much, said):
    [line] = supply.stock_of(willow.store)
    form = taken(line, "lost") | {f"amount-line-{line.pk}": how_much, "key": str(uuid.uuid4())}
    answer = send("settle_stock", begun.uuid, **form)
    assert answer.status_code == 422
    assert said in answer.context["form"].errors[f"amount-line-{line.pk}"][0]
    assert booked(willow) == []


# --- sent again, and found again ----------------------------------------------------------------------------


@pytest.fixture
def over(send, willow):
    """An empty shelter's evacuation, begun and finished; the form that began it."""
    form = {"reason": "police", "key": str(uuid.uuid4())}
    send("evacuate", willow.uuid, **form)
    send("finish_evacuation", Evacuation.objects.get().uuid)
    return form


def test_the_form_that_began_it_sent_again_after_the_end_is_the_first_answer(send, over, willow, sora):
    mails = OutboxMessage.objects.count()
    page = text_of(send("evacuate", willow.uuid, **over))
    assert "Finished" in page
    assert Evacuation.objects.count() == 1
    assert OutboxMessage.objects.count() == mails
    send("evacuate", willow.uuid, **over | {"key": str(uuid.uuid4())})
    assert Evacuation.objects.count() == 2


def test_one_that_is_over_is_linked_from_its_shelter_and_listed(as_user, phone, over, willow, aya, sora, jin):
    evacuation = Evacuation.objects.get()
    for client, names in (
        (phone, ("stock", "list")),
        (as_user(aya), ("stock", "list")),
        (as_user(sora), ("list",)),
    ):
        for name in names:
            address = ["shelters:stock", [willow.uuid]] if name == "stock" else ["shelters:evacuations", []]
            page = client.get(reverse(address[0], args=address[1])).content.decode()
            assert reverse("shelters:evacuation", args=[evacuation.uuid]) in page
    assert reverse("shelters:evacuations") in as_user(aya).get(reverse("shelters:list")).content.decode()
    foreign = as_user(jin).get(reverse("shelters:evacuations"))
    assert "WILLOW" not in text_of(foreign)


def test_the_list_finds_what_still_goes_on(as_user, over, send, maple, sora):
    f.EvacuationFactory(shelter=maple)
    office = as_user(sora)
    for is_over, shown, hidden in (("true", "WILLOW", "MAPLE"), ("false", "MAPLE", "WILLOW")):
        page = text_of(office.get(reverse("shelters:evacuations"), {"is_over": is_over}))
        assert shown in page
        assert hidden not in page


def test_the_list_costs_the_same_for_one_and_for_thirty(as_user, over, sora, django_assert_num_queries):
    office, address = as_user(sora), reverse("shelters:evacuations")
    office.get(address)
    with django_assert_num_queries(8):
        office.get(address)
    f.EvacuationFactory.create_batch(20)
    with django_assert_num_queries(8):
        office.get(address)


def test_who_works_there_reads_that_goods_are_on_the_way(phone, begun, today):
    address = reverse("shelters:evacuation", args=[begun.uuid])
    assert "on its way here" not in text_of(phone.get(address))
    f.ShelterStatusFactory(shelter=begun.shelter, state="open", since=today)
    Evacuation.objects.update(finished_at=timezone.now(), finished_by=begun.started_by)
    f.sent_line(begun.shelter.store)
    Evacuation.objects.update(finished_at=None, finished_by=None)
    page = phone.get(address)
    assert "1 kind of goods is on its way here: call the coordinator" in text_of(page)
    assert reverse("shelters:arriving", args=[begun.shelter.uuid]) in page.content.decode()


def test_all_lines_left_open_are_settled_at_once(send, phone, begun, willow, rice, hana):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    assert "All lines left open below" not in text_of(
        phone.get(reverse("shelters:settle_stock", args=[begun.uuid]))
    )
    for code in ("SALT", "OIL", "TEA"):
        f.receive(willow.store, f.ItemFactory(code=code, base_unit="kg"), 5, days_ago=2)
    lines = {line.item.code: line for line in supply.stock_of(willow.store)}
    new = lines.pop("TEA")  # logged by a colleague since the page was opened
    chosen = {"rest": str(oak.store.uuid), "key": str(uuid.uuid4())}
    for code, line in lines.items():
        chosen |= taken(line, "taken" if code == "SALT" else "")
    page = text_of(send("settle_stock", begun.uuid, **chosen))
    assert "Booked: 3 lines; moved to ST-OAK." in page
    assert list(supply.stock_of(willow.store)) == [new]
    assert supply.held(oak.store, rice) == 100
