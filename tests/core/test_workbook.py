"""The import: strict, all or nothing, and every error of a file told with its place."""

from datetime import date, datetime, time

import pytest
from django.utils import translation
from openpyxl import Workbook

from core.models import AuditEntry
from core.workbook import reading
from core.workbook.columns import Key
from core.workbook.sheets import Sheet
from shelters.models import HeadCount, Resident, Shelter, Stay
from supply.models import Item, Pack, Place, Route
from tests import factories
from tests.core.workbooks import ITEM_HEADINGS, RICE, items

MOVEMENT_HEADINGS = ["Number", "Happened", "Item", "Quantity", "From", "To", "Reason"]


def excel_time(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - Excel knows no time zones


# --- what goes in -------------------------------------------------------------------------------------


def test_rows_become_records_with_a_line_in_the_trail(put):
    assert "Items: 1 new, 0 changed, 0 unchanged" in put(**items(RICE))
    assert Item.objects.get().base_unit == "kg"
    trail = AuditEntry.objects.get(subject_type="supply.item")
    assert trail.reason == "register.xlsx, Items 2"
    assert trail.by_name == "System"


def test_same_file_twice_adds_nothing(put):
    put(**items(RICE))
    trail = AuditEntry.objects.count()
    assert "Items: 0 new, 0 changed, 1 unchanged" in put(**items(RICE))
    assert AuditEntry.objects.count() == trail


def test_changed_cell_changes_that_record_and_says_so_in_the_trail(put):
    put(**items(RICE))
    assert "Items: 0 new, 1 changed, 0 unchanged" in put(**items(["RICE", "Brown rice", "food", "kg"]))
    assert AuditEntry.objects.get(action="supply.changed").changes == {"name": ["Rice", "Brown rice"]}


def test_column_left_out_leaves_the_field_as_it_is(put):
    put(Items=[[*ITEM_HEADINGS, "Japanese name"], [*RICE, "米"]])
    put(**items(RICE))
    assert Item.objects.get().name_ja == "米"
    put(Items=[["Code", "Japanese name"], ["RICE", None]])
    assert Item.objects.get().name_ja == ""


def test_written_down_as_the_doing_of_who_imports(put, aya):
    put("--by", aya.email, **items(RICE))
    assert AuditEntry.objects.get(subject_type="supply.item").by_id == aya.pk


def test_nobody_of_that_address_imports_nothing(put):
    assert "Nobody with the e-mail address x@example.org" in put("--by", "x@example.org", **items(RICE))
    assert not Item.objects.exists()


def test_dry_run_writes_nothing(put):
    said = put("--dry-run", **items(RICE))
    assert "Items: 1 new" in said
    assert "Dry run: nothing was written." in said
    assert not Item.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("quantity", "stored"),
    [("２５", 25), (" 1,250.5 ", 1250.5), (25.0, 25), ("0.75", 0.75), (0.1 + 0.2, 0.3)],
)
def test_numbers_are_read_however_they_were_typed(put, rice, quantity, stored):
    put(Packs=[["Item", "Name", "Quantity in the base unit"], ["ＲＩＣＥ", " sack ", quantity]])
    assert float(Pack.objects.get(name="sack").quantity) == stored


@pytest.mark.parametrize(
    "day",
    ["2012-02-09", "2012/2/9", "２０１２．２．９", "2012年2月9日", excel_time(2012, 2, 9), date(2012, 2, 9)],
)
def test_days_are_read_however_they_were_typed(put, willow, day):
    assert "1 new" in put(Head_s_counts=[["Shelter", "Counted", "People"], ["WILLOW", day, 9]])
    assert HeadCount.objects.get().counted_on == date(2012, 2, 9)


