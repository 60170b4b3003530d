"""docs/workbook.md: the sheets and columns, written from the sheets themselves."""

from django.utils import translation

from core.workbook.exporting import needed
from core.workbook.sheets import Sheet, all_sheets

MARK = "<!-- Below: written by `manage.py describe_workbook`, not by hand. -->\n"


def described() -> str:
    """The generated part of the page, in English."""
    with translation.override("en"):
        return MARK + "".join(_of(sheet) for sheet in all_sheets())


def _of(sheet: Sheet) -> str:
    lines = [f"\n## {sheet.title}\n"]
    if sheet.about:
        lines.append(f"{sheet.about}\n")
    if sheet.is_history:
        lines.append("History: a row that stands is never changed; correct by a further row.\n")
    lines += ["| column | needed | what stands there |", "|---|---|---|"]
    for column in sheet.bound:
        lines.append(f"| {column.printed_heading} | {needed(sheet, column)} | {column.help} |")
    return "\n".join(lines) + "\n"
