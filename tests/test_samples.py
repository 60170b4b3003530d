"""The two sample workbooks: they import, add up, say what is made up, and are what the script makes today."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db.models import Count, Sum
from django.test import TestCase
from openpyxl import load_workbook
from PIL import Image, ImageChops, ImageStat

from accounts.enums import RoleName
from accounts.selectors import people, system_user
from core import leaks
from core.sealed import open_value
from core.workbook.importing import import_workbook
from donations.models import Donation
from foster import selectors as foster
from foster.enums import ReminderResult
from foster.models import Child, ChildUpdate, UpdatePhoto
from foster.services import check_update
from scripts.samples import demo, photos, year
from shelters.models import Shelter
from supply.models import Movement

SAMPLE = settings.BASE_DIR / "sample"
REAL, INVENTED = SAMPLE / "fy2012.xlsx", SAMPLE / "demo.xlsx"
TODAY = date(2026, 11, 24)

Cells = dict[str, list[tuple]]


def cells(path: Path) -> Cells:
    """Title of the sheet → its rows."""
    book = load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Title of the sheet, and its rows by their headings."""
    for title, (headings, *rows) in cells(path).items():
        yield from ((title, dict(zip(headings, row, strict=True))) for row in rows if title != "About")


def load(path: Path) -> int:
    """How many records the import made or changed."""
    outcome = import_workbook(path=path, by=system_user(), today=TODAY)
    assert [str(problem) for problem in outcome.problems] == []
    return outcome.written


# --- both -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("files", [(REAL, INVENTED), (INVENTED, REAL)], ids=["real first", "invented first"])
def test_both_import_in_any_order_and_a_second_time_adds_nothing(db, files):
    for path in files:
        assert load(path) > 500
        assert load(path) == 0
    assert load(files[0]) == 0
    said = StringIO()
    call_command("check_ledger", stdout=said)
    assert said.getvalue().strip() == "0 differences"


@pytest.mark.parametrize(("path", "made"), [(REAL, year), (INVENTED, demo)], ids=["real", "invented"])
def test_the_file_is_what_the_script_makes_today(path, made, tmp_path):
    made.book().write(tmp_path / path.name)
    assert cells(path) == cells(tmp_path / path.name)