@pytest.mark.parametrize(
    ("cell", "layout", "precision"),
    [
        ("2012", None, "year"),
        (2012, None, "year"),
        ("2012-02", None, "month"),
        (excel_time(2012, 2, 1), "mmm yyyy", "month"),
        (excel_time(2012, 2, 1), "yyyy-mm-dd", "day"),
    ],
)
def test_dates_are_as_exact_as_they_were_typed(put, tmp_path, cell, layout, precision):
    from reports.models import Activity

    book = Workbook()
    page = book.active
    page.title = "Activities"
    page.append(["Code", "Kind", "Title", "From"])
    page.append(["A-1", "lecture", "A lecture", cell])
    if layout:
        page["D2"].number_format = layout
    book.save(tmp_path / "precise.xlsx")
    put(file=tmp_path / "precise.xlsx")
    assert Activity.objects.get().starts_precision == precision


def test_numbers_as_codes_and_trailing_blanks(put):
    put(**items([12, " Rice　", "FOOD ", "kg"], [12.0, "twice", "food", "kg"], [None] * 4, ["  "] * 4))
    assert not Item.objects.exists()
    put(**items([12, " Rice　", "FOOD ", "kg"], [None] * 4, ["  "] * 4))
    assert Item.objects.values_list("code", "name", "kind").get() == ("12", "Rice", "food")


def test_japanese_headings_and_titles_are_read_too(monkeypatch):
    class Things(Sheet):
        title = translation.gettext_lazy("Yes")
        model = Item
        columns = (Key("code", translation.gettext_lazy("Yes")), "name")

    with translation.override("ja"):
        words = translation.gettext("Yes")
    assert words != "Yes"
    assert {reading.folded("Yes"), reading.folded(words)} <= reading.all_words(Things.title)


def test_sheets_and_columns_marked_so_are_left_out(put):
    said = put(
        Items=[[*ITEM_HEADINGS, "_remark"], [*RICE, "mine"]], About=[["x"]], Read_s_me=[["x"]], _old=[["x"]]
    )  # fmt: skip
    assert "1 new" in said
    assert "error" not in said


def test_routes_of_one_code_are_told_apart_by_their_kind(put):
    routes = [["Kind", "Code", "Regularity"], ["food", "RN-01", "regular"], ["escape", "RN-01", "regular"]]
    headings = ["Route", "Since", "State"]
    said = put(Routes=routes, Route_s_statuses=[headings, ["RN-01", "2012-01-01", "open"]])
    assert "It could be any of: escape RN-01, food RN-01. Write which." in said
    put(Routes=routes, Route_s_statuses=[headings, ["food RN-01", "2012-01-01", "open"]])
    assert Route.objects.get(kind="food").statuses.exists()


# --- what is refused --------------------------------------------------------------------------------------

BAD_CELLS = [
    ("Base unit", "pound", "“pound” is not one of: kg, g, l, piece, set, kit."),
    ("Base unit", None, "This cell must be filled."),
    ("Name", "=A1", "It holds a formula."),
    ("Name", excel_time(2012, 3, 4), "Excel has turned this into a date or time."),
    ("Name", "x" * 101, "It has 101 characters; at most 100 have room."),
]


