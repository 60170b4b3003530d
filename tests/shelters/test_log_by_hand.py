"""What saves taps on a phone: rations, first to expire, another shelter, amounts as typed."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shelters.enums import Entry
from shelters.services import NowhereToMove, log_supplies
from supply import selectors
from supply.models import Movement
from supply.services import reverse_movement
from tests import factories as f
from tests.factories import receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(as_user, hana):
    return as_user(hana)


@pytest.fixture
def form_page(client, stocked, log_address):
    return lambda: client.get(log_address(stocked)).content.decode()


@pytest.fixture
def send(client, stocked, log_address):
    return lambda data: client.post(log_address(stocked), data)


def text_of(page):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def lot_of(item, store, code, expires_on, quantity=10):
    lot = f.LotFactory(item=item, code=code, expires_on=expires_on)
    f.MovementFactory(item=item, lot=lot, quantity=quantity, destination=store)
    return lot


# --- today's ration ----------------------------------------------------------------------------------


@pytest.fixture
def seven(stocked, rice):
    """Seven people at Willow, 400 g of rice each."""
    f.RationRuleFactory(item=rice, grams=400)
    f.HeadCountFactory(shelter=stocked, people=7)
    return stocked


def ration_form(page):
    form = page[page.index('class="usual"') :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_ration_of_today_is_one_tap(send, form_page, seven, rice):
    shown = form_page()
    assert "2.8 kg Rice for 7 people: used" in text_of(shown)
    data = ration_form(shown)
    answer = send(data)
    assert answer.status_code == 302
    movement = Movement.objects.get(key=data["key"])
    assert (movement.quantity, movement.reason, movement.typed) == (Decimal("2.8"), "used", "2.8 kg")
    answered = text_of(answer.client.get(answer.url).content.decode())
    assert "Booked: 2.8 kg Rice, used." in answered
    assert "take it back" in answered
    assert "Already logged as used today: 2.8 kg" in answered
    assert send(data).url == answer.url
    assert selectors.held(seven.store, rice) == Decimal("97.2")


def test_ration_is_taken_from_the_lot_that_expires_first(send, form_page, seven, rice, today):
    near = lot_of(rice, seven.store, "NEAR", today + timedelta(days=3))
    lot_of(rice, seven.store, "FAR", today + timedelta(days=90))
    lot_of(rice, seven.store, "OLD", today - timedelta(days=1))
    send(ration_form(form_page()))
    assert Movement.objects.latest("id").lot == near


def test_ration_is_taken_of_several_lots_and_back_in_one_tap(send, form_page, seven, rice, today):
    """2.8 kg: what is left of one lot first, and the rest of the next."""
    near = lot_of(rice, seven.store, "NEAR", today + timedelta(days=3), quantity=2)
    lot_of(rice, seven.store, "OLD", today - timedelta(days=1))
    far = lot_of(rice, seven.store, "FAR", today + timedelta(days=90))
    page = form_page()
    assert "NEAR: 2 kg, FAR: 0.8 kg" in text_of(page)
    data = ration_form(page)
    answer = send(data)
    booked = Movement.objects.filter(source=seven.store)
    assert {one.lot: one.quantity for one in booked} == {near: 2, far: Decimal("0.8")}
    shown = text_of(answer.client.get(answer.url).content.decode())
    assert "Booked: 2.8 kg Rice, used. NEAR: 2 kg, FAR: 0.8 kg" in shown
    assert "In stock at WILLOW now: 119.2 kg" in shown
    # Sent again it is the same; after the answer was lost, the form tells of all of it.
    assert send(data).url == answer.url
    assert booked.count() == 2
    assert "2.8 kg Rice, used. NEAR: 2 kg, FAR: 0.8 kg" in text_of(form_page())
    undo = reverse("shelters:undo", args=[seven.uuid, booked.get(key=data["key"]).uuid])
    assert "Taken back: 2.8 kg Rice." in text_of(answer.client.post(undo, follow=True).content.decode())
    assert (selectors.held(seven.store, rice, near), selectors.held(seven.store, rice, far)) == (2, 10)
    assert "This entry was taken back." in text_of(answer.client.get(answer.url).content.decode())
    assert selectors.check_ledger() == []


@pytest.fixture
def two_lots(send, form_page, seven, rice, today):
    """One tap booked 2 kg of the lot NEAR and 0.8 kg of FAR; both movements in their order."""
    lot_of(rice, seven.store, "NEAR", today + timedelta(days=3), quantity=2)
    lot_of(rice, seven.store, "FAR", today + timedelta(days=90))
    answer = send(ration_form(form_page()))
    return answer.client, list(Movement.objects.filter(source=seven.store).order_by("id"))


@pytest.mark.parametrize("part", [0, 1])
def test_a_part_of_several_lots_takes_the_whole_back_once(part, two_lots, seven, rice):
    client, parts = two_lots
    undo = reverse("shelters:undo", args=[seven.uuid, parts[part].uuid])
    for _time in range(2):
        assert "Taken back: 2.8 kg Rice." in text_of(client.post(undo, follow=True).content.decode())
    assert Movement.objects.filter(reverses__in=parts).count() == 2
    assert selectors.totals([seven.store.pk], [rice.pk])[seven.store.pk, rice.pk] == 112
    assert selectors.check_ledger() == []


def test_a_booking_of_several_lots_has_one_button(two_lots, seven):
    client, parts = two_lots
    shown = client.get(reverse("shelters:stock", args=[seven.uuid])).content.decode()
    assert [f"/undo/{one.uuid}/" in shown for one in parts] == [False, True]


def test_what_the_office_took_back_of_several_lots_is_not_taken_back_again(two_lots, seven, sora):
    client, (near, far) = two_lots
    take_back = {"movement": near, "today": near.occurred_on, "reason": "typed twice"}
    reverse_movement(by=sora, **take_back)
    answer = client.post(reverse("shelters:undo", args=[seven.uuid, far.uuid]), follow=True)
    assert "Taken back: 0.8 kg Rice." in text_of(answer.content.decode())
    assert Movement.objects.filter(reverses__in=[near, far]).count() == 2


def test_ration_that_a_colleague_logged_is_asked_about_once(
    as_user, send, form_page, seven, rice, log_address
):
    bo = f.UserFactory(name="Bo")
    f.PostingFactory(user=bo, shelter=seven)
    mine = ration_form(form_page())
    colleague = as_user(bo)
    theirs = ration_form(colleague.get(log_address(seven)).content.decode())
    assert colleague.post(log_address(seven), theirs).status_code == 302
    asked = send(mine)
    assert asked.status_code == 422
    assert "2.8 kg Rice were logged as used on" in asked.context["form"].errors["number"][0]
    assert "the last by Bo" in asked.context["form"].errors["number"][0]
    form = asked.context["form"]
    assert send(mine | {name: form[name].value() for name in ("asked", "ration")}).status_code == 302
    assert selectors.held(seven.store, rice) == Decimal("94.4")


def test_ration_is_not_offered_where_it_is_not_there(willow, rice, today, client, log_address):
    f.RationRuleFactory(item=rice, grams=400)
    f.HeadCountFactory(shelter=willow, people=7)
    receive(willow.store, rice, 2)
    shown = client.get(log_address(willow)).content.decode()
    assert "less than the ration of 2.8 kg is there" in text_of(shown)
    assert "for 7 people: used" not in text_of(shown)


@pytest.mark.parametrize("people", [0, None])
def test_no_ration_where_nobody_is(people, form_page, stocked, rice):
    f.RationRuleFactory(item=rice, grams=400)
    if people is not None:
        f.HeadCountFactory(shelter=stocked, people=people)
    assert 'class="usual"' not in form_page()


# --- lots --------------------------------------------------------------------------------------------


def lines_in(page):
    options = re.search(r'<select name="line".*?</select>', page, re.DOTALL).group()
    return [
        (words, bool(chosen)) for chosen, words in re.findall(r"<option[^>]*?( selected)?>([^<]*)", options)
    ]


def test_first_to_expire_stands_first_and_is_chosen(form_page, send, filled, stocked, rice, today):
    far = lot_of(rice, stocked.store, "FAR", today + timedelta(days=90))
    lot_of(rice, stocked.store, "NEAR", today + timedelta(days=3))
    lot_of(rice, stocked.store, "OLD", today - timedelta(days=1))
    assert send(filled(line=f"{rice.uuid}.{far.uuid}", number="1")).status_code == 302
    lines = lines_in(form_page())
    assert [words.split(" · ")[0] for words, _chosen in lines] == [
        "Rice NEAR", "Rice FAR", "Rice, no lot", "Rice OLD",
    ]  # fmt: skip
    assert [words.split(" · ")[-1].split()[0] for words, _chosen in lines] == ["use", "use", "100", "expired"]
    assert [chosen for _words, chosen in lines] == [True, False, False, False]


@pytest.mark.parametrize("kind", ["used", "handed_out", "moved"])
def test_expired_lot_is_given_to_nobody(kind, send, filled, stocked, oak, rice, today):
    lot = lot_of(rice, stocked.store, "OLD", today - timedelta(days=1))
    line = {"line": f"{rice.uuid}.{lot.uuid}", "destination": str(oak.uuid)}
    response = send(filled(kind=kind, number="1", **line))
    assert response.status_code == 422
    assert "Rice OLD was to be used by" in text_of(response.content.decode())
    assert selectors.held(stocked.store, rice, lot) == 10


@pytest.mark.parametrize("kind", ["lost", "counted"])
def test_expired_lot_may_be_thrown_away_and_counted(kind, send, filled, stocked, rice, today):
    lot = lot_of(rice, stocked.store, "OLD", today - timedelta(days=1))
    assert send(filled(kind=kind, line=f"{rice.uuid}.{lot.uuid}", number="4")).status_code == 302
    assert selectors.held(stocked.store, rice, lot) == (6 if kind == "lost" else 4)


def test_lot_may_be_used_up_to_its_last_day(send, filled, stocked, rice, today):
    lot = lot_of(rice, stocked.store, "LAST", today)
    assert send(filled(line=f"{rice.uuid}.{lot.uuid}", number="1")).status_code == 302


# --- handed out, moved -------------------------------------------------------------------------------


def test_handed_out_has_a_reason_of_its_own(send, filled, form_page, stocked, rice):
    assert send(filled(kind="handed_out", number="3")).status_code == 302
    assert Movement.objects.latest("id").reason == "handed_out"
    assert re.search(r'value="handed_out"\s+checked', form_page())


@pytest.fixture
def oak(hana):
    """Hana's second shelter."""
    shelter = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=shelter)
    return shelter


