"""What of the people of a shelter, and of what came to it, a taken log-in could see."""

from datetime import timedelta

import pytest

from accounts.exposure import Sight, exposure_of
from core.identity import Scope, acting_as
from shelters.exposure import (
    ALLOWANCES,
    CONSIGNMENTS,
    COUNTS,
    EVACUATIONS,
    INCIDENTS,
    MEDICAL_CASES,
    NOTES_ON_INCIDENTS,
    NOTES_ON_LEAVING,
    POSTINGS,
)
from tests import factories as make


@pytest.fixture
def sight(today):
    return lambda user: Sight(user, today - timedelta(days=7), today)


def codes(kind, sight) -> set[str]:
    return {item.code for item in kind.reach(sight)}


def test_field_staff_could_see_what_struck_their_own_shelters(hana, jin, willow, maple, sight):
    here = make.IncidentFactory(shelter=willow)
    there = make.IncidentFactory(shelter=maple)
    assert codes(INCIDENTS, sight(hana)) == {here.code}
    assert codes(INCIDENTS, sight(jin)) == {there.code}


def test_the_administrator_could_see_every_incident_by_code(aya, willow, sight):
    incident = make.IncidentFactory(shelter=willow)
    route = make.IncidentFactory(shelter=None, route=make.RouteFactory())
    assert codes(INCIDENTS, sight(aya)) == {incident.code, route.code}


def test_who_is_posted_where_it_was_is_called(hana, willow):
    incident = make.IncidentFactory(shelter=willow)
    assert INCIDENTS.whom([incident.uuid]) == {incident.uuid: [hana]}


def test_cases_are_those_of_the_residents_of_their_shelters(hana, jin, sora, willow, maple, today, sight):
    case = make.MedicalCaseFactory()
    make.StayFactory(resident=case.resident, shelter=willow)
    other = make.MedicalCaseFactory()
    make.StayFactory(resident=other.resident, shelter=maple)
    assert codes(MEDICAL_CASES, sight(hana)) == {case.code}
    assert codes(MEDICAL_CASES, sight(jin)) == {other.code}
    assert codes(MEDICAL_CASES, sight(sora)) == set()
    assert MEDICAL_CASES.whom([case.uuid]) == {case.uuid: [hana]}


def places(kind, sight) -> set[str]:
    return {item.place for item in kind.reach(sight)}


def test_notes_are_named_for_who_could_open_them(hana, sora, otto, willow, maple, sight):
    here = make.IncidentNoteFactory(incident=make.IncidentFactory(shelter=willow))
    make.IncidentNoteFactory(incident=make.IncidentFactory(shelter=maple))
    on_route = make.IncidentNoteFactory(
        incident=make.IncidentFactory(shelter=None, route=make.RouteFactory())
    )
    assert codes(NOTES_ON_INCIDENTS, sight(hana)) == {f"{here.incident.code} 2026-03-09"}
    assert codes(NOTES_ON_INCIDENTS, sight(sora)) == {f"{on_route.incident.code} 2026-03-09"}
    assert codes(NOTES_ON_INCIDENTS, sight(otto)) == set()
    assert NOTES_ON_INCIDENTS.whom([here.uuid, on_route.uuid]) == {here.uuid: [hana]}


def test_an_opened_note_is_among_what_was_opened(hana, willow, aya, today):
    stay = make.StayFactory(shelter=willow, note="went with her brother")
    make.RevealEntryFactory(by=hana, subject_type="shelters.stay", subject_uuid=stay.uuid, field="note")
    note = make.IncidentNoteFactory(incident=make.IncidentFactory(shelter=willow))
    make.RevealEntryFactory(
        by=hana, subject_type="shelters.incidentnote", subject_uuid=note.uuid, field="note"
    )
    with acting_as(aya, scope=Scope.EXPOSURE):
        report = exposure_of(hana, first=today - timedelta(days=7), last=today)
        _title, opened = report.steps[0]
    assert {line.item.uuid for line in opened} == {stay.uuid, note.uuid}


def test_notes_on_leaving_evacuations_and_allowances_are_those_of_their_shelters(
    hana, jin, sora, yuki, willow, maple, sight
):
    left = make.StayFactory(shelter=willow, note="went with her brother")
    make.StayFactory(shelter=willow)  # nothing is told of this one
    out = make.EvacuationFactory(shelter=willow)
    given = make.AllowanceFactory(resident=left.resident)
    assert codes(NOTES_ON_LEAVING, sight(hana)) == {left.resident.code}
    assert places(EVACUATIONS, sight(hana)) == {"WILLOW"}
    assert codes(ALLOWANCES, sight(hana)) == {f"{left.resident.code} 2026-03"}
    for kind in (NOTES_ON_LEAVING, EVACUATIONS, ALLOWANCES):
        assert codes(kind, sight(jin)) == set()
        assert codes(kind, sight(yuki)) == set()
    assert [item.is_close for item in EVACUATIONS.reach(sight(sora))] == [False]
    assert codes(NOTES_ON_LEAVING, sight(sora)) == codes(ALLOWANCES, sight(sora)) == set()
    for kind, record in ((NOTES_ON_LEAVING, left), (EVACUATIONS, out), (ALLOWANCES, given)):
        assert kind.whom([record.uuid]) == {record.uuid: [hana]}


def test_colleagues_at_their_shelters_are_to_be_warned_themselves(hana, jin, aya, sora, willow, maple, sight):
    sumi = make.UserFactory(name="Sumi")
    posting = make.PostingFactory(user=sumi, shelter=willow)
    assert [(item.name, item.place) for item in POSTINGS.reach(sight(hana))] == [("Sumi", "WILLOW")]
    assert codes(POSTINGS, sight(jin)) == codes(POSTINGS, sight(sora)) == set()
    assert places(POSTINGS, sight(aya)) == {"WILLOW", "MAPLE"}
    assert POSTINGS.whom([posting.uuid]) == {posting.uuid: [sumi]}


def test_consignments_and_counts_are_those_of_their_stores(hana, jin, sora, otto, yuki, willow, maple, sight):
    coming = make.sent_line(willow.store).consignment
    make.ConsignmentLineFactory(destination=maple.store)  # not sent: nobody at Maple knows of it
    make.CountSheetFactory(place=willow.store)
    assert codes(CONSIGNMENTS, sight(hana)) == {coming.code}
    assert places(COUNTS, sight(hana)) == {willow.store.code}
    assert codes(CONSIGNMENTS, sight(jin)) == codes(COUNTS, sight(jin)) == set()
    assert len(codes(CONSIGNMENTS, sight(sora))) == 2
    assert places(COUNTS, sight(sora)) == {willow.store.code}
    assert codes(COUNTS, sight(otto)) == set()
    assert codes(CONSIGNMENTS, sight(yuki)) == codes(COUNTS, sight(yuki)) == set()
    assert sora in CONSIGNMENTS.whom([coming.uuid])[coming.uuid]
