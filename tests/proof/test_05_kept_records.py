"""Test 5, further: with SQL under one's own proven identity nobody rewrites what was written down.

Each refusal stands beside what the app itself writes, so that it cannot hold for another reason.
"""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from tests import factories as f
from tests.proof.kept import is_done, is_taken

# --- a shelter ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "code = 'HIDDEN'",
        "region = 'elsewhere'",
        "capacity = 99",
        "blocked_places = 1",
        "opened_on = '1990-01-01'",
        "closed_on = '2090-01-01'",
        "disclosure = 'public'",
        "store_id = (SELECT max(id) FROM supply_place)",
    ],
)
def test_field_staff_change_no_more_of_their_shelter_than_its_place(change, hana, aya, willow):
    f.PlaceFactory(kind="store")
    statement = "UPDATE shelters_shelter SET {} WHERE id = %s"
    assert not is_taken(hana, statement.format(change), willow.pk)
    assert is_taken(aya, statement.format(change), willow.pk)
    for column in ("address", "map_point", "contact", "spellings"):
        assert is_taken(hana, statement.format(f"{column} = 'sealed'"), willow.pk)


# --- who wrote it, and when --------------------------------------------------------------------------------


def signed_rows(willow, rice, sora, today):
    """Who writes → model: how a row of it is made. Everything it hangs on is there."""
    resident = f.StayFactory(shelter=willow).resident
    case, incident = f.MedicalCaseFactory(resident=resident), f.IncidentFactory(shelter=willow)
    stay = f.StayFactory(shelter=willow)
    left, line = f.EvacuationFactory(shelter=willow), f.sent_line(item=rice)
    outside = f.PlaceFactory(kind="supplier")
    moved = {"item": rice, "source": outside, "destination": willow.store}
    return {
        "hana": [
            (f.HeadCountFactory, {"shelter": willow}),
            (f.MedicalCaseFactory, {"resident": resident, "condition": None}),
            (f.MedicalCostFactory, {"case": case}),
            (f.AllowanceFactory, {"resident": resident}),
            (f.IncidentFactory, {"shelter": willow}),
            (f.IncidentNoteFactory, {"incident": incident, "note": None}),
            (f.EvacuationPersonFactory, {"evacuation": left, "stay": stay}),
            (f.EvacuationCountedFactory, {"evacuation": left}),
            (f.MovementFactory, moved),
            (f.StockCountFactory, {"place": willow.store, "item": rice, "movement": None}),
        ],
        "sora": [
            (f.ConsignmentStepFactory, {"consignment": line.consignment, "kind": "lost", "note": "taken"}),
            (f.ConfirmationFactory, {"line": line}),
            (f.ConsignmentCostFactory, {"consignment": line.consignment}),
            (f.MovementFactory, moved),
            (f.MonthClosingFactory, {"month": today.replace(day=1) - timedelta(days=366)}),
        ],
    }


WRITERS = [("hana", number) for number in range(10)] + [("sora", number) for number in range(5)]


@pytest.mark.parametrize(("who", "number"), WRITERS)
def test_nobody_writes_in_a_colleagues_name_or_at_another_time(
    who, number, willow, rice, sora, jin, today, request
):
    writer = request.getfixturevalue(who)
    make, values = signed_rows(willow, rice, sora, today)[who][number]
    if "month" in values:
        values["month"] = values["month"].replace(day=1)
    assert is_done(writer, lambda: make(by=writer, **values))
    assert not is_done(writer, lambda: make(by=jin, **values))
    names = {field.name for field in make._meta.model._meta.fields}
    for when in names & {"recorded_at", "at"}:
        before = {when: timezone.now() - timedelta(days=1)}
        assert not is_done(writer, lambda: make(by=writer, **values, **before))  # noqa: B023


def test_heads_are_counted_of_today(hana, willow, today):
    assert is_done(hana, lambda: f.HeadCountFactory(shelter=willow, by=hana))
    for day in (today - timedelta(days=40), today + timedelta(days=2)):
        values = {"shelter": willow, "by": hana, "counted_on": day}
        assert not is_done(hana, lambda: f.HeadCountFactory(**values))  # noqa: B023


# --- stays -------------------------------------------------------------------------------------------------

CALL_OFF = "UPDATE shelters_stay SET is_planned = true, cancelled_at = now(), outcome = '' WHERE id = %s"


def test_nights_that_were_spent_do_not_vanish(hana, willow, today):
    came_today = f.StayFactory(shelter=willow, nights=DateRange(today, None))
    long_here = f.StayFactory(shelter=willow, nights=DateRange(today - timedelta(days=9), None))
    assert is_taken(hana, CALL_OFF, came_today.pk)
    assert not is_taken(hana, CALL_OFF, long_here.pk)
    elsewhere = f.StayFactory(
        shelter=willow,
        resident=long_here.resident,
        nights=DateRange(today - timedelta(days=9), None),
        is_planned=True,
    )
    assert is_taken(hana, CALL_OFF, long_here.pk)  # handed on with the day of arrival
    elsewhere.cancelled_at = timezone.now()
    elsewhere.save()
    assert not is_taken(hana, CALL_OFF, long_here.pk)


