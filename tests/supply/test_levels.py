"""Minimum levels: an alert opens once, calls once, and clears by itself."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, OutboxMessage
from supply import selectors, services
from supply.models import StockAlert, StockLevel
from supply.tasks import watch_levels
from tests import factories
from tests.factories import receive
from tests.races import at_once
from tests.supply.test_ledger_rules import breaks
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def level(stocked, rice):
    """Willow should have 80 kg of rice, and has 100."""
    return factories.StockLevelFactory(place=stocked.store, item=rice, minimum=80)


@pytest.fixture
def use(stocked, hana, entry):
    return lambda quantity: services.log_use(by=hana, place=stocked.store, **entry(quantity=quantity))


def test_alert_opens_calls_once_and_clears_by_itself(level, use, sora, rice, stocked):
    assert watch_levels() == 0
    use(20)  # 80 is enough
    assert watch_levels() == 0
    use(1)
    assert watch_levels() == 1
    use(9)
    assert watch_levels() == 0
    alert = StockAlert.objects.get(cleared_at=None)
    assert (alert.held, alert.minimum) == (79, 80)
    mail = OutboxMessage.objects.get()
    assert (mail.to_user_id, mail.kind) == (sora.pk, "stock")
    for word in ("Rice", "WILLOW", "79 kg", "80 kg", "stock"):
        assert word not in mail.subject + mail.body
    receive(stocked.store, rice, 50)
    assert watch_levels() == 0
    alert.refresh_from_db()
    assert alert.cleared_at >= alert.opened_at
    use(60)  # too little again: a new alert, a new mail
    assert watch_levels() == 1
    assert OutboxMessage.objects.count() == StockAlert.objects.count() == 2
    actions = AuditEntry.objects.filter(action__startswith="stock.alert").order_by("id")
    assert [entry.action for entry in actions] == [
        "stock.alert_opened", "stock.alert_cleared", "stock.alert_opened",
    ]  # fmt: skip


def test_what_expires_over_night_opens_an_alert_by_the_nightly_look(level, use, rice, stocked, sora, as_user):
    use(30)
    now = timezone.now()
    today = timezone.localdate(now)
    lot = factories.LotFactory(item=rice, expires_on=today)
    factories.MovementFactory(item=rice, lot=lot, quantity=20, destination=stocked.store)
    look = partial(services.watch_levels, by=sora)
    assert look(now=now) == 0  # on its last day it is eaten still
    assert look(now=now + timedelta(days=1)) == 1
    assert look(now=now + timedelta(days=1)) == 0
    assert StockAlert.objects.get().held == 70
    [alert] = selectors.open_alerts([stocked.store_id], today + timedelta(days=1))
    assert alert.held_now == 70
    [shown] = selectors.levels(sora, today + timedelta(days=1))
    assert (shown.held, shown.is_low) == (70, True)
    [shown] = selectors.levels(sora, today)
    assert (shown.held, shown.is_low) == (90, False)
    assert "What is expired is not counted." in text_of(as_user(sora).get(reverse("supply:levels")))


def test_many_at_once_are_one_mail_a_coordinator(sora, otto, warehouse):
    for item in factories.ItemFactory.create_batch(3):
        factories.StockLevelFactory(place=warehouse, item=item)
    assert watch_levels() == 3
    assert [mail.to_user_id for mail in OutboxMessage.objects.all()] == [sora.pk]


def test_looking_costs_the_same_for_many_levels(warehouse, rice, sora, django_assert_num_queries):
    receive(warehouse, rice, 100)
    for number in (1, 29):
        for item in factories.ItemFactory.create_batch(number):
            receive(warehouse, item, 100)
            factories.StockLevelFactory(place=warehouse, item=item)
        with django_assert_num_queries(6):
            services.watch_levels(by=sora, now=timezone.now())


def test_eight_lookers_open_one_alert(level, use, sora, transactional_db):
    use(30)
    look = partial(services.watch_levels, by=sora, now=timezone.now())
    assert sorted(at_once(*[look] * 8)) == [0] * 7 + [1]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("stock_level_not_negative", lambda level: factories.StockLevelFactory(minimum=-1)),
        (
            "stock_level_one_each",
            lambda level: factories.StockLevelFactory(place=level.place, item=level.item),
        ),
        (
            "stock_alert_open_once",
            lambda level: factories.StockAlertFactory.create_batch(2, place=level.place, item=level.item),
        ),
        (
            "stock_alert_ends_after_it_began",
            lambda level: factories.StockAlertFactory(cleared_at=timezone.now() - timedelta(days=1)),
        ),
    ],
)
def test_rules(name, make, level):
    with breaks(name):
        make(level)


# --- the pages ----------------------------------------------------------------------------------------------


def test_coordinator_sets_a_minimum_and_sees_the_alert_at_once(as_user, sora, hana, stocked, rice):
    client = as_user(sora)
    data = {"place": stocked.store.uuid, "item": rice.uuid, "minimum": "120"}
    for _ in range(2):
        shown = text_of(client.post(reverse("supply:set_level"), data, follow=True))
    assert "1 row" in shown
    told = "ST-WILLOW: 100 kg of Rice, it should have 120 kg"
    assert told in text_of(client.get(reverse("shelters:cover")))
    for address in (reverse("shelters:start"), reverse("shelters:stock", args=[stocked.uuid])):
        assert told in text_of(as_user(hana).get(address, follow=True))
    change = f"{reverse('supply:set_level')}?level={StockLevel.objects.get().uuid}"
    assert 'value="120"' in client.get(change).content.decode()
    client.post(reverse("supply:set_level"), data | {"minimum": "0"})
    assert not selectors.open_alerts([stocked.store_id], timezone.localdate()).exists()
    assert "1 row" in text_of(client.get(reverse("supply:alerts"), {"is_open": "false"}))


def test_field_staff_see_no_alert_of_another_shelter(as_user, hana, willow, maple, rice):
    factories.StockAlertFactory(place=maple.store, item=rice)
    assert "Too little" not in text_of(as_user(hana).get(reverse("shelters:start"), follow=True))


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"minimum": "-1"}, "minimum", "Write 0 or more."),
        ({"minimum": "many"}, "minimum", "Write a number such as 3 or 2.5."),
        ({"minimum": "1.5", "item": "blanket"}, "minimum", "counted in whole units"),
        ({"place": "recipient"}, "place", "Select a valid choice"),
    ],
)
def test_bad_minimum_is_told_at_its_field(values, field, sentence, as_user, sora, warehouse, rice):
    records = {
        "blanket": factories.ItemFactory(code="BLANKET", base_unit="piece").uuid,
        "recipient": factories.RecipientFactory().place.uuid,
    }
    data = {"place": warehouse.uuid, "item": rice.uuid, "minimum": "1"}
    data |= {name: records.get(value, value) for name, value in values.items()}
    answer = as_user(sora).post(reverse("supply:set_level"), data)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not StockLevel.objects.exists()


def test_checking_now_is_told(as_user, sora, level, use):
    client = as_user(sora)
    use(30)
    assert "1 new alert." in text_of(client.post(reverse("supply:check_levels"), follow=True))
    assert "Nothing new" in text_of(client.post(reverse("supply:check_levels"), follow=True))


@pytest.mark.parametrize(
    ("name", "make"),
    [("levels", factories.StockLevelFactory), ("alerts", factories.StockAlertFactory)],
)
def test_register_costs_the_same_for_one_and_for_thirty(name, make, as_user, sora, django_assert_num_queries):
    client = as_user(sora)
    for number in (1, 29):
        make.create_batch(number)
        with django_assert_num_queries(10):
            shown = text_of(client.get(reverse(f"supply:{name}")))
    assert "30 rows" in shown
