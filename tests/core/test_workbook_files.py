"""Files that are no workbooks, and what goes out."""

import io
import os
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from core.models import AuditEntry
from core.workbook import reading
from core.workbook.columns import column_of
from core.workbook.exporting import write_workbook
from core.workbook.sheets import all_sheets
from shelters.models import Shelter
from supply.models import Item
from tests.core.workbooks import ITEM_HEADINGS, RICE, items, written


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