def test_moved_to_another_of_ones_own_shelters_and_taken_back(client, send, filled, stocked, oak, rice):
    data = filled(kind="moved", number="30", destination=str(oak.uuid))
    assert send(data).status_code == 302
    assert send(data).status_code == 302
    assert selectors.held(stocked.store, rice) == 70
    assert selectors.held(oak.store, rice) == 30
    movement = Movement.objects.get(key=data["key"])
    client.post(reverse("shelters:undo", args=[stocked.uuid, movement.uuid]))
    assert selectors.held(stocked.store, rice) == 100


@pytest.mark.parametrize("where", ["", "maple", "itself", "nonsense"])
def test_moved_only_to_where_one_works(where, send, filled, stocked, oak, maple):
    places = {"maple": str(maple.uuid), "itself": str(stocked.uuid)}
    response = send(filled(kind="moved", number="30", destination=places.get(where, where)))
    assert response.status_code == 422
    sentence = "Choose one of the list." if where else "Choose the shelter to which it was moved."
    assert sentence in text_of(response.content.decode())
    assert Movement.objects.count() == 1


def test_moving_is_not_offered_to_who_works_at_one_place(form_page, stocked):
    assert 'value="moved"' not in form_page()


def test_service_moves_only_between_ones_own(stocked, maple, hana, rice, today):
    entry = {"item": rice, "quantity": Decimal(1), "occurred_on": today, "today": today, "key": uuid.uuid4()}
    with pytest.raises(PermissionDenied):
        log_supplies(by=hana, shelter=stocked, kind=Entry.MOVED, destination=maple, **entry)
    with pytest.raises(NowhereToMove):
        log_supplies(by=hana, shelter=stocked, kind=Entry.MOVED, **entry)
    assert Movement.objects.count() == 1


