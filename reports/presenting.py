"""What the pages of a draft show: a kept draft filled from today's records."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.enums import Qualifier
from core.fiscal import FiscalYear
from core.quantities import Quantity, plain
from reports import selectors
from reports.documents import Document, address, gathered, marked_up
from reports.enums import FigureKind
from reports.figures import Figure
from reports.models import AnnualReport, Section
from reports.sections import DraftedSection
from reports.selectors import Reading
from reports.services import as_kept
from reports.slots import LIST, Material, filled, printed_number


def material_of(report: AnnualReport) -> Material:
    year = FiscalYear(report.year)
    return gathered(year, selectors.read_all(year))


def document_of(report: AnnualReport) -> Document:
    kept = [DraftedSection(section.heading, section.text) for section in report.sections.all()]
    return Document(FiscalYear(report.year), report.label, material_of(report), kept)


@dataclass(frozen=True)
class FigureRow:
    """A line of the table of figures, in the language of the page."""

    reading: Reading
    is_part: bool
    address: str
    printed: str
    exact: str
    previous: str
    drafted: str

    @property
    def differs(self) -> bool:
        return bool(self.drafted)


@dataclass(frozen=True)
class SectionText:
    section: Section
    html: SafeString


def report_page(report: AnnualReport) -> dict:
    """The text in the report's language, the rest in the reader's."""
    with translation.override(report.language):
        material = material_of(report)
        texts = [SectionText(section, marked_up(section.text, material)) for section in report.sections.all()]
    rows = [_row(reading, report.drafted_figures) for reading in material.readings.values()]
    return {
        "report": report,
        "year": FiscalYear(report.year),
        "rows": rows,
        "differing": [row for row in rows if row.differs],
        "texts": texts,
        "new_since": _keys_without(report, material),
    }


def _row(reading: Reading, drafted: dict) -> FigureRow:
    kept = drafted.get(reading.key)
    differs = kept is not None and kept != as_kept(reading)
    rounded = reading.quantity != reading.exact
    previous = reading.previous
    return FigureRow(
        reading=reading,
        is_part="." in reading.key,
        address=address(reading),
        printed=printed_number(reading),
        exact=plain(reading.exact.value) if rounded and reading.exact.value is not None else "",
        previous="" if previous is None else _beside(reading.figure, previous),
        drafted=_as_drafted(kept) if kept and differs else "",
    )


def _beside(figure: Figure, previous: Quantity) -> str:
    return _("on record") if figure.direction_only else str(previous)


def _as_drafted(kept: dict) -> str:
    value = None if kept["value"] is None else Quantity(Decimal(kept["value"]), Qualifier(kept["qualifier"]))
    number = _("not counted") if value is None else str(value)
    return _("%(number)s from %(count)s records") % {"number": number, "count": kept["count"]}


def _keys_without(report: AnnualReport, material: Material) -> list[str]:
    """Figures that had records when the draft was made and are gone from the table today."""
    return [key for key in report.drafted_figures if key not in material.readings]


def slots(material: Material) -> list[tuple[str, str]]:
    """What may be put into a text: the slot, and what it says now."""
    figures = [(f"{{{{{key}}}}}", filled(f"({{{{{key}}}}})", material)[1:-1]) for key in material.readings]
    lists = [
        (f"{{{{{LIST}{name}}}}}", _("a list of %(count)s lines") % {"count": len(lines)})
        for name, lines in material.lists.items()
    ]
    return figures + lists


def lead(figure: Figure, year: FiscalYear) -> str:
    """The figure above its records, and how they make it up."""
    if figure.only_parts:
        text = _("%(year)s. Amounts of different currencies are not added up.")
        return capfirst(text % {"year": year.label})
    reading = selectors.read(figure, year)
    how = {
        FigureKind.DISTINCT: _("Each is counted once, however often it appears below."),
        FigureKind.COMPARISON: _("Records of the year count 1, those of the year before −1."),
        FigureKind.LARGEST: _("The largest of the year alone is counted."),
    }.get(figure.kind, _("It is the sum of the values below."))
    words = {"year": year.label, "number": printed_number(reading), "how": how}
    return capfirst(_("%(year)s: %(number)s. %(how)s") % words)