def test_the_same_rows_give_the_same_file(tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        year.book().write(tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


# --- the real year --------------------------------------------------------------------------------------


def in_year(**conditions: Any) -> dict[str, Any]:
    return conditions | {"occurred_on__range": (date(2011, 9, 1), date(2012, 8, 31))}


class TestTheRealYear(TestCase):
    """Imported once for all of them."""

    @classmethod
    def setUpTestData(cls) -> None:
        load(REAL)

    def test_the_food_is_fifty_tonnes_to_orphanages_and_hospitals_of_two_provinces(self):
        inside = Movement.objects.deliveries().filter(
            **in_year(item__kind="food", destination__recipient__area="inside")
        )
        reached = inside.values_list(
            "destination__recipient__kind", "destination__recipient__publishable_place"
        )
        provinces = ("Ryanggang", "North Hamgyong")
        assert inside.aggregate(sum=Sum("quantity"))["sum"] == Decimal(50_000)
        assert set(reached) == {(kind, place) for kind in ("orphanage", "hospital") for place in provinces}

    def test_the_food_of_the_children_in_hiding_stands_apart(self):
        fed = Movement.objects.deliveries().filter(
            **in_year(destination__recipient__kind="children_in_hiding")
        )
        reached = fed.values_list("destination__recipient__area", "destination__recipient__people")
        assert set(reached) == {("shelters", 20)}
        assert fed.count() == 12

    def test_six_hundred_kits_went_inside(self):
        kits = Movement.objects.deliveries().filter(
            **in_year(item__kind="kit", destination__recipient__area="inside")
        )
        assert kits.aggregate(sum=Sum("quantity"))["sum"] == 600

    def test_paypal_gifts_were_more_and_not_larger_in_sum(self):
        def gifts(number: int) -> dict[str, Any]:
            days = (date(number - 1, 9, 1), date(number, 8, 31))
            rows = Donation.objects.filter(channel="paypal", received_on__range=days)
            return rows.aggregate(count=Count("pk"), sum=Sum("gross"))

        this, before = gifts(2012), gifts(2011)
        assert this["count"] == 342
        assert 100 < this["count"] - before["count"] < 110  # "slightly more than 100"
        assert this["sum"] <= before["sum"]

    def test_twenty_children_stand_in_the_programme_and_their_term_is_paid_before_it_begins(self):
        terms = foster.school_terms_funded(date(2011, 9, 1), date(2012, 8, 31))
        assert foster.children_in_programme(date(2012, 8, 31)).count() == 20
        assert set(terms.values_list("school_year", "half")) == {(2012, "1")}
        assert terms.count() == Child.objects.count() == 20


def test_every_fact_of_the_report_stands_in_the_workbook():
    with (SAMPLE / "facts.csv").open(newline="") as file:
        facts = {row["fact_id"] for row in csv.DictReader(file) if row["fact_id"].startswith("S003-")}
    words = " ".join(str(cell) for rows in cells(REAL).values() for row in rows for cell in row)
    assert facts
    assert facts - set(re.findall(r"S003-\d{3}", words)) == set()


# Registers that only name what other rows need: nothing in them is told as having happened.
FRAME = {"Items", "Packs", "Places", "Funds", "Measures"}


def test_every_row_of_the_real_year_names_its_fact_or_says_that_it_is_made_up():
    def is_honest(row: dict[str, Any]) -> bool:
        text = " ".join(str(value) for value in row.values())
        return "S003-" in text or "[reconstructed]" in text or row.get("_Reconstructed") == "yes"

    bare = [(title, row) for title, row in records(REAL) if title not in FRAME and not is_honest(row)]
    assert bare == []


def test_every_single_record_behind_a_published_total_is_marked():
    single = ("Movements", "Donations", "School terms")
    counted = [row for title, row in records(REAL) if title in single or row.get("Kind") == "article"]
    assert len(counted) > 800
    assert [row for row in counted if row["Reconstructed"] != "yes"] == []


# --- the invented year ----------------------------------------------------------------------------------


class TestTheInventedYear(TestCase):
    """Imported once for all of them."""

    @classmethod
    def setUpTestData(cls) -> None:
        load(INVENTED)

    def test_every_role_has_a_log_in(self):
        assert set(people().values_list("role", flat=True)) == set(RoleName.values) - {RoleName.SYSTEM}

    def test_the_months_reminders_find_every_kind_of_sponsor(self):
        found = foster.preview(month=date(2026, 11, 1), level=1, today=TODAY)
        results = [standing.result for standing in found]
        assert set(results) == {
            ReminderResult.TO_SEND,
            ReminderResult.PAID,
            ReminderResult.PAUSED,
            ReminderResult.OPTED_OUT,
            ReminderResult.NO_ADDRESS,
        }
        assert results.count(ReminderResult.TO_SEND) >= 3

    def test_sealed_values_are_sealed_and_invented(self):
        shelter = Shelter.objects.get(code="MAPLE")
        assert str(shelter.address) == "[sealed]"
        assert b"(invented)" in open_value(shelter, "address")

    def test_no_published_news_holds_what_may_not_go_out(self):
        with leaks.guarding():
            for update in ChildUpdate.objects.select_related("child__shelter"):
                assert check_update(by=update.author, update=update).may_leave, update.title

    def test_pictures_come_into_their_updates_once(self):
        with self.settings(SAMPLE=True):
            for _ in range(2):
                call_command("load_sample_photos", stdout=StringIO())
        listed = json.loads((SAMPLE / "photos" / "photos.json").read_text())
        added = UpdatePhoto.objects.values_list("update__child__code", flat=True)
        assert sorted(added) == sorted(picture["child"] for picture in listed)

    def test_outside_the_sample_no_picture_goes_past_the_second_person(self):
        with self.settings(SAMPLE=False), pytest.raises(PermissionDenied):
            call_command("load_sample_photos", stdout=StringIO())
        assert not UpdatePhoto.objects.exists()


# --- pictures -------------------------------------------------------------------------------------------


def test_the_pictures_are_what_the_script_draws():
    for name, (scene, *_update) in photos.PHOTOS.items():
        kept = Image.open(SAMPLE / "photos" / f"{name}.jpg").convert("RGB")
        difference = ImageStat.Stat(ImageChops.difference(kept, photos.picture(scene))).mean
        assert max(difference) < 3, name
