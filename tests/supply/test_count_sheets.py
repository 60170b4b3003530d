"""A whole place counted: blind, by one person, finished by another, stopped by what moved meanwhile."""

import uuid
from datetime import timedelta
from decimal import Decimal
from functools import partial
from threading import Event

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.fiscal import month_of
from supply import selectors, services
from supply.models import CountLine, CountSheet, Movement, StockCount
from tests import factories
from tests.factories import receive
from tests.races import at_once, until_they_wait
from tests.supply.test_ledger_rules import breaks
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(willow):
    """Hana's colleague at Willow."""
    mei = factories.UserFactory(name="Mei")
    factories.PostingFactory(user=mei, shelter=willow)
    return mei


@pytest.fixture
def tea(stocked):
    tea = factories.ItemFactory(code="TEA", name="Tea")
    receive(stocked.store, tea, 8)
    return tea


@pytest.fixture
def sheet(stocked, tea, hana, today):
    """Hana counts Willow: 100 kg of rice and 8 kg of tea are expected."""
    return services.begin_count(by=hana, place=stocked.store, today=today, key=uuid.uuid4())


@pytest.fixture
def write(sheet, hana):
    """`write(RICE=95, TEA=8)` writes down what was found, and hands it in."""

    def write_down(*, is_done=True, **found):
        keys = {line.item.code: line.pk for line in sheet.lines.all()}
        numbers = {keys[code]: (Decimal(number), str(number)) for code, number in found.items()}
        return services.write_counts(by=hana, sheet=sheet, found=numbers, is_done=is_done)

    return write_down


def finish(sheet, by, **reasons):
    keys = {line.item.code: line.pk for line in sheet.lines.all()}
    named = {keys[code]: reason for code, reason in reasons.items()}
    return services.finish_count(by=by, sheet=sheet, reasons=named, now=timezone.now())


def line_of(sheet, item):
    return sheet.lines.get(item=item)


# --- the services -------------------------------------------------------------------------------------------


def test_differences_become_movements_when_a_second_person_finishes(sheet, write, mei, rice, tea, today):
    write(RICE=95, TEA=8)
    finish(sheet, mei, RICE="a bag was torn")
    movement = Movement.objects.get(reason="counted")
    assert (movement.item, movement.quantity, movement.by, movement.occurred_on) == (rice, 5, mei, today)
    assert movement.document == "a bag was torn"
    assert selectors.held(sheet.place, rice) == 95
    counted = {row.item.code: (row.expected, row.counted) for row in StockCount.objects.all()}
    assert counted == {"RICE": (100, 95), "TEA": (8, 8)}
    assert line_of(sheet, rice).result.movement == movement
    sheet.refresh_from_db()
    assert (sheet.state, sheet.finisher) == ("finished", mei)
    assert finish(sheet, mei).pk == sheet.pk  # pressed twice
    assert Movement.objects.filter(reason="counted").count() == 1
    assert selectors.check_ledger() == []


def test_who_counted_does_not_finish(sheet, write, hana):
    write(RICE=100, TEA=8)
    with pytest.raises(services.CountedByOneself):
        finish(sheet, hana)
    with breaks("count_sheet_finished_by_another"):
        CountSheet.objects.update(state="finished", finisher=hana, finished_at=timezone.now())


def test_line_that_moved_is_named_and_counted_again(sheet, write, hana, mei, rice, entry):
    write(RICE=100, TEA=8)
    services.log_use(by=mei, place=sheet.place, **entry(quantity=10))
    with pytest.raises(services.LineMoved, match="Rice was booked since the count began"):
        finish(sheet, mei)
    assert not StockCount.objects.exists()
    services.recount(by=mei, line=line_of(sheet, rice))
    with pytest.raises(services.CountIsOver):
        finish(sheet, mei)  # it is being counted again
    write(RICE=90)
    finish(sheet, mei)
    assert not Movement.objects.filter(reason="counted").exists()


def test_what_moved_out_and_in_again_is_noticed_too(sheet, write, mei, hana, entry, today):
    write(RICE=100, TEA=8)
    used = services.log_use(by=mei, place=sheet.place, **entry(quantity=10))
    services.reverse_movement(by=mei, movement=used, today=today, reason="mistyped")
    with pytest.raises(services.LineMoved):
        finish(sheet, mei)


def test_item_that_shows_as_zero_is_counted(sheet, write, hana, mei):
    oil = factories.ItemFactory(code="OIL", name="Oil")
    assert (oil, None) in selectors.lines_to_add(sheet)
    for _ in range(2):
        services.add_count_line(by=hana, sheet=sheet, item=oil)
    write(RICE=100, TEA=8, OIL=3)
    with pytest.raises(services.DifferenceNeedsReason, match="Oil differs"):
        finish(sheet, mei)
    finish(sheet, mei, OIL="never logged")
    assert selectors.held(sheet.place, oil) == 3


