"""What was received bears a lot or a last day: typed as printed on the pack, at the shelter itself."""

import re
from datetime import timedelta
from decimal import Decimal
from functools import partial
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from core.models import AuditEntry
from shelters import services
from shelters.enums import Entry
from supply import selectors
from supply.models import Lot, Movement
from tests import factories as f
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(as_user, hana, stocked, filled, log_address):
    """Hana receives 10 kg of rice at Willow with what is printed on it; the answer."""
    client = as_user(hana)
    return lambda **values: client.post(log_address(stocked), filled(**{"kind": "received"} | values))


@pytest.fixture
def soon(today):
    return today + timedelta(days=30)


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_lot_and_last_day_are_kept_as_printed(received, hana, stocked, rice, soon):
    answer = received(lot_code=" L-77 ", expires_on=soon.isoformat())
    assert answer.status_code == 302
    lot = Lot.objects.get()
    assert (lot.item, lot.code, lot.expires_on) == (rice, "L-77", soon)
    assert Movement.objects.get(lot=lot).destination == stocked.store
    assert selectors.held(stocked.store, rice, lot) == 10
    written = AuditEntry.objects.get(action="supply.lot_added")
    assert (written.by_id, written.changes["code"]) == (hana.pk, [None, "L-77"])
    shown = text_of(answer.client.get(answer.url))
    assert "Booked: 10 kg Rice L-77, came with a delivery." in shown
    # From now on it is one of the lines to take from, first to expire first.
    form = answer.client.get(reverse("shelters:log", args=[stocked.uuid])).content.decode()
    assert "Rice L-77 · 10 kg · use by" in form


def test_last_day_alone_names_the_lot(received, soon):
    received(expires_on=soon.isoformat())
    assert Movement.objects.latest("id").lot == Lot.objects.get(code=soon.isoformat(), expires_on=soon)


def test_lot_alone_has_no_last_day_or_the_known_one(received, rice, soon):
    received(lot_code="B-1")
    assert Lot.objects.get(code="B-1").expires_on is None
    known = f.LotFactory(item=rice, code="B-2", expires_on=soon)
    received(lot_code="B-2")
    assert Movement.objects.latest("id").lot == known


def test_typed_lot_counts_above_the_chosen_line(received, lot, stocked, rice, soon):
    chosen = lot(stocked, "A7", 5, 9)
    line = f"{rice.uuid}.{chosen.uuid}"
    received(line=line, lot_code="B-1", expires_on=soon.isoformat())
    assert Movement.objects.latest("id").lot.code == "B-1"
    # The day alone is said of the chosen one: it makes no second lot of the same pack.
    received(line=line, expires_on=chosen.expires_on.isoformat())
    assert Movement.objects.latest("id").lot == chosen
    # Another day alone is another pack, whichever line stood chosen: its lot is named by the day.
    received(line=line, expires_on=soon.isoformat())
    assert Movement.objects.latest("id").lot.code == soon.isoformat()
    assert Lot.objects.count() == 3


def test_known_lot_with_another_last_day_is_refused(received, rice, soon):
    """It lies at a place that Hana does not see."""
    known = f.LotFactory(item=rice, code="L-1", expires_on=soon)
    f.MovementFactory(item=rice, lot=known, destination=f.ShelterFactory(code="FAR").store)
    answer = received(lot_code="L-1", expires_on=(soon + timedelta(days=1)).isoformat())
    assert answer.status_code == 422
    assert "Lot L-1 is known to expire on" in answer.context["form"].errors["expires_on"][0]
    assert 'value="L-1"' in answer.content.decode()
    assert Movement.objects.count() == 2


def test_mistyped_last_day_that_was_taken_back_is_typed_anew(received, stocked, rice, soon):
    answer = received(lot_code="P1", expires_on=(soon + timedelta(days=365)).isoformat())
    mistake = Movement.objects.latest("id")
    answer.client.post(reverse("shelters:undo", args=[stocked.uuid, mistake.uuid]))
    assert received(lot_code="P1", expires_on=soon.isoformat()).status_code == 302
    assert Lot.objects.get().expires_on == soon
    assert AuditEntry.objects.get(action="supply.lot_changed").changes["expires_on"][1] == soon.isoformat()


def test_lot_of_a_consignment_keeps_its_day(received, rice, soon):
    known = f.LotFactory(item=rice, code="L-1", expires_on=soon)
    f.ConsignmentLineFactory(item=rice, lot=known)
    assert received(lot_code="L-1", expires_on=(soon + timedelta(days=1)).isoformat()).status_code == 422


def test_lot_first_received_without_a_day_takes_the_first_that_is_told(received, rice, soon):
    received(lot_code="P1")
    assert received(lot_code="P1", expires_on=soon.isoformat()).status_code == 302
    lot = Lot.objects.get()
    assert lot.expires_on == soon
    # Chosen in the list, without its number, it is the same pack.
    other = f.LotFactory(item=rice, code="P2")
    f.MovementFactory(item=rice, lot=other, destination=Movement.objects.latest("id").destination)
    received(line=f"{rice.uuid}.{other.uuid}", expires_on=soon.isoformat())
    other.refresh_from_db()
    assert other.expires_on == soon


@pytest.mark.parametrize("typed", ["p24-11", "Ｐ24-11", "P24‐11", "P24 11", "ｐ２４－１１", "P24ー11"])
def test_lot_written_in_another_way_is_the_same_lot(received, soon, typed):
    received(lot_code="P24-11", expires_on=soon.isoformat())
    assert received(lot_code=typed).status_code == 302
    assert Lot.objects.get().code == "P24-11"
    assert Movement.objects.filter(lot__isnull=False).count() == 2


