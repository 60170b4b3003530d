"""What the database itself refuses, asked as the app's own role."""

import uuid
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core.identity import acting_as
from shelters.models import HeadCount, Resident, Shelter, ShelterStatus, Stay
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
    planned = f.StayFactory(resident=resident, nights=DateRange(APRIL, None), is_planned=True)
    planned.is_planned = False
    with breaks("stay_one_roof"):
        planned.save()


@pytest.mark.parametrize("nights", [DateRange(MARCH, MARCH), DateRange(None, MARCH)])
def test_stay_has_nights(nights):
    with breaks("stay_has_nights"):
        f.StayFactory(nights=nights)


def test_only_a_stay_that_came_about_and_is_over_has_an_outcome():
    f.StayFactory(nights=DateRange(MARCH, MAY), outcome="moved")
    with breaks("stay_outcome_once_over"):
        f.StayFactory(nights=DateRange(MARCH, None), outcome="moved")
    with breaks("stay_outcome_once_over"):
        f.StayFactory(nights=DateRange(MARCH, MAY), outcome="moved", is_planned=True)


def test_of_a_stay_that_is_over_it_is_said_what_became_of_the_person():
    f.StayFactory(nights=DateRange(MARCH, MAY), outcome="", is_planned=True)
    with breaks("stay_over_has_an_outcome"):
        f.StayFactory(nights=DateRange(MARCH, MAY), outcome="")
    stay = f.StayFactory(nights=DateRange(MARCH, None), leaves_on=APRIL)
    with breaks("stay_over_has_an_outcome"):
        Stay.objects.filter(pk=stay.pk).update(nights=DateRange(MARCH, MAY))


def test_who_did_not_arrive_spends_no_night_and_is_not_forgotten():
    with breaks("stay_missing_is_no_night"):
        f.StayFactory(is_missing=True)
    lost = f.StayFactory(is_missing=True, is_planned=True)
    with breaks("stay_missing_until_it_is_said"):
        Stay.objects.filter(pk=lost.pk).update(cancelled_at=timezone.now())
    over = {"nights": DateRange(MARCH, APRIL), "outcome": "arrested"}
    with breaks("stay_outcome_once_over"):
        Stay.objects.filter(pk=lost.pk).update(**over)
    Stay.objects.filter(pk=lost.pk).update(cancelled_at=timezone.now(), **over)


def test_nobody_means_to_leave_before_the_first_night():
    with breaks("stay_leaves_after_the_first_night"):
        f.StayFactory(nights=DateRange(MARCH, None), leaves_on=MARCH)


def test_nights_spent_are_not_called_off():
    f.StayFactory(is_planned=True, cancelled_at=timezone.now())
    with breaks("stay_called_off_is_no_night"):
        f.StayFactory(cancelled_at=timezone.now())


def test_one_form_writes_one_stay():
    key = f.StayFactory(key=uuid.uuid4()).key
    with breaks("stay_one_per_key"):
        f.StayFactory(key=key)


def test_who_came_came_and_stays_the_same_person_at_the_same_shelter(hana, willow, maple):
    stay = f.StayFactory(shelter=willow, nights=DateRange(MARCH, None))
    rows = Stay.objects.filter(pk=stay.pk)
    with breaks("stay_keeps_person_and_shelter"):
        rows.update(shelter=maple)
    with breaks("stay_came_about"):
        rows.update(is_planned=True)
    with breaks("stay_keeps_its_first_night"), acting_as(hana):
        rows.update(nights=DateRange(APRIL, None))
    rows.update(nights=DateRange(APRIL, None))  # an import puts a register right
    rows.update(is_planned=True, cancelled_at=timezone.now())
    with breaks("stay_called_off_stays_so"):
        rows.update(is_planned=False, cancelled_at=None)


@pytest.mark.parametrize("state", ["exposed", "closed"])
def test_nobody_arrives_where_it_is_exposed_or_closed(state, willow):
    planned = f.StayFactory(shelter=willow, is_planned=True, nights=DateRange(MAY, None))
    f.ShelterStatusFactory(shelter=willow, state=state, since=APRIL)
    f.StayFactory(shelter=willow, nights=DateRange(MARCH, MAY))  # before that day
    f.StayFactory(shelter=willow, nights=DateRange(JUNE, None), is_planned=True)
    with breaks("stay_begins_at_an_open_shelter"):
        f.StayFactory(shelter=willow, nights=DateRange(APRIL, None))
    with breaks("stay_begins_at_an_open_shelter"):
        Stay.objects.filter(pk=planned.pk).update(is_planned=False)
    f.ShelterStatusFactory(shelter=willow, state="open", since=MAY)
    Stay.objects.filter(pk=planned.pk).update(is_planned=False)


