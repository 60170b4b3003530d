"""What the database itself refuses, asked as the app's own role."""

from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from shelters.models import HeadCount, ShelterStatus
from tests import factories as f

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))


@contextmanager
def breaks(name):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert error.value.__cause__.diag.constraint_name == name


def test_nobody_under_two_roofs_in_one_night():
    resident = f.ResidentFactory()
    f.StayFactory(resident=resident, nights=DateRange(MARCH, MAY))
    with breaks("stay_one_roof"):
        f.StayFactory(resident=resident, nights=DateRange(APRIL, None))
    f.StayFactory(resident=resident, nights=DateRange(MAY, None))
    f.StayFactory(nights=DateRange(MARCH, MAY))


def test_planned_stay_may_lie_beside_a_real_one():
    resident = f.ResidentFactory()
    f.StayFactory(resident=resident, nights=DateRange(MARCH, MAY))
    planned = f.StayFactory(resident=resident, nights=DateRange(APRIL, JUNE), is_planned=True)
    planned.is_planned = False
    with breaks("stay_one_roof"):
        planned.save()


@pytest.mark.parametrize("nights", [DateRange(MARCH, MARCH), DateRange(None, MARCH)])
def test_stay_has_nights(nights):
    with breaks("stay_has_nights"):
        f.StayFactory(nights=nights)


def test_person_is_posted_once_at_a_time(hana, willow):
    with breaks("posting_once_at_a_time"):
        f.PostingFactory(user=hana, shelter=willow, days=DateRange(MARCH, APRIL))
    f.PostingFactory(user=hana)


@pytest.mark.parametrize("days", [DateRange(MARCH, MARCH), DateRange(None, MARCH)])
def test_posting_has_days(days):
    with breaks("posting_has_days"):
        f.PostingFactory(days=days)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("shelter_blocks_at_most_its_places", lambda: f.ShelterFactory(capacity=3, blocked_places=4)),
        ("shelter_closes_after_it_opens", lambda: f.ShelterFactory(opened_on=APRIL, closed_on=MARCH)),
        ("shelter_status_once", lambda: _twice(f.ShelterStatusFactory, shelter=f.ShelterFactory())),
        ("head_count_one_a_day", lambda: _twice(f.HeadCountFactory, shelter=f.ShelterFactory())),
        ("ration_one_rule_from_a_day", lambda: _twice(f.RationRuleFactory, item=f.ItemFactory())),
        ("ration_is_something", lambda: f.RationRuleFactory(grams=0)),
    ],
)
def test_register_rules(name, make):
    with breaks(name):
        make()


def _twice(factory, **values):
    factory(**values)
    factory(**values)


@pytest.mark.parametrize("change", ["UPDATE {} SET since = now()", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("model", [ShelterStatus, HeadCount])
def test_history_cannot_be_changed(model, change):
    table = model._meta.db_table
    {ShelterStatus: f.ShelterStatusFactory, HeadCount: f.HeadCountFactory}[model]()
    if model is HeadCount:
        change = change.replace("since", "counted_on")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(change.format(table))
    assert model.objects.count() == 1


def test_every_rule_has_its_test():
    """A new constraint without a line above, or among those of lock-downs, fails here."""
    others = Path(__file__).parents[1] / "accounts" / "test_lock_down_rules.py"
    written = Path(__file__).read_text() + others.read_text()
    names = [
        c.name for model in apps.get_app_config("shelters").get_models() for c in model._meta.constraints
    ]
    assert names
    assert [name for name in names if name not in written] == []
