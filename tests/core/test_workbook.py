"""The import: strict, all or nothing, and every error of a file told with its place."""

import io
import os
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import Workbook

from core.models import AuditEntry
from core.workbook import reading
from core.workbook.columns import Key, column_of
from core.workbook.exporting import write_workbook
from core.workbook.sheets import Sheet, all_sheets
from shelters.models import HeadCount, Resident, Shelter, Stay
from supply.models import Balance, Item, Movement, Pack, Place, Route
from tests import factories

ITEM_HEADINGS = ["Code", "Name", "Kind", "Base unit"]
RICE = ["RICE", "Rice", "food", "kg"]
MOVEMENT_HEADINGS = ["Number", "Happened", "Item", "Quantity", "From", "To", "Reason"]


def excel_time(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - Excel knows no time zones


@pytest.fixture
def put(tmp_path, db):
    """`put(Items=[[heading …], [cell …], …])` makes the file and imports it; gives what was said."""

    def command(*options: str, file: Path | None = None, **pages: list[list]) -> str:
        path = file or written(tmp_path / "register.xlsx", pages)
        out = io.StringIO()
        try:
            call_command("import_workbook", str(path), *options, stdout=out, stderr=out)
        except CommandError as error:
            out.write(str(error))
        return out.getvalue()

    return command


def written(path: Path, pages: dict[str, list[list]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in pages.items():
        page = book.create_sheet(title.replace("_s_", " "))
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def items(*rows: list, headings: list | None = None) -> dict:
    return {"Items": [headings or ITEM_HEADINGS, *rows]}


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
        (0.1234, "It has more than 3 digits behind the point."),
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
    assert "row 1, column “code” (E): This heading stands twice." in said
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
    headings = ["Resident", "Shelter", "Arrived", "Left"]
    first = ["X-1", "WILLOW", "2012-01-01", "2012-02-01"]
    said = put(Stays=[headings, first, ["X-1", "MAPLE", "2012-01-31", None]])
    assert "Sheet “Stays”, row 3: This person already stays somewhere in these nights." in said
    put(Stays=[headings, first, ["X-1", "MAPLE", "2012-02-01", None]])
    # The later one gives way in a row below the one that needs the room.
    moved = [["X-1", "WILLOW", "2012-01-01", None], ["X-1", "MAPLE", "2012-02-01", "2012-02-01"]]
    assert "The end lies before the beginning, or on it." in put(Stays=[headings, *moved])


def test_row_that_needs_room_waits_for_the_row_that_makes_it(put, willow, maple):
    factories.ResidentFactory(code="X-1")
    headings = ["Resident", "Shelter", "Arrived", "Left"]
    put(Stays=[headings, ["X-1", "WILLOW", "2012-02-01", "2012-04-01"]])
    early = ["X-1", "MAPLE", "2012-03-01", None]
    assert "1 new, 1 changed" in put(Stays=[headings, early, ["X-1", "WILLOW", "2012-02-01", "2012-03-01"]])
    longer = ["X-1", "WILLOW", "2012-02-01", "2012-03-05"]
    said = put(Stays=[headings, longer, ["X-1", "MAPLE", "2012-03-01", "2012-03-02"]])
    assert "Sheet “Stays”, row 2: This person already stays somewhere in these nights." in said
    assert Stay.objects.get(shelter=willow).nights.upper == date(2012, 3, 1)


# --- history and the ledger ---------------------------------------------------------------------------


@pytest.fixture
def depot(rice):
    factories.PlaceFactory(code="GIVER", kind="supplier")
    return factories.PlaceFactory(code="DEPOT")


def moves(*rows: list) -> dict:
    return {"Movements": [MOVEMENT_HEADINGS, *rows]}


def came(number: str, day: str = "2012-01-05", quantity: object = 10, item: str = "RICE") -> list:
    return [number, day, item, quantity, "GIVER", "DEPOT", "bought"]


def test_history_is_not_changed_by_a_file(put, willow, depot):
    count = ["Shelter", "Counted", "People"]
    put(Head_s_counts=[count, ["WILLOW", "2012-01-01", 9]], **moves(came("M-1")))
    said = put(Head_s_counts=[count, ["WILLOW", "2012-01-01", 8]], **moves(came("M-1", quantity=11)))
    assert "“People” (C): The record stands already and says “9”. History is not changed." in said
    assert "“Quantity” (D): The record stands already and says “10”. History is not changed." in said
    assert "names it under “Reverses”" in said
    assert HeadCount.objects.get().people == 9


def test_number_names_the_movement_and_its_key_does_too(put, depot):
    put(**moves(came("M-1")))
    key = str(Movement.objects.get().key)
    assert "Movements: 0 new, 0 changed, 1 unchanged" in put(
        Movements=[[*MOVEMENT_HEADINGS, "Document"], [*came(key), ""]]
    )


def test_movements_are_booked_by_day_however_they_stand(put, depot, willow):
    out = ["M-2", "2012-01-06", "RICE", 10, "DEPOT", "ST-WILLOW", "moved to another place"]
    put(**moves(out, came("M-1", day="2012-01-06")))
    assert Balance.objects.get(quantity__gt=0).place.code == "ST-WILLOW"


def test_more_than_there_is_is_refused_with_the_place_of_the_row(put, depot, willow):
    out = ["M-2", "2012-01-04", "RICE", 10, "DEPOT", "ST-WILLOW", "moved to another place"]
    said = put(**moves(came("M-1"), out))
    assert "Sheet “Movements”, row 3, column “Happened” (B)" in said or "row 3, column “Quantity” (D)" in said
    assert not Movement.objects.exists()


def test_mistake_is_put_right_by_a_row_that_reverses_it(put, depot):
    headings = [*MOVEMENT_HEADINGS, "Reverses"]
    back = ["M-2", "2012-01-05", "RICE", 10, "DEPOT", "GIVER", "correction of a mistake", "M-1"]
    put(Movements=[headings, back, [*came("M-1"), None]])
    assert Movement.objects.get(reverses__isnull=False).reverses.document == "M-1"
    said = put(Movements=[headings, [*came("M-3"), "M-1"], ["M-4", *back[1:7], None]])
    assert said.count("Only a correction of a mistake names a movement under “Reverses”") == 2
    said = put(Movements=[headings, ["M-5", *back[1:]]])
    assert "Sheet “Movements”, row 2, column “Reverses” (H): This entry has already been taken back." in said


def test_every_bad_row_of_many_is_listed_and_none_is_booked(put, depot):
    rows = [came(f"M-{n:04}") for n in range(800)]
    bad = range(0, 800, 20)
    for turn, n in enumerate(bad):
        rows[n] = came(
            f"M-{n:04}", **[{"item": "RISE"}, {"day": "10/8/2012"}, {"quantity": "3 kg"}][turn % 3]
        )
    said = put(**moves(*rows))
    listed = [line for line in said.splitlines() if line.startswith("Sheet “Movements”, row ")]
    assert [int(line.split("row ")[1].split(",")[0]) for line in listed] == [n + 2 for n in bad]
    assert "40 errors. Nothing was written." in said
    assert not Movement.objects.exists()
    assert not Balance.objects.exists()


def test_more_than_two_hundred_errors_are_counted(put):
    said = put(**items(*[[f"I{n}", "x", "food", "pound"] for n in range(230)]))
    assert said.count("Sheet “Items”, row") == 200
    assert "… and 30 more." in said
    assert "230 errors." in said


def test_lookups_do_not_grow_with_the_rows(put, depot, django_assert_max_num_queries):
    """Five queries a movement (savepoint, row, trail) and none for finding item, places or people."""
    with django_assert_max_num_queries(60 + 5 * 50):
        put(**moves(*[came(f"M-{n}") for n in range(50)]))
    with django_assert_max_num_queries(60):
        put(**moves(*[came(f"M-{n}") for n in range(50)]))


# --- files that are none ------------------------------------------------------------------------------


def test_file_that_is_no_workbook(put, tmp_path):
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0 an old binary workbook")
    assert "This file is not an Excel workbook (.xlsx)." in put(file=path)
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("hello.txt", "not a workbook either")
    assert "or it is damaged" in put(file=path)
    assert "There is no file" in put(file=tmp_path / "nowhere.xlsx")


def test_damaged_sheet(put, tmp_path):
    good = written(tmp_path / "good.xlsx", items(RICE))
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:-40] if "sheet1" in name else content)
    assert "Sheet “Items” is damaged." in put(file=tmp_path / "bad.xlsx")
    assert not Item.objects.exists()


def test_bomb_is_not_opened(put, tmp_path, monkeypatch):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"\0" * (2 * 2**20))
    monkeypatch.setattr(reading, "MOST_BYTES_UNPACKED", 2**20)
    assert "Unpacked, the file is larger than 500 MB." in put(file=path)


