from tests.access import Row
from tests.factories import AnnualReportFactory, SectionFactory

READERS = {"finance_officer", "administrator", "auditor"}


def a_report(get):
    get("db")
    return {"uuid": AnnualReportFactory().uuid}


def a_drafted_report(get):
    get("db")
    return {"uuid": AnnualReportFactory(drafted_at="2026-10-01T00:00Z").uuid, "form": "json"}


def a_section(get):
    get("db")
    return {"uuid": SectionFactory().uuid}


ROWS: list[Row] = [
    Row("reports:start", READERS),
    Row("reports:draft", {"administrator"}, post={}),
    Row("reports:activities", READERS),
    Row("reports:partners", READERS),
    Row("reports:statistics", READERS),
    Row("reports:report", READERS, address=a_report),
    Row("reports:download", READERS, address=a_drafted_report),
    Row("reports:section", {"administrator"}, address=a_section),
    Row("reports:records", READERS, address=lambda get: {"year": 2026, "key": "food_inside"}),
]