def test_nothing_is_handed_in_half_counted_or_by_somebody_else(sheet, write, mei):
    with pytest.raises(services.LineNotCounted, match="Tea is not counted yet"):
        write(RICE=100)
    write(is_done=False, RICE=100)
    with pytest.raises(services.NotTheCounter):
        services.write_counts(by=mei, sheet=sheet, found={}, is_done=True)
    with pytest.raises(services.NotTheCounter):
        services.add_count_line(by=mei, sheet=sheet, item=factories.ItemFactory())


def test_same_form_begins_once_and_one_count_is_open_a_place(sheet, hana, mei, today):
    again = services.begin_count(by=hana, place=sheet.place, today=today, key=sheet.key)
    assert again == sheet
    with pytest.raises(services.CountGoingOn):
        services.begin_count(by=mei, place=sheet.place, today=today, key=uuid.uuid4())
    with pytest.raises(services.KeyAlreadyUsed):
        services.begin_count(by=mei, place=sheet.place, today=today, key=sheet.key)
    services.set_count_aside(by=mei, sheet=sheet)
    assert services.begin_count(by=mei, place=sheet.place, today=today, key=uuid.uuid4()) != sheet


def test_count_of_a_closed_month_is_not_finished(stocked, hana, mei, sora, today):
    last_month = month_of(today) - timedelta(days=1)
    old = services.begin_count(by=hana, place=factories.PlaceFactory(), today=last_month, key=uuid.uuid4())
    services.write_counts(by=hana, sheet=old, found={}, is_done=True)
    services.close_month(by=sora, month=last_month, today=today)
    with pytest.raises(services.MonthClosed):
        finish(old, mei)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("count_sheet_one_per_key", lambda sheet: factories.CountSheetFactory(key=sheet.key)),
        ("count_sheet_one_open_a_place", lambda sheet: factories.CountSheetFactory(place=sheet.place)),
        ("count_sheet_finished_by_somebody", lambda sheet: factories.CountSheetFactory(state="finished")),
        (
            "count_line_one_each",
            lambda sheet: factories.CountLineFactory(sheet=sheet, item=sheet.lines.first().item),
        ),
        ("count_line_not_negative", lambda sheet: factories.CountLineFactory(sheet=sheet, counted=-1)),
    ],
)
def test_rules(name, make, sheet):
    with breaks(name):
        make(sheet)


def test_what_is_finished_or_set_aside_stays(sheet, hana):
    services.set_count_aside(by=hana, sheet=sheet)
    with breaks("count_sheet_is_kept"):
        CountSheet.objects.update(state="counting")
    with breaks("count_line_is_kept"):
        CountLine.objects.update(counted=1)


# --- at the same moment -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_count_waits_for_a_booking_under_way_and_then_sees_it(sheet, write, hana, mei, entry):
    write(RICE=100, TEA=8)
    booking = Event()

    def book():
        with transaction.atomic():
            services.log_use(by=mei, place=sheet.place, **entry(quantity=1))
            booking.set()
            assert until_they_wait(1)

    def count():
        assert booking.wait(timeout=10)
        return finish(sheet, mei)

    booked, refused = at_once(book, count)
    assert booked is None
    assert isinstance(refused, services.LineMoved)


@pytest.mark.django_db(transaction=True)
def test_booking_waits_for_a_count_under_way_and_counts_on_top(sheet, write, hana, mei, rice, entry):
    write(RICE=90, TEA=8)
    finishing = Event()

    def count():
        with transaction.atomic():
            finish(sheet, mei, RICE="unknown")
            finishing.set()
            assert until_they_wait(1)

    def book():
        assert finishing.wait(timeout=10)
        services.log_use(by=mei, place=sheet.place, **entry(quantity=1))

    assert at_once(count, book) == [None, None]
    assert selectors.held(sheet.place, rice) == 89
    assert selectors.check_ledger() == []


# --- the pages ----------------------------------------------------------------------------------------------


def address(name, sheet, *more):
    return reverse(f"supply:{name}", args=[sheet.uuid, *more])


def typed(sheet, done=True, **found):
    lines = {line.item.code: line for line in sheet.lines.select_related("item")}
    data = {f"number_{lines[code].uuid}": number for code, number in found.items()}
    data |= {f"unit_{line.uuid}": str(line.item.uuid) for line in lines.values()}
    return data | ({"done": "1"} if done else {"save": "1"})