@pytest.mark.parametrize(("heading", "cell", "sentence"), BAD_CELLS)
def test_error_names_sheet_row_and_column(put, heading, cell, sentence):
    row = dict(zip(ITEM_HEADINGS, RICE, strict=True)) | {heading: cell}
    said = put(**items(["SALT", "Salt", "food", "kg"], [row[name] for name in ITEM_HEADINGS]))
    letter = "ABCD"[ITEM_HEADINGS.index(heading)]
    assert f"Sheet “Items”, row 3, column “{heading}” ({letter}): {sentence}" in said
    assert "1 error. Nothing was written." in said
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("25 kg", "This is not a number."),
        ("1.250,5", "This is not a number."),
        ("1,5", "This is not a number."),
        (True, "This is not a number."),
        (time(1, 2), "This is not a number."),
        (0.1234, "It has more than 3 digits after the decimal point."),
        ("#DIV/0!", "It holds an Excel error (#DIV/0!)."),
        (10**16, "This number is too large."),
        (0, "It must be above zero."),
        (-1, "It must be above zero."),
    ],
)
def test_bad_numbers(put, rice, cell, sentence):
    said = put(Packs=[["Item", "Name", "Quantity in the base unit"], ["RICE", "sack", cell]])
    assert f"Sheet “Packs”, row 2, column “Quantity in the base unit” (C): {sentence}" in said
    assert not Pack.objects.filter(name="sack").exists()


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("10/8/2012", "This is not a date that can be read in one way."),
        ("2012-02-30", "There is no such day."),
        ("2012-02", "Write a whole date, like 2012-02-09."),
        (40940, "This is not a date"),
        (2026.10, "This is not a date that can be read in one way."),
        ("0212-02-09", "The year 212 cannot be right."),
        (excel_time(2012, 2, 9, 23, 30), "It holds a time of day as well."),
        ("2999-01-01", "This day is still to come."),
        ("soon", "This is not a date"),
    ],
)
def test_bad_dates(put, willow, cell, sentence):
    said = put(Head_s_counts=[["Shelter", "Counted", "People"], ["WILLOW", cell, 9]])
    assert f"Sheet “Head counts”, row 2, column “Counted” (B): {sentence}" in said
    assert not HeadCount.objects.exists()


def test_bad_yes_and_bad_whole_numbers(put):
    said = put(
        Funds=[["Code", "Name", "Restricted"], ["A", "A", "perhaps"]],
        Residents=[["Code", "Birth year"], ["X-1", 1990.5], ["X-2", -1], ["X-3", 1850]],
    )
    assert "Sheet “Funds”, row 2, column “Restricted” (C): Write yes or no." in said
    assert "Sheet “Residents”, row 2, column “Birth year” (B): Write a whole number." in said
    assert "Sheet “Residents”, row 3, column “Birth year” (B): It cannot be below zero." in said
    assert "Sheet “Residents”, row 4, column “Birth year” (B): " in said
    assert not Resident.objects.exists()


def test_unknown_code_is_named_with_what_comes_near(put, rice):
    packs = ["Item", "Name", "Quantity in the base unit"]
    assert "There is no item “RISE”. Did you mean “RICE”?" in put(Packs=[packs, ["RISE", "sack", 1]])
    assert "Add it in sheet “Items”, or mend the code." in put(Packs=[packs, ["WATER", "sack", 1]])


def test_unknown_sheets_and_headings(put):
    said = put(Item=[["x"]], Weather=[["x"]], Items=[[*ITEM_HEADINGS, "Kode", "Colour"], RICE])
    assert "Sheet “Item”: There is no such sheet. Did you mean “Items”?" in said
    assert "Sheet “Weather”: There is no such sheet. Put “_” before its name" in said
    assert "Sheet “Items”, row 1, column “Kode” (E): There is no such column. Did you mean “Code”?" in said
    assert "Sheet “Items”, row 1, column “Colour” (F): There is no such column." in said


def test_missing_and_doubled_headings(put):
    assert "row 1, column “Code”: This column is missing." in put(Items=[["Name"], ["Rice"]])
    assert "row 1, column “Base unit”: This column is missing; new records need it." in put(
        Items=[ITEM_HEADINGS[:3], RICE[:3]]
    )
    said = put(Items=[[*ITEM_HEADINGS, "code"], [*RICE, "RICE"]])
    assert "row 1, column “code” (E): This heading is there twice." in said
    assert not Item.objects.exists()


def test_something_beside_the_columns_is_not_overlooked(put):
    said = put(**items([*RICE, None, "lost?"]))
    assert "Sheet “Items”, row 2, column “F”: It holds something, but its column has no heading." in said


def test_same_key_twice_in_a_sheet(put):
    said = put(**items(RICE, ["SALT", "Salt", "food", "kg"], ["RICE", "Other", "food", "kg"]))
    assert "Sheet “Items”, row 4, column “Code” (A): Row 2 is about the same record" in said