@pytest.mark.parametrize(
    "change",
    [
        "outcome = 'safe_country'",
        "outcome = ''",
        "note = 'another story'",
        "nights = daterange(lower(nights), upper(nights) + 30)",
        "nights = daterange(lower(nights), upper(nights) - 1)",
        "nights = daterange(lower(nights), upper(nights) - 1), outcome = 'moved'",
    ],
)
def test_what_became_of_somebody_is_said_once(change, hana, willow, today):
    nights = DateRange(today - timedelta(days=60), today - timedelta(days=40))
    over = f.StayFactory(shelter=willow, nights=nights, outcome="arrested")
    here = f.StayFactory(shelter=willow, nights=DateRange(today - timedelta(days=60), None))
    statement = "UPDATE shelters_stay SET {} WHERE id = %s"
    assert not is_taken(hana, statement.format(change), over.pk)
    assert is_taken(
        hana, statement.format("nights = daterange(lower(nights), current_date), outcome = 'died'"), here.pk
    )


# --- evacuations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'an exercise'",
        "started_at = started_at - interval '1 day'",
        "started_by_id = {jin}",
        "finished_at = clock_timestamp(), finished_by_id = {jin}",
        "finished_at = started_at - interval '1 day', finished_by_id = {hana}",
    ],
)
def test_an_evacuation_is_finished_in_person_and_else_not_changed(change, hana, jin, willow):
    running = f.EvacuationFactory(shelter=willow)
    statement = f"UPDATE shelters_evacuation SET {change.format(jin=jin.pk, hana=hana.pk)} WHERE id = %s"
    assert not is_taken(hana, statement, running.pk)
    end = "UPDATE shelters_evacuation SET finished_at = clock_timestamp(), finished_by_id = %s WHERE id = %s"
    assert is_taken(hana, end, hana.pk, running.pk)


def test_an_evacuation_that_is_over_and_who_was_reached_stay_so(hana, jin, willow):
    over = f.EvacuationFactory(shelter=willow, finished_at=timezone.now(), finished_by=jin)
    reopen = "UPDATE shelters_evacuation SET finished_at = NULL, finished_by_id = NULL WHERE id = %s"
    assert not is_taken(hana, reopen, over.pk)
    reached = f.EvacuationCallFactory(evacuation=over, reached_at=timezone.now())
    called = f.EvacuationCallFactory(evacuation=over)
    assert not is_taken(
        hana, "UPDATE shelters_evacuationcall SET reached_at = NULL WHERE id = %s", reached.pk
    )
    assert not is_taken(
        hana, "UPDATE shelters_evacuationcall SET person_id = %s WHERE id = %s", jin.pk, called.pk
    )
    assert is_taken(hana, "UPDATE shelters_evacuationcall SET reached_at = now() WHERE id = %s", called.pk)


def test_nobody_is_added_to_an_evacuation_that_is_over_or_was_elsewhere(hana, willow):
    here, elsewhere = f.StayFactory(shelter=willow), f.StayFactory(shelter=f.ShelterFactory())
    f.PostingFactory(user=hana, shelter=elsewhere.shelter)
    running = f.EvacuationFactory(shelter=willow)

    def is_added(stay) -> bool:
        return is_done(hana, lambda: f.EvacuationPersonFactory(evacuation=running, stay=stay, by=hana))

    def is_counted() -> bool:
        return is_done(hana, lambda: f.EvacuationCountedFactory(evacuation=running, by=hana))

    assert is_added(here)
    assert is_counted()
    assert not is_added(elsewhere)
    running.finished_at, running.finished_by = timezone.now(), hana
    running.save()
    assert not is_added(here)
    assert not is_counted()


def test_an_evacuation_begins_now_and_in_ones_own_name(hana, jin, willow):
    assert is_done(hana, lambda: f.EvacuationFactory(shelter=willow, started_by=hana))
    yesterday = timezone.now() - timedelta(days=1)
    for other in (
        {"started_by": jin},
        {"started_by": hana, "started_at": yesterday},
        {"started_by": hana, "finished_at": timezone.now(), "finished_by": hana},
    ):
        assert not is_done(hana, lambda: f.EvacuationFactory(shelter=willow, **other))  # noqa: B023