# --- amounts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1,5", "1.5"), ("１，５", "1.5"), ("0,500", "0.5"), ("1,25", "1.25"), ("12 ", "12"),
        ("1,234.5", "1234.5"), ("1.234,5", "1234.5"), ("1,234,567", "1234567"), ("1.125", "1.125"),
        ("٣", "3"), ("1 500", "1500"),
    ],
)  # fmt: skip
def test_amount_as_it_was_typed(typed, read, send, filled, stocked, rice):
    receive(stocked.store, rice, 2_000_000)
    response = send(filled(number=typed))
    if Decimal(read) > 1_000_000:
        assert "Write a number up to 1000000." in text_of(response.content.decode())
        return
    assert response.status_code == 302
    assert Movement.objects.latest("id").quantity == Decimal(read)


def test_thousands_of_pieces_are_clear(send, filled):
    blanket = f.ItemFactory(code="BLANKET", base_unit="piece")
    assert send(filled(blanket, kind="received", number="1,500")).status_code == 302
    assert Movement.objects.latest("id").quantity == 1500


# --- after a dead network ------------------------------------------------------------------------------


def test_own_entry_of_just_now_is_told_on_a_fresh_form(send, filled, form_page, stocked, rice, time_machine):
    send(filled())
    shown = text_of(form_page())
    assert "Booked: 10 kg Rice, used." in shown
    assert "take it back" in shown
    from django.utils import timezone

    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert "Booked:" not in text_of(form_page())


def test_entry_of_a_colleague_is_not_told_as_ones_own(form_page, stocked, rice):
    receive(stocked.store, rice, 10)
    assert "Booked:" not in text_of(form_page())
