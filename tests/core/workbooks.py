"""Workbooks for the tests of the import."""

from pathlib import Path

from openpyxl import Workbook

ITEM_HEADINGS = ["Code", "Name", "Kind", "Base unit"]
RICE = ["RICE", "Rice", "food", "kg"]


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