def test_file_too_large_is_not_opened(put, tmp_path):
    path = tmp_path / "large.xlsx"
    path.touch()
    os.truncate(path, reading.MOST_BYTES + 1)
    assert "The file is larger than 50 MB." in put(file=path)


def test_million_empty_rows_are_no_rows(put, tmp_path):
    good = written(tmp_path / "good.xlsx", items(RICE))
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "long.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if "sheet1" in name:
                assert b'ref="A1:D2"' in content
                content = content.replace(b'ref="A1:D2"', b'ref="A1:D1048576"')
                empty = b'<row r="1048576"><c r="A1048576"/></row>'
                content = content.replace(b"</sheetData>", empty + b"</sheetData>")
            new.writestr(name, content)
    assert "Items: 1 new, 0 changed, 0 unchanged" in put(file=tmp_path / "long.xlsx")


# --- what goes out ------------------------------------------------------------------------------------


def test_export_does_not_write_over_a_file(put, tmp_path):
    path = written(tmp_path / "mine.xlsx", items(RICE))
    before = path.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_workbook", str(path), stdout=io.StringIO())
    assert path.read_bytes() == before
    call_command("export_workbook", str(path), "--replace", stdout=io.StringIO())
    assert path.read_bytes() != before


def test_export_is_written_down(put, tmp_path, aya):
    call_command("export_workbook", str(tmp_path / "out.xlsx"), "--by", aya.email, stdout=io.StringIO())
    assert AuditEntry.objects.get(action="workbook.exported").by_id == aya.pk


def test_text_like_a_formula_stays_text(put, tmp_path):
    write_workbook(
        tmp_path / "a.xlsx", {"Items": [dict(zip(ITEM_HEADINGS, ["X", "=1+1", "food", "kg"], strict=True))]}
    )
    put(file=tmp_path / "a.xlsx")
    assert Item.objects.get().name == "=1+1"


def test_writing_an_unknown_sheet_or_heading_fails_at_once(tmp_path):
    with pytest.raises(KeyError, match="no such sheets"):
        write_workbook(tmp_path / "a.xlsx", {"Item": []})
    with pytest.raises(KeyError, match="no such columns"):
        write_workbook(tmp_path / "a.xlsx", {"Items": [{"Kode": 1}]})
    assert list(tmp_path.iterdir()) == []


def test_headings_of_a_sheet_are_all_different():
    with translation.override("en"):
        for sheet in all_sheets():
            headings = [reading.folded(column.heading) for column in sheet.bound]
            assert len(headings) == len(set(headings)), sheet.title


def test_sealed_field_never_becomes_an_ordinary_column():
    with pytest.raises(TypeError, match="say how it stands"):
        column_of(Shelter._meta.get_field("address"), is_key=False)
