"""A year's report as a document: JSON of a fixed shape, Markdown, HTML; filled from today's records."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import leaks
from core.enums import Qualifier
from core.fiscal import FiscalYear
from core.quantities import Quantity
from reports import listing, selectors
from reports.enums import FigureKind
from reports.models import ExternalStatistic
from reports.sections import DraftedSection, drafted_sections
from reports.selectors import Reading
from reports.slots import Material, Piece, fill, filled, names, printed_number
from reports.units import number

FORMATS = {
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
DIFFERING = (FigureKind.EVENT, FigureKind.STOCK, FigureKind.DISTINCT)


@dataclass(frozen=True)
class Document:
    """`sections`: with their slots; `material`: what fills them."""

    year: FiscalYear
    label: str
    material: Material
    sections: list[DraftedSection]

    @property
    def readings(self) -> list[Reading]:
        return list(self.material.readings.values())


def gathered(year: FiscalYear, readings: Iterable[Reading]) -> Material:
    """In the language now spoken."""
    return Material({reading.key: reading for reading in readings}, listing.lists_of(year))


def live_document(year: FiscalYear) -> Document:
    """The draft as it would be made now, without keeping anything."""
    material = gathered(year, selectors.read_all(year))
    return Document(year, year.label, material, drafted_sections(year, material))


def address(reading: Reading) -> str:
    return reverse("reports:records", kwargs={"year": reading.year.number, "key": reading.key})


def rendered(document: Document, form: str) -> str:
    """`form`: json, md or html."""
    if form == "json":
        return json.dumps(as_data(document), ensure_ascii=False, indent=2) + "\n"
    if form == "md":
        return as_markdown(document)
    return as_html(document)


def as_data(document: Document) -> dict[str, Any]:
    year, material = document.year, document.material
    return {
        "year": {
            "label": document.label,
            "start": year.first_day.isoformat(),
            "end": year.last_day.isoformat(),
        },
        "figures": [_figure(reading) for reading in document.readings],
        "sections": [
            {"heading": section.heading, "text": filled(section.text, material)}
            for section in document.sections
        ],
        "external_statistics": [_statistic(row) for row in selectors.outside_statistics(year)],
        "activities": [
            {"date": line.day, "text": line.text, "part": line.part} for line in listing.dated_lines(year)
        ],
        "partners": _partners(material),
    }


def texts_of(document: Document) -> list[leaks.Piece]:
    """Every text of the document, whichever form it is given: paragraph by paragraph, each once."""
    pieces: dict[str, leaks.Piece] = {}
    for label, text in _texts(as_data(document), _("list")):
        for paragraph in text.split("\n"):
            pieces.setdefault(paragraph, leaks.Piece(paragraph, label))
    return list(pieces.values())


def _texts(data: Any, label: str) -> Iterator[tuple[str, str]]:
    """(what part it is, text) of all that is text in it. A section's paragraphs are told by its heading."""
    if isinstance(data, str):
        yield label, data
    elif isinstance(data, list):
        for part in data:
            yield from _texts(part, label)
    elif isinstance(data, dict):
        for name, part in data.items():
            if name not in ("url", "key"):
                yield from _texts(part, data.get("heading", label))


def _figure(reading: Reading) -> dict[str, Any]:
    figure, quantity = reading.figure, reading.quantity
    return {
        "key": figure.key,
        "label": str(figure.label),
        "kind": str(figure.kind),
        "value": _value(quantity),
        "value_upper": number(quantity.upper),
        "unit": str(figure.unit),
        "qualifier": str(quantity.qualifier),
        "exact": _value(reading.exact),
        "printed": printed_number(reading),
        "derived": reading.now.derived,
        "previous": _value(reading.previous) if reading.previous else None,
        "difference": _difference(reading),
        "records": {"count": reading.count, "url": address(reading)},
    }


def _difference(reading: Reading) -> int | float | None:
    before = reading.previous
    if before is None or reading.figure.kind not in DIFFERING:
        return None
    if before.value is None or reading.exact.value is None:
        return None
    return number(reading.exact.value - before.value)


def _value(quantity: Quantity) -> int | float | None:
    return None if quantity.qualifier == Qualifier.WITHHELD else number(quantity.value)


def _statistic(row: ExternalStatistic) -> dict[str, Any]:
    return {
        "key": row.code,
        "topic": listing.topic(row),
        "value": _value(row.quantity),
        "value_upper": number(row.value_upper),
        "qualifier": row.qualifier,
        "unit": row.unit,
        "place": row.place,
        "period": listing.iso(row),
        "publisher": row.publisher,
        "source": row.source,
        "taken_on": row.taken_on.isoformat(),
    }


def _partners(material: Material) -> dict[str, Any]:
    known = material.readings
    return {
        "printed": str(known["partners"].quantity) if "partners" in known else "",
        "named": names(known["partners_named"]) if "partners_named" in known else [],
    }


def as_markdown(document: Document) -> str:
    blocks = [
        f"{'#' if position == 0 else '##'} {section.heading}\n\n{filled(section.text, document.material)}"
        for position, section in enumerate(document.sections)
    ]
    return "\n\n".join(blocks) + "\n"


def as_html(document: Document) -> str:
    """A page that stands by itself; figures lead back to the site."""
    context = {
        "document": document,
        "sections": [
            (section.heading, marked_up(section.text, document.material, site=settings.SITE_URL))
            for section in document.sections
        ],
    }
    return render_to_string("reports/document.html", context)


def marked_up(text: str, material: Material, *, site: str = "") -> SafeString:
    """Paragraphs and lists; each figure is a link to its records."""
    inline = "".join(_linked(piece, site) for piece in fill(text, material))
    blocks, bullets = [], []
    for line in [*inline.split("\n"), ""]:
        if line.startswith("- "):
            bullets.append(f"<li>{line[2:]}</li>")
            continue
        if bullets:
            blocks.append(f"<ul>{''.join(bullets)}</ul>")
            bullets = []
        if line.strip():
            blocks.append(f"<p>{line.strip()}</p>")
    return mark_safe("\n".join(blocks))  # every piece was escaped in _linked


def _linked(piece: Piece, site: str) -> str:
    if piece.reading is None:
        return conditional_escape(piece.text)
    return format_html('<a href="{}{}">{}</a>', site, address(piece.reading), piece.text)