def test_nobody_arrives_after_the_last_day():
    shelter = f.ShelterFactory(closed_on=MAY)
    f.StayFactory(shelter=shelter, nights=DateRange(APRIL, MAY))
    with breaks("stay_begins_at_an_open_shelter"):
        f.StayFactory(shelter=shelter, nights=DateRange(MAY, JUNE))


def test_a_shelter_closes_when_nobody_stays(willow):
    stay = f.StayFactory(shelter=willow, nights=DateRange(MARCH, None))
    with breaks("shelter_closes_when_nobody_stays"):
        f.ShelterStatusFactory(shelter=willow, state="closed", since=APRIL)
    with breaks("shelter_closes_when_nobody_stays"):
        Shelter.objects.filter(pk=willow.pk).update(closed_on=APRIL)
    Stay.objects.filter(pk=stay.pk).update(nights=DateRange(MARCH, APRIL), outcome="moved")
    f.ShelterStatusFactory(shelter=willow, state="closed", since=APRIL)
    assert Shelter.objects.filter(pk=willow.pk).update(closed_on=APRIL) == 1


def test_a_shelter_stands_in_a_time_zone_of_the_list():
    with breaks("shelter_time_zone_is_known"):
        f.ShelterFactory(time_zone="Asia/Pyongyang")


def test_who_wrote_a_resident_down_is_kept(hana, willow):
    stay = f.StayFactory(shelter=willow)
    with breaks("resident_registration_is_kept"), acting_as(hana):
        Resident.objects.filter(pk=stay.resident_id).update(registered_by=hana)
    with breaks("resident_has_a_uuid_of_their_own"), acting_as(hana):
        f.ResidentFactory(real_name="", registered_by=hana, uuid=willow.uuid)


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
        ("shelter_status_one_per_key", lambda: _twice(f.ShelterStatusFactory, key=uuid.uuid4())),
        ("head_count_one_per_key", lambda: _twice(f.HeadCountFactory, key=uuid.uuid4())),
        ("head_count_others_are_of_the_people", lambda: f.HeadCountFactory(people=3, others=4)),
        ("evacuation_one_at_a_time", lambda: _twice(f.EvacuationFactory, shelter=f.ShelterFactory())),
        ("evacuation_finished_by_somebody", lambda: f.EvacuationFactory(finished_at=timezone.now())),
        (
            "evacuation_finished_with_a_reason",
            lambda: f.EvacuationFactory(finished_at=timezone.now(), finished_by=f.UserFactory(), reason=""),
        ),
        ("evacuation_one_per_key", lambda: _twice(f.EvacuationFactory, key=uuid.uuid4())),
        ("evacuation_each_child_once", lambda: _child_twice(uuid.uuid4())),
        ("evacuation_counted_are_some", lambda: f.EvacuationCountedFactory(people=0)),
        ("evacuation_counted_one_per_key", lambda: _twice(f.EvacuationCountedFactory, key=uuid.uuid4())),
        (
            "evacuation_each_called_once",
            lambda: _twice(f.EvacuationCallFactory, evacuation=f.EvacuationFactory(), person=f.UserFactory()),
        ),
        ("ration_not_negative", lambda: f.RationRuleFactory(grams=-1)),
    ],
)
def test_register_rules(name, make):
    with breaks(name):
        make()


def _child_twice(subject):
    first = f.EvacuationChildFactory(subject=subject)
    f.EvacuationChildFactory(evacuation=first.evacuation, subject=subject)


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
    """A new constraint without a test in this folder, or among those of lock-downs, fails here."""
    others = Path(__file__).parents[1] / "accounts" / "test_lock_down_rules.py"
    written = "".join(path.read_text() for path in (*Path(__file__).parent.glob("test_*.py"), others))
    names = [
        c.name for model in apps.get_app_config("shelters").get_models() for c in model._meta.constraints
    ]
    assert names
    assert [name for name in names if name not in written] == []
