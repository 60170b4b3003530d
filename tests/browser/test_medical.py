"""Hana's shelter: a long illness, money for somebody who leaves, clothing before the winter."""

import re
from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import Page, expect

from core.fiscal import fiscal_year_of
from shelters import selectors
from shelters.models import Allowance, ClothingGiven, MedicalCase
from supply import selectors as supply
from tests import factories as f
from tests.browser.coming_in import come_in
from tests.browser.devices import DESKTOP


def open_page(page: Page, name: str) -> None:
    """By the menu, which a phone folds away."""
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).tap()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").tap()


def refused(page: Page, sentence: str, errors: list[str]) -> None:
    """Said at the form, which the browser calls an error."""
    expect(page.get_by_text(sentence)).to_be_visible()
    assert [error for error in errors if "422" not in error] == []
    errors.clear()


def test_a_case_runs_over_two_years(
    phone, transactional_db, hana, willow, today, assert_accessible, console_errors
):
    resident = f.ResidentFactory(code="X-1")
    f.StayFactory(resident=resident, shelter=willow)
    insulin = f.ItemFactory(code="INSULIN", name="Insulin", kind="medicine", base_unit="piece")
    last_year = fiscal_year_of(today).previous
    come_in(phone, hana)
    phone.get_by_role("link", name=re.compile("Change.*X-1")).tap()
    phone.get_by_role("link", name="Open a medical case").tap()
    expect(phone.get_by_label("Resident")).to_have_value(str(resident.uuid))
    assert_accessible(phone)
    phone.get_by_label("Kind").select_option("chronic illness")
    phone.get_by_label("Since").fill(last_year.first_day.isoformat())
    phone.get_by_label("Condition").fill("Sugar in the blood")
    save(phone)
    expect(phone.get_by_text("still running")).to_be_visible()
    expect(phone.get_by_text("Sugar in the blood")).to_have_count(0)
    assert_accessible(phone)

    phone.get_by_role("link", name="Treatment", exact=True).tap()
    phone.get_by_label("Treatment").fill("Insulin, twice a day")
    save(phone)
    phone.get_by_role("link", name="Costs of a month").tap()
    phone.get_by_label("Month").fill(f"{last_year.first_day:%Y-%m}")
    phone.get_by_label("Amount").fill("0")
    phone.get_by_label("Currency").select_option("CNY")
    save(phone)
    refused(phone, "Write another amount than zero.", console_errors)
    assert_accessible(phone)
    phone.get_by_label("Amount").fill("320.50")
    save(phone)
    expect(phone.get_by_text("CN¥320.50", exact=True)).to_have_count(2)

    phone.get_by_role("link", name="Hand out medicine or a kit").tap()
    expect(phone.get_by_text("There is no medicine")).to_be_visible()
    assert_accessible(phone)
    lot = f.LotFactory(item=insulin, code="L-7", expires_on=today + timedelta(days=90))
    f.MovementFactory(item=insulin, lot=lot, destination=willow.store, quantity=20)
    phone.reload()
    phone.get_by_label("Item").select_option(index=1)
    phone.get_by_label("How much").fill("200")
    save(phone)
    refused(phone, "There is only this much Insulin L-7", console_errors)
    expect(phone.get_by_label("How much")).to_have_class(re.compile("is-invalid"))
    assert_accessible(phone)
    phone.get_by_label("How much").fill("14")
    save(phone)
    expect(phone.get_by_text("14 pieces Insulin")).to_be_visible()
    assert supply.held(willow.store, insulin, lot) == 6

    phone.get_by_role("link", name="Costs of a month").tap()  # the next year: it is still running
    expect(phone.get_by_label("Currency")).to_have_value("CNY")
    phone.get_by_label("Amount").fill("400")
    save(phone)
    expect(phone.get_by_text("CN¥720.50")).to_be_visible()
    phone.get_by_role("link", name="Close the case").tap()
    phone.get_by_label("Outcome").select_option("recovered")
    assert_accessible(phone)
    save(phone)
    expect(phone.get_by_text("Closed on")).to_be_visible()
    expect(phone.get_by_text("still running")).to_have_count(0)
    expect(phone.get_by_role("link", name="Hand out")).to_have_count(0)
    assert_accessible(phone)
    assert MedicalCase.objects.get().outcome == "recovered"
    for year in (last_year, last_year.next):
        assert selectors.medical_year(year).cases == {"chronic": 1}
    open_page(phone, "Medical cases")
    expect(phone.get_by_text("X-1")).to_be_visible()
    assert_accessible(phone)


def test_who_leaves_is_given_money(phone, transactional_db, hana, willow, assert_accessible, console_errors):
    resident = f.ResidentFactory(code="X-2")
    f.StayFactory(resident=resident, shelter=willow)
    come_in(phone, hana)
    phone.get_by_role("link", name=re.compile("Leaves.*X-2")).tap()
    phone.get_by_text("Reached a safe country").tap()
    save(phone)
    phone.get_by_role("link", name="Grant an allowance").tap()
    expect(phone.get_by_label("Resident")).to_have_value(str(resident.uuid))
    assert_accessible(phone)
    phone.get_by_label("Amount a month").fill("0")
    phone.get_by_label("Currency").select_option("CNY")
    phone.get_by_label("For how many months").fill("3")
    phone.get_by_label("Reason").select_option("leaves to live elsewhere")
    save(phone)
    refused(phone, "Write an amount above zero.", console_errors)
    assert_accessible(phone)
    phone.get_by_label("Amount a month").fill("500")
    save(phone)
    expect(phone.get_by_text("1,500")).to_be_visible()
    assert_accessible(phone)
    assert Allowance.objects.get().resident == resident


def test_clothing_before_the_winter(
    phone, visit, transactional_db, hana, sora, willow, assert_accessible, console_errors
):
    come_in(phone, hana)
    phone.get_by_role("link", name="Give clothing for a season").tap()
    expect(phone.get_by_text("There is no clothing in the store of WILLOW.")).to_be_visible()
    assert_accessible(phone)
    coats = f.ItemFactory(code="COATS", name="Coats", kind="clothing", base_unit="set")
    f.receive(willow.store, coats, 20)
    phone.reload()
    phone.get_by_label("Item").select_option("Coats · 20 sets")
    phone.get_by_label("Sets").fill("21")
    phone.get_by_label("For how many people").fill("8")
    phone.get_by_label("Season").select_option("winter")
    save(phone)
    refused(phone, "There is only this much Coats", console_errors)
    assert_accessible(phone)
    phone.get_by_label("Sets").fill("12")
    save(phone)
    expect(phone.get_by_text("Recorded.")).to_be_visible()
    assert (ClothingGiven.objects.get().sets, supply.held(willow.store, coats)) == (12, 8)

    office = visit(DESKTOP)
    come_in(office, sora)
    office.goto(reverse("shelters:clothing"))
    expect(office.get_by_role("row", name="WILLOW")).to_contain_text("winter")
    assert_accessible(office)
    office.goto(reverse("shelters:medical_sums"))
    expect(office.get_by_role("heading", name="Medical cases in sums")).to_be_visible()
    assert_accessible(office)