# --- illnesses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["resident_id = {other}", "opened_on = '1990-01-01'", "condition = 'x'", "kind = 'injury'"]
)
def test_of_an_open_case_the_treatment_and_its_end_are_written(change, hana, willow):
    case = f.MedicalCaseFactory(resident=f.StayFactory(shelter=willow).resident)
    other = f.StayFactory(shelter=willow).resident
    statement = "UPDATE shelters_medicalcase SET {} WHERE id = %s"
    assert not is_taken(hana, statement.format(change.format(other=other.pk)), case.pk)
    assert is_taken(hana, statement.format("treatment = 'x'"), case.pk)
    assert is_taken(hana, statement.format("closed_on = current_date, outcome = 'cured'"), case.pk)


def test_a_closed_case_stays_closed(hana, willow, today):
    resident = f.StayFactory(shelter=willow).resident
    case = f.MedicalCaseFactory(resident=resident, closed_on=today, outcome="died")
    statement = "UPDATE shelters_medicalcase SET {} WHERE id = %s"
    assert not is_taken(hana, statement.format("closed_on = NULL, outcome = ''"), case.pk)
    assert not is_taken(hana, statement.format("outcome = 'cured'"), case.pk)
    assert not is_taken(hana, statement.format("treatment = 'x'"), case.pk)


# --- who was posted where ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["user_id = {jin}", "shelter_id = {maple}", "days = daterange(current_date, NULL)"]
)
def test_an_administrator_ends_a_posting_and_rewrites_none(change, aya, hana, jin, willow, maple):
    posting = f.PostingFactory(user=hana, shelter=f.ShelterFactory())
    statement = "UPDATE shelters_posting SET {} WHERE id = %s"
    assert not is_taken(aya, statement.format(change.format(jin=jin.pk, maple=maple.pk)), posting.pk)
    assert is_taken(aya, statement.format("days = daterange(lower(days), current_date + 1)"), posting.pk)


# --- what hangs on others' rows ----------------------------------------------------------------------------


def test_nothing_is_hung_on_a_row_that_is_not_shown(hana, willow, maple, rice):
    theirs, ours = f.receive(maple.store, rice, 5), f.receive(willow.store, rice, 5)
    case = f.MedicalCaseFactory(resident=f.StayFactory(shelter=willow).resident)
    incident = f.IncidentFactory(shelter=willow)
    states = {shelter.pk: f.ShelterStatusFactory(shelter=shelter) for shelter in (willow, maple)}
    for movement, shelter, is_shown in ((ours, willow, True), (theirs, maple, False)):
        assert is_done(hana, lambda: f.MedicalSupplyFactory(case=case, movement=movement)) is is_shown  # noqa: B023
        given = {"shelter": willow, "movement": movement}
        assert is_done(hana, lambda: f.ClothingGivenFactory(**given)) is is_shown  # noqa: B023
        effect = {"incident": incident, "shelter_status": states[shelter.pk]}
        assert is_done(hana, lambda: f.IncidentEffectFactory(**effect)) is is_shown  # noqa: B023


# --- mails -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "state = 'withdrawn'",
        "state = 'sent', sent_at = now()",
        "state = 'held'",
        "state = 'claimed', claimed_at = now()",
        "subject = 'log in at evil.example'",
        "to_address = 'x@evil.example'",
        "sealed_body = ''",
        "kind = 'digest'",
    ],
)
@pytest.mark.parametrize("who", ["yuki", "hana", "aya"])
def test_nobody_silences_or_rewrites_a_mail_that_waits(who, change, request):
    person = request.getfixturevalue(who)
    waiting = f.OutboxMessageFactory(posted_at=timezone.now() - timedelta(minutes=1))
    statement = f"UPDATE core_outboxmessage SET {change} WHERE id = %s"
    assert not is_taken(person, statement, waiting.pk)
    assert not is_taken(None, statement, waiting.pk)


def test_a_mail_that_waits_for_a_person_is_settled_by_one(aya, miki, hana, yuki):
    failed, held = f.OutboxMessageFactory(state="failed"), f.OutboxMessageFactory(state="held")
    again = "UPDATE core_outboxmessage SET state = 'queued', trouble = '' WHERE id = %s"
    aside = "UPDATE core_outboxmessage SET state = 'withdrawn', sealed_body = '' WHERE id = %s"
    for statement in (again, aside):
        for person, settles in ((aya, True), (miki, True), (hana, False), (yuki, False)):
            assert is_taken(person, statement, failed.pk) is settles
        for person, settles in ((miki, True), (hana, True), (yuki, False)):
            assert is_taken(person, statement, held.pk) is settles


def test_a_mail_is_posted_waiting_and_held_back_at_once_or_not_at_all(yuki):
    assert is_done(yuki, lambda: f.OutboxMessageFactory())
    assert not is_done(yuki, lambda: f.OutboxMessageFactory(state="withdrawn"))

    def post_and_hold_back():
        message = f.OutboxMessageFactory()
        message.state = "held"
        message.save(update_fields=["state"])
        return True

    assert is_done(yuki, post_and_hold_back)
