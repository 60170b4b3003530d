"""Each rule of the activity log, broken past the services: the database itself refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from reports.models import Measure
from tests import factories as make


def refused(name: str):
    return pytest.raises(IntegrityError, match=name)


BROKEN = {
    "activity_ends_after_it_starts": lambda: make.ActivityFactory(
        starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1)
    ),
    "activity_no_invented_day": lambda: make.ActivityFactory(
        starts_on=date(2026, 2, 2), starts_precision="month"
    ),
    "activity_milestone_of_a_rescue": lambda: make.ActivityFactory(kind="event", milestone="safe_zone"),
    "measure_range_has_two_ends": lambda: make.MeasureFactory(qualifier="range"),
    "measure_value_unless_uncounted": lambda: make.MeasureFactory(value=None),
    "partner_named_has_a_name": lambda: make.PartnerFactory(may_be_named=True, name=""),
    "partner_ends_after_it_starts": lambda: make.PartnerFactory(ended_on=date(2001, 1, 1)),
    "externalstatistic_ends_after_it_starts": lambda: make.ExternalStatisticFactory(ends_on=date(2001, 1, 1)),
    "externalstatistic_no_invented_day": lambda: make.ExternalStatisticFactory(
        starts_on=date(2026, 2, 1), starts_precision="year"
    ),
    "externalstatistic_range_has_two_ends": lambda: make.ExternalStatisticFactory(value_upper=Decimal(2000)),
    "externalstatistic_value_unless_uncounted": lambda: make.ExternalStatisticFactory(
        value=5, qualifier="not_counted"
    ),
    "statistic_has_a_source": lambda: make.ExternalStatisticFactory(source=""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_rule_holds_in_the_database(db, name):
    with refused(name):
        BROKEN[name]()


def test_measure_once_an_activity(db):
    measure = make.MeasureFactory()
    with refused("measure_once_an_activity"):
        make.MeasureFactory(activity=measure.activity)


def test_section_one_a_position(db):
    section = make.SectionFactory()
    with refused("section_one_a_position"):
        make.SectionFactory(report=section.report)


def test_annual_report_one_in_the_making(db):
    make.AnnualReportFactory(drafted_at=timezone.now())
    make.AnnualReportFactory()
    make.AnnualReportFactory(language="ja")
    with refused("annual_report_one_in_the_making"):
        make.AnnualReportFactory()


def test_measure_that_no_figure_looks_for_is_refused(db):
    measure = Measure(activity=make.ActivityFactory(), name="persons", value=3)
    with pytest.raises(ValidationError, match="persons"):
        measure.full_clean()