@pytest.mark.parametrize("day_first", [True, False])
def test_a_printed_number_of_eight_digits_is_no_day(day_first, received, soon):
    """20261130 is a number of the maker; a pack without one is known by its last day, 2026-11-30."""
    digits = soon.isoformat().replace("-", "")
    by_day = {"expires_on": soon.isoformat()}
    by_number = {"lot_code": digits, "expires_on": (soon + timedelta(days=200)).isoformat()}
    first, second = (by_day, by_number) if day_first else (by_number, by_day)
    assert received(**first).status_code == 302
    for told in (second, {"lot_code": digits} if day_first else second):
        answer = received(**told)
        assert answer.status_code == 422
        assert "may be another pack" in answer.context["form"].errors["lot_code"][0]
    assert Lot.objects.count() == 1
    assert received(**second | {"lot_code": f"L{digits}"}).status_code == 302
    assert Lot.objects.count() == 2


def test_a_number_that_is_its_own_last_day_is_one_lot(received, soon):
    received(expires_on=soon.isoformat())
    written = soon.isoformat().replace("-", "")
    assert received(lot_code=written, expires_on=soon.isoformat()).status_code == 302
    assert received(lot_code=soon.isoformat()).status_code == 302
    assert Lot.objects.count() == 1


def test_what_has_expired_is_refused_where_the_pack_says_so(received, rice, today):
    f.LotFactory(item=rice, code="OLD", expires_on=today - timedelta(days=1))
    for printed, field in (
        ({"lot_code": "NEW", "expires_on": (today - timedelta(days=1)).isoformat()}, "expires_on"),
        ({"lot_code": "OLD"}, "lot_code"),
    ):
        errors = received(**printed).context["form"].errors
        assert "What has expired is not received" in errors[field][0]
        assert list(errors) == [field]


def test_what_has_expired_is_not_received_and_makes_no_lot(received, today):
    answer = received(lot_code="OLD", expires_on=(today - timedelta(days=1)).isoformat())
    assert answer.status_code == 422
    [sentence] = answer.context["form"].errors["expires_on"]
    assert "Rice OLD was to be used by" in sentence
    assert "spoiled" not in sentence  # nothing of it lies there
    assert not Lot.objects.exists()


def test_refused_receipt_makes_no_lot(received, today, soon):
    tomorrow = today + timedelta(days=1)
    answer = received(lot_code="L-1", expires_on=soon.isoformat(), occurred_on=tomorrow.isoformat())
    assert answer.status_code == 422
    assert not Lot.objects.exists()


def test_sent_twice_is_one_movement_and_one_lot(as_user, hana, stocked, filled, log_address, rice, soon):
    client, data = as_user(hana), filled(kind="received", lot_code="L-1", expires_on=soon.isoformat())
    first, again = client.post(log_address(stocked), data), client.post(log_address(stocked), data)
    assert (first.status_code, first.url) == (302, again.url)
    assert selectors.held(stocked.store, rice, Lot.objects.get()) == 10
    # Changed after it was booked, it is told so, and the other lot is not made.
    changed = client.post(log_address(stocked), data | {"lot_code": "L-2"})
    assert "already booked with other content" in text_of(changed)
    assert Lot.objects.get().code == "L-1"


def test_sent_at_once_is_one_movement_and_one_lot(hana, willow, rice, today, soon, transactional_db):
    entry = {"item": rice, "quantity": Decimal(10), "occurred_on": today, "today": today, "key": uuid4()}
    book = partial(
        services.log_supplies, by=hana, shelter=willow, kind=Entry.RECEIVED, reason="bought",
        lot_code="L-9", expires_on=soon, **entry,
    )  # fmt: skip
    answers = at_once(*[book] * 6)
    assert {type(answer) for answer in answers} == {Movement}
    assert selectors.held(willow.store, rice, Lot.objects.get()) == 10


@pytest.mark.parametrize("kind", ["used", "lost", "counted"])
def test_other_kinds_leave_it_alone(kind, received):
    """It does not show there: nothing that was typed before another kind was chosen can be put right."""
    assert received(kind=kind, lot_code="x" * 41, expires_on="2.3.26x").status_code == 302
    assert Movement.objects.latest("id").lot is None
    assert not Lot.objects.exists()


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ({"lot_code": "x" * 41}, "Write at most 40 characters."),
        ({"lot_code": "A\u202eB"}, "Invisible marks in this text turn its direction."),
        ({"lot_code": "a\x00b"}, "Null characters are not allowed."),
        ({"expires_on": "2.3.26x"}, "Write the day as 2026-02-09."),
    ],
)
def test_bad_print_is_a_sentence(printed, sentence, received):
    answer = received(**printed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_count_of_what_has_no_lot_is_told_apart(
    as_user, hana, stocked, filled, log_address, lot, rice, today
):
    """60 kg are counted in all, 30 of them in each lot: at the line without a lot they would be 120."""
    client = as_user(hana)
    assert client.post(log_address(stocked), filled(kind="counted", number="100")).status_code == 302
    lot(stocked, "A", 30, 30)
    lot(stocked, "B", 30, 90)
    sent = filled(kind="counted", number="60")
    answer = client.post(log_address(stocked), sent)
    assert answer.status_code == 422
    asked = answer.context["form"].errors["number"][0]
    assert "in lots as well: A 30 kg, B 30 kg. Count here only what has no lot" in asked
    for name in ("day_sheet", "type_day_sheet"):
        page = client.get(reverse(f"shelters:{name}", args=[stocked.uuid]))
        assert "only what has no lot" in text_of(page)
    sent["asked"] = answer.context["form"]["asked"].value()
    assert client.post(log_address(stocked), sent).status_code == 302
    assert selectors.held(stocked.store, rice) == 60
