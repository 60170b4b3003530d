"""What of illnesses and incidents a taken log-in could see."""

from datetime import timedelta

import pytest

from accounts.exposure import Sight
from shelters.exposure import INCIDENTS, MEDICAL_CASES
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