def test_rows_that_lean_on_a_bad_row_are_counted_not_listed(put):
    packs = [["Item", "Name", "Quantity in the base unit"], *[["RICE", f"sack {n}", 1] for n in range(30)]]
    said = put(Items=[ITEM_HEADINGS, ["RICE", "Rice", "fruit", "kg"]], Packs=packs)
    assert said.count("Sheet “") == 1
    assert "30 further rows lean on these and were not checked yet." in said


def test_rules_of_the_database_are_told_as_sentences(put):
    shelter = ["Code name", "Publishable region", "Places", "Blocked places", "Opened", "Closed"]
    said = put(
        Shelters=[
            shelter,
            ["OAK", "x", 3, 4, "2012-01-01", None],
            ["ELM", "x", 3, 0, "2012-01-01", "2011-01-01"],
        ]
    )
    assert "row 2, column “Blocked places” (D): More places are blocked than there are." in said
    assert "row 3, column “Closed” (F): It cannot close before it opens." in said
    assert not Shelter.objects.exists()
    assert not Place.objects.exists()


def test_guest_under_two_roofs_is_refused_and_a_moved_one_is_not(put, willow, maple):
    factories.ResidentFactory(code="X-1")
    headings = ["Resident", "Shelter", "Arrived", "Left", "Outcome"]
    first = ["X-1", "WILLOW", "2012-01-01", "2012-02-01", "not known"]
    said = put(Stays=[headings, first, ["X-1", "MAPLE", "2012-01-31", None]])
    assert "Sheet “Stays”, row 3: This person already stays somewhere in these nights." in said
    put(Stays=[headings, first, ["X-1", "MAPLE", "2012-02-01", None]])
    # The later one gives way in a row below the one that needs the room.
    moved = [["X-1", "WILLOW", "2012-01-01", None], ["X-1", "MAPLE", "2012-02-01", "2012-02-01"]]
    assert "The end lies before the beginning, or on it." in put(Stays=[headings, *moved])


def test_old_stay_says_what_became_of_the_guest(put, willow):
    factories.ResidentFactory(code="X-1")
    headings = ["Resident", "Shelter", "Arrived", "Left", "Outcome", "Leaves on"]
    said = put(Stays=[headings, ["X-1", "WILLOW", "2012-01-01", "2012-02-01", None, None]])
    assert "column “Outcome” (E): Say what became of them: “not known” is an answer." in said
    said = put(Stays=[headings, ["X-1", "WILLOW", "2012-01-01", None, None, "2012-01-01"]])
    assert "column “Leaves on” (F): They leave after the first night." in said
    put(Stays=[headings, ["X-1", "WILLOW", "2012-01-01", None, None, "2012-02-01"]])
    stay = Stay.objects.get()
    assert (stay.nights.upper, stay.leaves_on) == (None, date(2012, 2, 1))


def test_row_that_needs_room_waits_for_the_row_that_makes_it(put, willow, maple):
    factories.ResidentFactory(code="X-1")
    headings = ["Resident", "Shelter", "Arrived", "Left", "Outcome"]
    put(Stays=[headings, ["X-1", "WILLOW", "2012-02-01", "2012-04-01", "not known"]])
    early = ["X-1", "MAPLE", "2012-03-01", None]
    assert "1 new, 1 changed" in put(
        Stays=[headings, early, ["X-1", "WILLOW", "2012-02-01", "2012-03-01", "died"]]
    )
    longer = ["X-1", "WILLOW", "2012-02-01", "2012-03-05"]
    said = put(Stays=[headings, longer, ["X-1", "MAPLE", "2012-03-01", "2012-03-02", "died"]])
    assert "Sheet “Stays”, row 2: This person already stays somewhere in these nights." in said
    assert Stay.objects.get(shelter=willow).nights.upper == date(2012, 3, 1)
