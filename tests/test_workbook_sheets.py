"""Every sheet with real records: out, in again, into an empty database, and never a sealed value."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from openpyxl import load_workbook

from accounts.selectors import system_user
from core.enums import Qualifier
from core.models import AuditEntry, ExchangeRate
from core.sealed import open_value
from core.workbook.columns import key_of_number
from core.workbook.describing import MARK, described
from core.workbook.exporting import write_workbook
from core.workbook.importing import import_workbook
from core.workbook.sheets import all_sheets
from donations.models import Donation
from foster.models import ChildUpdate, Pause, Sponsorship
from shelters.models import Posting, Resident, Shelter, Stay
from supply.models import Balance, Movement, Recipient
from tests import database, factories

SECRETS = (
    "1 Hidden Lane",
    "Secret Person",
    "Secret Child",
    "Behind the bridge",
    "Aunt Secret",
    "35.1, 129.0",
)


@pytest.fixture
def filled(db, hana, miki, ren, yuki, rice, willow, maple):
    """At least one record of every sheet, with the awkward cases among them."""
    f = factories
    lot = f.LotFactory(item=rice, code="L-1", expires_on=date(2030, 1, 1))
    depot = f.PlaceFactory(code="DEPOT")
    Shelter.objects.filter(pk=willow.pk).update(closed_on=None)
    willow.map_point, willow.contact, willow.time_zone = "35.1, 129.0", "Aunt Secret", "Asia/Shanghai"
    willow.save()
    f.ShelterStatusFactory(shelter=willow)
    recipient = f.RecipientFactory(code="R-1", real_name="Behind the bridge", people=40)
    food, escape = f.RouteFactory(code="RN-01"), f.RouteFactory(code="RN-01", kind="escape")
    f.RouteStatusFactory(route=food)
    f.RouteTargetFactory(route=escape, kilograms_a_month=Decimal("0.5"))
    f.RouteSiteFactory(route=food, position=1, name="Heron", whereabouts="Behind the bridge")
    f.RouteSiteFactory(route=food, position=2, name="", place=depot, kind="depot", until=date(2026, 1, 1))
    f.RouteSiteFactory(route=food, position=3, name="", place=recipient.place, kind="recipient")
    bought = f.MovementFactory(
        item=rice, lot=lot, quantity=Decimal("250.125"), destination=depot, occurred_on=date(2026, 1, 5),
        document="[reconstructed] M-2026-0001: waybill: 7", key=key_of_number("M-2026-0001"), by=hana,
    )  # fmt: skip
    carried = f.MovementFactory(
        item=rice, lot=lot, quantity=100, source=depot, destination=recipient.place, reason="handed_out",
        occurred_on=date(2026, 1, 6), route=escape, document="a note: with a colon", by=hana,
    )  # fmt: skip
    f.MovementFactory(
        item=rice, lot=lot, quantity=100, source=recipient.place, destination=depot, reason="corrected",
        occurred_on=date(2026, 1, 7), reverses=carried, by=hana,
    )  # fmt: skip
    assert bought.document
    resident = f.ResidentFactory(code="X-1")
    f.StayFactory(resident=resident, shelter=willow, nights=DateRange(date(2026, 1, 1), date(2026, 2, 1)))
    there = DateRange(date(2026, 2, 1), None)
    f.StayFactory(resident=resident, shelter=maple, nights=there, leaves_on=date(2026, 3, 1))
    f.StayFactory(
        resident=resident, shelter=willow, nights=DateRange(date(2026, 3, 1), None), is_planned=True,
        cancelled_at=datetime(2026, 2, 20, tzinfo=UTC),
    )  # fmt: skip
    f.StayFactory(
        resident=f.ResidentFactory(code="X-2"), shelter=willow, outcome="safe_country", note="Aunt Secret",
        nights=DateRange(date(2026, 1, 1), date(2026, 2, 1)),
    )  # fmt: skip
    f.StayFactory(
        resident=f.ResidentFactory(code="X-4"), shelter=maple, came_from=maple, planned_by=hana,
        is_missing=True, nights=DateRange(date(2026, 2, 1), date(2026, 2, 3)), is_planned=True,
        outcome="arrested", cancelled_at=datetime(2026, 2, 3, tzinfo=UTC),
    )  # fmt: skip
    f.HeadCountFactory(shelter=willow, by=hana)
    f.StockLevelFactory(place=depot, item=rice)
    plan = f.StandingPlanFactory(route=food, source=depot, until_month=date(2026, 12, 1))
    f.StandingPlanLineFactory(plan=plan, item=rice, destination=recipient.place)
    f.StandingPlanLineFactory(plan=plan, item=rice, destination=willow.store, typed="3 × bag of 25 kg")
    for month in ("2019-01-01", "2019-02-01"):
        f.MonthClosingFactory(month=month, reason="reported")
    f.MonthClosingFactory(month="2019-02-01", state="reopened", reason="a bill came late")
    coats = f.ItemFactory(code="COAT", kind="clothing", base_unit="piece")
    f.MovementFactory(
        item=coats, quantity=30, destination=willow.store, occurred_on=date(2026, 1, 5), by=hana,
        document="M-2026-0002", key=key_of_number("M-2026-0002"),
    )  # fmt: skip
    handed_out = [
        f.MovementFactory(
            item=coats, quantity=10, source=willow.store, destination=recipient.place, reason="handed_out",
            occurred_on=date(2026, 1, day), by=hana,
        )
        for day in (8, 9)
    ]  # fmt: skip
    f.ClothingGivenFactory(shelter=willow, movement=handed_out[0], sets=10)
    case = f.MedicalCaseFactory(
        code="M-1", resident=resident, by=hana, condition="Secret Person", treatment="Secret Child",
        opened_on=date(2024, 3, 9), closed_on=date(2026, 2, 1), outcome="recovered",
    )  # fmt: skip
    f.MedicalCaseFactory(code="M-2", resident=resident, by=hana)
    f.MedicalCostFactory(case=case, by=hana, key=key_of_number("C-1"))
    f.MedicalCostFactory(case=case, by=hana, amount=Decimal("-100.50"))
    f.MedicalSupplyFactory(case=case, movement=handed_out[1])
    f.AllowanceFactory(resident=resident, by=hana)
    f.AllowanceTakenBackFactory(allowance__resident=resident, allowance__by=hana, by=hana)
    raid = f.IncidentFactory(code="I-1", shelter=willow, by=hana)
    stopped = f.IncidentFactory(
        code="I-2", kind="fine", shelter=None, route=food, by=hana, starts_on=date(2026, 2, 1),
        starts_precision="month", ends_on=date(2026, 3, 1), ends_precision="month",
    )  # fmt: skip
    f.IncidentPeopleFactory(incident=raid, value=2, value_upper=4, qualifier=Qualifier.RANGE)
    f.IncidentPeopleFactory(incident=stopped, kind="helpers", value=None, qualifier=Qualifier.NOT_COUNTED)
    f.IncidentPaymentFactory(incident=stopped, paid_from=f.FundFactory(code="RELIEF"), payer="K-3")
    f.IncidentPaymentFactory(incident=stopped, value=None, qualifier=Qualifier.NOT_COUNTED)
    f.IncidentEffectFactory(
        incident=raid, shelter_status=f.ShelterStatusFactory(shelter=willow, state="exposed")
    )
    f.IncidentEffectFactory(
        incident=stopped, shelter_status=None, route_status=f.RouteStatusFactory(route=food, state="lost")
    )
    f.IncidentNoteFactory(incident=raid, by=hana, note="Behind the bridge")
    f.RationRuleFactory(item=rice)
    f.RationRuleFactory(item=rice, shelter=willow, grams=450)
    child = f.ChildFactory(code="C-1", shelter=willow, family="Aunt Secret")
    f.ChildStatusFactory(child=child)
    f.SchoolTermFactory(
        child=child, note="[reconstructed] from the total", amount=Decimal("1200.50"), currency="CNY"
    )
    f.ProgrammeFactory()
    sponsor = f.SponsorFactory(code="S-1", user=yuki)
    new = f.SponsorshipFactory(code="P-2", sponsor=sponsor, child=None)
    f.SponsorshipFactory(
        code="P-1", sponsor=sponsor, child=child, ended_on=date(2025, 5, 1), end_reason="replaced",
        replaced_by=new,
    )  # fmt: skip
    f.PauseFactory(sponsorship=new)
    f.DueFactory(sponsorship=new)
    f.ChildUpdateFactory(child=child, author=miki, cleared_by=ren, state="published",
                         published_at="2026-03-01T23:30:00+09:00", text="Two\r\nlines. =SUM(A1)")  # fmt: skip
    f.ChildUpdateFactory(child=child, author=miki, state="review", title="=1+1")
    gift = f.DonationFactory(
        code="G-1", currency="USD", gross=Decimal("50.25"), fee=Decimal("2.25"), rate=80, yen=4020
    )
    f.DonationFactory(code="G-0", gross=-1000, yen=-1000, refund_of=gift)
    f.DonationFactory(code="G-2", donor=None, note="[reconstructed]"), f.ExpenseFactory(by=hana)
    ExchangeRate.objects.create(on=date(2026, 1, 1), base="USD", quote="JPY", rate=150, source="a bank")
    activity = f.ActivityFactory(
        code="A-1", starts_on=date(2026, 2, 1), starts_precision="month", ends_on=date(2026, 3, 1),
        ends_precision="month",
    )  # fmt: skip
    f.MeasureFactory(activity=activity, value=20, value_upper=30, qualifier=Qualifier.RANGE)
    f.PartnerFactory()
    f.ExternalStatisticFactory(value=None, qualifier=Qualifier.NOT_COUNTED)


@pytest.fixture
def run(tmp_path):
    def command(name: str, *args: str, file: Path | str = "book.xlsx", **options) -> str:
        out = io.StringIO()
        call_command(name, str(tmp_path / file), *args, stdout=out, stderr=out, **options)
        return out.getvalue()

    return command


def state() -> dict:
    """Every row of every model on a sheet, as the database has it."""
    models = [sheet.model for sheet in all_sheets()]
    return {m._meta.label: sorted(map(repr, m._base_manager.order_by("pk").values())) for m in models}


def test_every_sheet_is_filled_in_this_test(filled):
    empty = [sheet.title for sheet in all_sheets() if not sheet.records().exists()]
    assert empty == []


def test_export_then_import_adds_and_changes_nothing(filled, run):
    run("export_workbook")
    before, audits = state(), AuditEntry.objects.count()
    said = run("import_workbook")
    assert state() == before
    assert AuditEntry.objects.count() == audits
    assert len(said.splitlines()) == len(all_sheets())
    assert all(re.search(r": 0 new, 0 changed, [1-9]\d* unchanged$", line) for line in said.splitlines())


def test_sealed_values_are_nowhere_in_the_file(filled, run, tmp_path):
    run("export_workbook")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as parts:
        content = b"".join(parts.read(name) for name in parts.namelist())
    assert b"WILLOW" in content
    for secret in (*SECRETS, "[sealed]"):
        assert secret.encode() not in content


def test_exported_file_is_for_its_owner_alone(filled, run, tmp_path):
    run("export_workbook")
    assert (tmp_path / "book.xlsx").stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_what_was_exported_builds_the_same_house_elsewhere(filled, run, tmp_path):
    run("export_workbook", file="first.xlsx")
    database.empty(connection.settings_dict["NAME"])
    by_records = "Expenses: 1 new, 0 changed, 4 unchanged\n"
    said = run("import_workbook", file="first.xlsx").replace(by_records, "")
    assert all(line.endswith(" 0 changed, 0 unchanged") for line in said.splitlines())
    run("export_workbook", file="second.xlsx")
    first, second = cells_of(tmp_path / "first.xlsx"), cells_of(tmp_path / "second.xlsx")
    for sheet in all_sheets():
        assert second[sheet.title] == first[sheet.title]
    assert Shelter.objects.get(code="WILLOW").store.code == "ST-WILLOW"
    assert Balance.objects.get(place__code="DEPOT").quantity == Decimal("250.125")


def cells_of(path: Path) -> dict[str, list]:
    book = load_workbook(path)
    return {page.title: [[cell.value for cell in row] for row in page] for page in book.worksheets}


def test_sealed_cells_are_sealed_and_empty_ones_erase_nothing(db, run, tmp_path):
    row = {"Code": "X-9", "Real name": "Kim Somebody"}
    write_workbook(tmp_path / "a.xlsx", {"Residents": [row]})
    write_workbook(tmp_path / "b.xlsx", {"Residents": [{"Code": "X-9", "Needs": "a doctor"}]})
    run("import_workbook", file="a.xlsx")
    assert open_value(Resident.objects.get(), "real_name") == b"Kim Somebody"
    assert "Residents: 0 new, 0 changed, 1 unchanged" in run("import_workbook", file="a.xlsx")
    run("import_workbook", file="b.xlsx")
    assert open_value(Resident.objects.get(), "real_name") == b"Kim Somebody"
    assert Resident.objects.get().needs == "a doctor"
    assert "Kim" not in str(list(AuditEntry.objects.values()))


def test_another_sealed_value_replaces_the_old_one(db, run, tmp_path):
    for name in ("Kim Somebody", "Lee Somebody"):
        write_workbook(tmp_path / "book.xlsx", {"Residents": [{"Code": "X-9", "Real name": name}]})
        said = run("import_workbook")
    assert "Residents: 0 new, 1 changed, 0 unchanged" in said
    assert open_value(Resident.objects.get(), "real_name") == b"Lee Somebody"


def test_stores_and_recipients_places_come_with_their_owners(db, run, tmp_path):
    shelter = {"Code name": "OAK", "Publishable region": "coast", "Places": 5, "Opened": "2012-01-01"}
    recipient = {"Code": "R-7", "Kind": "orphanage", "Area": "inside", "Place in the ledger": "ORPH-7"}
    items = [{"Code": "RICE", "Name": "Rice", "Kind": "food", "Base unit": "kg"}]
    places = [{"Code": "GIVER", "Name": "A giver", "Kind": "supplier"}]
    moves = [
        movement("M-2", "OAK", "ORPH-7", 40, "2012-02-03", Reconstructed="yes"),
        movement("M-1", "GIVER", "OAK", 100, "2012-02-02", Document="waybill 3"),
    ]
    write_workbook(
        tmp_path / "book.xlsx",
        {
            "Shelters": [shelter],
            "Recipients": [recipient],
            "Items": items,
            "Places": places,
            "Movements": moves,
        },
    )
    run("import_workbook")
    assert Balance.objects.get().quantity == 60
    assert Recipient.objects.get().place.code == "ORPH-7"
    assert list(Movement.objects.order_by("occurred_on").values_list("document", flat=True)) == [
        "M-1: waybill 3",
        "[reconstructed] M-2",
    ]


def movement(number, source, destination, quantity, day, **more) -> dict:
    row = {"Number": number, "From": source, "To": destination, "Quantity": quantity, "Happened": day}
    return row | {"Item": "RICE", "Reason": "moved to another place"} | more


def test_last_days_are_inside_and_departure_outside(db, hana, willow, run, tmp_path):
    child = factories.SponsorshipFactory(code="P-1")
    assert child.pk
    factories.ResidentFactory(code="X-1")
    write_workbook(
        tmp_path / "book.xlsx",
        {
            "Postings": [
                {
                    "Person": hana.email,
                    "Shelter": "WILLOW",
                    "First day": "2012-01-01",
                    "Last day": "2012-01-31",
                }
            ],
            "Stays": [
                {"Resident": "X-1", "Shelter": "WILLOW", "Arrived": "2012-01-01", "Left": "2012-01-31"}
                | {"Outcome": "not known"}
            ],
            "Pauses": [
                {"Sponsorship": "P-1", "First day": "2012-01-01", "Last day": "2012-01-31", "Reason": "away"}
            ],
        },
    )
    run("import_workbook")
    january = DateRange(date(2012, 1, 1), date(2012, 2, 1))
    assert Posting.objects.filter(days=january).exists()
    assert Pause.objects.get().days == january
    assert Stay.objects.get().nights == DateRange(date(2012, 1, 1), date(2012, 1, 31))


def test_update_with_a_day_of_publication_is_published(db, momo, miki, ren, run, tmp_path):
    row = {"Child": "C-01", "Written": "2012-03-01", "Title": "School", "Text": "She goes."}
    cleared = {"Author": miki.email, "Cleared by": ren.email, "Published": "2012-03-04"}
    write_workbook(tmp_path / "book.xlsx", {"Updates": [row | cleared, row | {"Title": "Draft"}]})
    run("import_workbook")
    assert dict(ChildUpdate.objects.values_list("title", "state")) == {
        "School": "published",
        "Draft": "draft",
    }


def test_replaced_sponsorship_may_stand_above_its_successor(db, run, tmp_path):
    factories.SponsorFactory(code="S-1")
    ended = {"Ended": "2012-02-01", "Why it ended": "goes on with another child", "Goes on as": "P-2"}
    write_workbook(
        tmp_path / "book.xlsx",
        {
            "Sponsorships": [
                {"Code": "P-1", "Sponsor": "S-1", "Started": "2011-01-01"} | ended,
                {"Code": "P-2", "Sponsor": "S-1", "Started": "2012-02-01"},
            ]
        },
    )
    run("import_workbook")
    assert Sponsorship.objects.get(code="P-1").replaced_by.code == "P-2"


@pytest.mark.parametrize("cells", [{}, {"Time zone": None}, {"Time zone": ""}])
def test_a_workbook_that_names_no_time_zone_moves_no_shelter(cells, run, tmp_path, willow):
    Shelter.objects.filter(pk=willow.pk).update(time_zone="Asia/Shanghai")
    rows = [
        {"Code name": "WILLOW", "Publishable region": "coast", "Places": 12, "Opened": "2012-01-01"} | cells,
        {"Code name": "OAK", "Publishable region": "coast", "Places": 5, "Opened": "2012-01-01"} | cells,
    ]
    write_workbook(tmp_path / "book.xlsx", {"Shelters": rows})
    run("import_workbook")
    assert dict(Shelter.objects.values_list("code", "time_zone")) == {
        "WILLOW": "Asia/Shanghai",
        "OAK": "Asia/Tokyo",
    }


def test_a_cost_before_its_case_is_refused_as_on_the_page(db, tmp_path, today):
    case = factories.MedicalCaseFactory()  # since March 2026
    row = {"Number": "K-1", "Case": case.code, "Month": "2026-02", "Amount": 5}
    write_workbook(tmp_path / "book.xlsx", {"Medical costs": [row]})
    outcome = import_workbook(path=tmp_path / "book.xlsx", by=system_user(), today=today, dry_run=True)
    assert "Choose a month from March 2026 to " in str(outcome.problems[0])


def test_net_and_yen_follow_from_the_gross(db, run, tmp_path):
    factories.FundFactory(code="GENERAL")
    gift = {"Received": "2012-01-05", "Channel": "PayPal", "Fund": "GENERAL"}
    rows = [
        gift | {"Number": "G-1", "Gross": 1000, "Fee": 40},
        gift | {"Number": "G-2", "Gross": 10, "Currency": "RMB", "Yen a unit": 12.5, "Value in yen": 125},
    ]
    write_workbook(tmp_path / "book.xlsx", {"Donations": rows})
    run("import_workbook")
    assert list(Donation.objects.order_by("code").values_list("net", "yen", "currency")) == [
        (960, 1000, "JPY"),
        (10, 125, "CNY"),
    ]


def test_closed_log_in_also_ends_it(db, hana, as_user, run, tmp_path):
    client = as_user(hana)
    row = {"E-mail": hana.email, "Name": "Hana", "Role": "shelter field staff", "May log in": "no"}
    write_workbook(tmp_path / "book.xlsx", {"People": [row | {"Language": "English"}]})
    run("import_workbook")
    assert not Session.objects.exists()
    assert client.get("/").status_code == 302


def test_documentation_is_written_from_the_sheets():
    page = (settings.BASE_DIR / "docs" / "workbook.md").read_text()
    assert MARK + page.partition(MARK)[2] == described(), "run: manage.py describe_workbook"