def test_count_is_blind_and_a_colleague_finishes_it(as_user, hana, mei, stocked, tea, rice):
    phone = as_user(hana)
    key = str(uuid.uuid4())
    first, second = (
        phone.post(reverse("supply:begin_count", args=[stocked.store.uuid]), {"key": key}) for _ in range(2)
    )
    assert first.url == second.url
    sheet = CountSheet.objects.get()
    shown = text_of(phone.get(first.url))
    assert "Rice" in shown
    assert "100" not in shown
    bag = rice.packs.get()
    data = typed(sheet, RICE="3", TEA="8") | {f"unit_{line_of(sheet, rice).uuid}": str(bag.uuid)}
    shown = text_of(phone.post(first.url, data, follow=True))
    assert "Handed in." in shown
    assert "expected" not in shown
    colleague = as_user(mei)
    shown = text_of(colleague.get(first.url))
    assert "75 kg" in shown
    assert "expected 100 kg" in shown
    refused = colleague.post(address("finish_count", sheet), {})
    assert refused.status_code == 422
    assert "Rice differs from what was expected." in text_of(refused)
    assert list(refused.context["form"].errors) == [f"reason_{line_of(sheet, rice).uuid}"]
    reason = {f"reason_{line_of(sheet, rice).uuid}": "a bag is missing"}
    shown = text_of(colleague.post(address("finish_count", sheet), reason, follow=True))
    assert "The count is finished" in shown
    assert "finished by Mei" in shown
    assert selectors.held(stocked.store, rice) == 75


def test_counter_who_presses_finish_is_told(as_user, hana, sheet, write):
    write(RICE=100, TEA=8)
    answer = as_user(hana).post(address("finish_count", sheet), {})
    assert answer.status_code == 422
    assert "You counted this yourself." in text_of(answer)


def test_coordinator_sends_a_line_back(as_user, sora, hana, sheet, write, rice, entry):
    write(RICE=100, TEA=8)
    services.log_use(by=hana, place=sheet.place, **entry(quantity=1))
    client = as_user(sora)
    assert "Booked since the count began" in text_of(client.get(address("count", sheet)))
    shown = text_of(client.post(address("recount", sheet, line_of(sheet, rice).uuid), follow=True))
    assert "Rice is to be counted again." in shown
    assert "1 of 2 lines are counted." in shown


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("-1", "Write 0 or more."),
        ("many", "such as 3 or 2.5"),
        ("1.2345", "at most three digits"),
        ("", "not counted"),
    ],
)
def test_bad_numbers_are_told_and_nothing_is_kept(number, sentence, as_user, hana, sheet):
    answer = as_user(hana).post(address("count", sheet), typed(sheet, RICE=number, TEA="8"))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not sheet.lines.exclude(counted=None).exists()


def test_saved_half_way_it_goes_on(as_user, hana, sheet, rice):
    shown = text_of(
        as_user(hana).post(address("count", sheet), typed(sheet, done=False, RICE="90"), follow=True)
    )
    assert "written down: 90 kg" in shown
    oil = factories.ItemFactory(code="OIL", name="Oil")
    shown = text_of(
        as_user(hana).post(address("add_count_line", sheet), {"line": str(oil.uuid)}, follow=True)
    )
    assert "Oil" in shown
    assert sheet.lines.count() == 3


def test_another_line_keeps_the_numbers_that_were_typed(as_user, hana, sheet):
    client, oil = as_user(hana), factories.ItemFactory(code="OIL", name="Oil")
    wrong = typed(sheet, done=False, RICE="many") | {"line": str(oil.uuid)}
    refused = client.post(address("add_count_line", sheet), wrong)
    assert refused.status_code == 422
    assert f'action="{address("count", sheet)}"' in refused.content.decode()  # there it is handed in
    assert sheet.lines.count() == 2
    right = typed(sheet, done=False, RICE="90") | {"line": str(oil.uuid)}
    shown = text_of(client.post(address("add_count_line", sheet), right, follow=True))
    assert "written down: 90 kg" in shown
    assert sheet.lines.count() == 3


@pytest.mark.parametrize(("name", "who", "queries"), [("counts", "sora", 9), ("count", "hana", 15)])
def test_pages_cost_the_same_for_one_and_for_many(
    name, who, queries, sheet, as_user, request, django_assert_num_queries
):
    client = as_user(request.getfixturevalue(who))
    for number in (1, 9):
        for item in factories.ItemFactory.create_batch(number):
            factories.PackFactory(item=item)
            factories.CountLineFactory(sheet=sheet, item=item)
            factories.CountSheetFactory()
        with django_assert_num_queries(queries):
            client.get(reverse("supply:counts") if name == "counts" else address(name, sheet))


def test_foreign_sheet_is_no_page(as_user, jin, sheet):
    assert as_user(jin).get(address("count", sheet)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_pressed_many_times_at_once_it_is_finished_once(write, sheet, mei):
    write(RICE=95, TEA=8)
    answers = at_once(*[partial(finish, CountSheet.objects.get(pk=sheet.pk), mei, RICE="mice")] * 6)
    assert {getattr(answer, "pk", answer) for answer in answers} == {sheet.pk}
    assert Movement.objects.filter(destination__kind="counted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_pressed_many_times_at_once_it_is_set_aside_once(sheet, hana):
    aside = partial(services.set_count_aside, by=hana, sheet=sheet)
    assert {getattr(answer, "pk", answer) for answer in at_once(*[aside] * 6)} == {sheet.pk}
