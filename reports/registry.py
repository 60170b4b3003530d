"""Every figure of the annual report, in the order of the report."""

from collections.abc import Iterable
from functools import partial

from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.fiscal import FiscalYear
from core.quantities import KILOGRAMS_PER_TONNE
from donations.enums import Channel
from reports import parts, records
from reports.enums import ActivityKind, FigureKind, MeasureName, Milestone
from reports.figures import Figure, Split, down_to_first_digit, down_to_ten
from reports.units import CountedIn
from supply.enums import ItemKind, Unit


class UnknownFigure(LookupError):
    """No figure of this key in the year."""


def _through(channel: Channel) -> list[Figure]:
    """Number of gifts, how many more than the year before, and the sums by currency."""
    name = channel.label
    rare = channel != Channel.PAYPAL
    return [
        Figure(
            f"{channel.value}_donations",
            format_lazy(_("Donations through {channel}, number"), channel=name),
            CountedIn.DONATIONS,
            partial(records.gifts, channel=channel.value),
            optional=rare,
        ),
        Figure(
            f"{channel.value}_increase",
            format_lazy(_("Donations through {channel}, more than the year before"), channel=name),
            CountedIn.DONATIONS,
            partial(records.more_gifts, channel=channel.value),
            kind=FigureKind.COMPARISON,
            rounding=down_to_first_digit,
            optional=True,
        ),
        Figure(
            f"{channel.value}_sum",
            format_lazy(_("Donations through {channel}, sum"), channel=name),
            "",
            partial(records.money, channel=channel.value),
            split=Split(parts.currency, _("%(part)s")),
            only_parts=True,
            direction_only=True,
        ),
    ]


_rescued = partial(records.measures, kind=ActivityKind.RESCUE, name=MeasureName.PEOPLE)
_terms = partial(records.activities, kind=ActivityKind.LANGUAGE_TERM)

FOOD = [
    Figure(
        "food_inside",
        _("Food delivered inside North Korea"),
        CountedIn.TONNES,
        records.food_inside,
        per_unit=KILOGRAMS_PER_TONNE,
        split=Split(parts.recipients, _("%(number)s to %(part)s")),
    ),
    Figure(
        "food_inside_recipient_kinds",
        _("Kinds of recipients of that food"),
        CountedIn.RECIPIENT_KINDS,
        records.food_inside,
        kind=FigureKind.DISTINCT,
        distinct="part",
        names="part",
        name_label=parts.recipients,
    ),
    Figure(
        "food_inside_provinces",
        _("Provinces that food went to"),
        CountedIn.PROVINCES,
        records.food_inside,
        kind=FigureKind.DISTINCT,
        distinct="where",
        names="where",
    ),
    Figure(
        "food_children_in_hiding",
        _("Food for homeless children in hiding"),
        CountedIn.KILOGRAMS,
        records.food_for_children_in_hiding,
    ),
    Figure(
        "children_in_hiding_fed",
        _("Homeless children in hiding who were fed"),
        CountedIn.CHILDREN,
        records.children_in_hiding_fed,
    ),
    Figure(
        "food_shelters",
        _("Food brought to shelters and hiding places"),
        CountedIn.KILOGRAMS,
        records.food_to_shelters,
    ),
]
GOODS = [
    Figure(
        "medical_kits",
        _("Home medical kits given out"),
        CountedIn.KITS,
        partial(records.given_out, kind=ItemKind.KIT, unit=Unit.KIT),
    ),
    Figure(
        "clothing_sets",
        _("Clothing given out, in sets"),
        CountedIn.SETS,
        partial(records.given_out, kind=ItemKind.CLOTHING, unit=Unit.SET),
    ),
    Figure(
        "clothing_pieces",
        _("Clothing given out, in pieces"),
        CountedIn.PIECES,
        partial(records.given_out, kind=ItemKind.CLOTHING, unit=Unit.PIECE),
        optional=True,
    ),
    Figure(
        "medical_cases",
        _("Medical cases paid for"),
        CountedIn.CASES,
        partial(records.going_on, kind=ActivityKind.MEDICAL, name=MeasureName.CASES),
        kind=FigureKind.STOCK,
        names="what",
    ),
]
CHILDREN = [
    Figure(
        "children_funded",
        _("Children whose shelter and schooling were paid"),
        CountedIn.CHILDREN,
        records.school_terms,
        kind=FigureKind.DISTINCT,
        distinct="reference",
        split=Split(parts.half_term, _("%(number)s for the %(part)s")),
    ),
    Figure(
        "children_in_programme",
        _("Children in the programme on the last day"),
        CountedIn.CHILDREN,
        records.children_on_last_day,
        kind=FigureKind.STOCK,
    ),
    Figure(
        "sponsorships_first_day",
        _("Sponsorships running on the first day"),
        CountedIn.SPONSORSHIPS,
        lambda year: records.sponsorships_on(year.first_day),
        kind=FigureKind.STOCK,
    ),
    Figure(
        "sponsorships_last_day",
        _("Sponsorships running on the last day"),
        CountedIn.SPONSORSHIPS,
        lambda year: records.sponsorships_on(year.last_day),
        kind=FigureKind.STOCK,
    ),
]
RESCUE = [
    Figure(
        "people_to_safe_zones",
        _("People brought to safe zones"),
        CountedIn.PEOPLE,
        partial(_rescued, milestone=Milestone.SAFE_ZONE, part=records.MONTH),
        split=Split(parts.month, _("%(number)s in %(part)s"), in_time=True),
    ),
    Figure(
        "people_to_final_country",
        _("Rescued people who reached their final country"),
        CountedIn.PEOPLE,
        partial(_rescued, milestone=Milestone.FINAL_COUNTRY),
    ),
    Figure(
        "operations_started",
        _("Rescue operations started"),
        CountedIn.OPERATIONS,
        lambda year: records.activities(
            year, ActivityKind.RESCUE, _now("operations"), milestone=Milestone.STARTED
        ),
    ),
    Figure(
        "people_resettled",
        _("People who joined relatives or settled"),
        CountedIn.PEOPLE,
        partial(records.measures, kind=ActivityKind.RESETTLEMENT, name=MeasureName.PEOPLE),
    ),
]
CLASSES = [
    Figure(
        "language_hours",
        _("Hours of language classes"),
        CountedIn.HOURS,
        partial(
            records.measures,
            kind=ActivityKind.LANGUAGE_TERM,
            name=MeasureName.HOURS,
            part=records.TERM,
        ),
        split=Split(parts.term, _("%(number)s in %(part)s")),
    ),
    Figure(
        "language_terms",
        _("Terms of language classes"),
        CountedIn.TERMS,
        lambda year: _terms(year, counted_in=_now("terms"), part=records.FUNDER),
        split=Split(parts.funder, _("%(number)s paid by %(part)s")),
    ),
]
TOGETHER = [
    Figure(
        "partners",
        _("Organisations worked with"),
        CountedIn.ORGANISATIONS,
        records.partners,
        kind=FigureKind.STOCK,
        rounding=down_to_ten,
    ),
    Figure(
        "partners_named",
        _("Organisations that may be named"),
        CountedIn.ORGANISATIONS,
        records.named_partners,
        kind=FigureKind.STOCK,
        names="what",
        names_with_place=True,
    ),
    Figure(
        "partners_gone_since",
        _("Organisations that left soon after the year"),
        CountedIn.ORGANISATIONS,
        records.partners_gone_since,
        optional=True,
    ),
    Figure(
        "conference_ngos",
        _("NGOs at the largest conference"),
        CountedIn.NGOS,
        partial(records.largest, kind=ActivityKind.EVENT, name=MeasureName.NGOS),
        kind=FigureKind.LARGEST,
        names="what",
    ),
    Figure(
        "conference_nations",
        _("Nations at the conference with the most nations"),
        CountedIn.NATIONS,
        partial(records.largest, kind=ActivityKind.EVENT, name=MeasureName.NATIONS),
        kind=FigureKind.LARGEST,
    ),
    Figure(
        "petitioned_bodies",
        _("Bodies petitioned, counted again with each petition"),
        CountedIn.BODIES,
        partial(records.measures, kind=ActivityKind.ADVOCACY, name=MeasureName.BODIES),
    ),
    Figure(
        "network_ngos",
        _("Other NGOs in the largest network founded"),
        CountedIn.NGOS,
        partial(records.largest, kind=ActivityKind.ADVOCACY, name=MeasureName.NGOS),
        kind=FigureKind.LARGEST,
        names="what",
    ),
    Figure(
        "lectures",
        _("Lectures given"),
        CountedIn.LECTURES,
        partial(records.measures, kind=ActivityKind.LECTURE, name=MeasureName.LECTURES),
    ),
    Figure(
        "shelter_visits",
        _("Visits to shelters"),
        CountedIn.VISITS,
        partial(records.measures, kind=ActivityKind.SHELTER_VISIT, name=MeasureName.VISITS),
    ),
]
VOICE = [
    Figure(
        "articles_translated",
        _("Articles translated and put online"),
        CountedIn.ARTICLES,
        lambda year: records.activities(year, ActivityKind.ARTICLE, _now("articles")),
    ),
    Figure(
        "articles_increase",
        _("Articles translated, more than the year before"),
        CountedIn.ARTICLES,
        records.more_articles,
        kind=FigureKind.COMPARISON,
        rounding=down_to_first_digit,
        optional=True,
    ),
    Figure(
        "publications",
        _("Books, pamphlets and other publications"),
        CountedIn.PUBLICATIONS,
        lambda year: records.activities(year, ActivityKind.PUBLICATION, _now("publications")),
        optional=True,
    ),
    Figure(
        "volunteers",
        _("Volunteers who helped"),
        CountedIn.VOLUNTEERS,
        partial(records.going_on, kind=ActivityKind.VOLUNTEERS, name=MeasureName.VOLUNTEERS),
        kind=FigureKind.STOCK,
    ),
    Figure(
        "volunteer_applications",
        _("Applications of people who wish to help"),
        CountedIn.APPLICATIONS,
        partial(records.going_on, kind=ActivityKind.VOLUNTEERS, name=MeasureName.APPLICATIONS),
    ),
    Figure(
        "wanted_profiles",
        _("Kinds of helpers who are wanted"),
        CountedIn.PROFILES,
        partial(records.going_on, kind=ActivityKind.VOLUNTEERS, name=MeasureName.PROFILES),
        kind=FigureKind.STOCK,
        names="what",
    ),
]
MEETINGS = [
    Figure(
        "general_meeting",
        _("General meeting in the year, its number"),
        CountedIn.ORDINAL,
        records.general_meeting,
        kind=FigureKind.LATEST,
    ),
    Figure(
        "release_meeting",
        _("General meeting after the year, its number"),
        CountedIn.ORDINAL,
        records.release_meeting,
        kind=FigureKind.LATEST,
        names="where",
    ),
    Figure(
        "release_guests",
        _("Settled refugees at that meeting"),
        CountedIn.PEOPLE,
        partial(records.at_release, name=MeasureName.GUESTS),
        kind=FigureKind.LATEST,
    ),
    Figure(
        "release_newest_guest",
        _("Months since the newest of them arrived"),
        CountedIn.MONTHS,
        partial(records.at_release, name=MeasureName.MONTHS),
        kind=FigureKind.LATEST,
    ),
]
DONATIONS = [figure for channel in Channel for figure in _through(channel)]

FIGURES: tuple[Figure, ...] = (
    *RESCUE, *CLASSES, *FOOD, *GOODS, *CHILDREN, *TOGETHER, *VOICE, *DONATIONS, *MEETINGS,
)  # fmt: skip
_BY_KEY = {figure.key: figure for figure in FIGURES}


def figures_of(year: FiscalYear) -> Iterable[Figure]:
    """Every figure, each followed by its parts in this year."""
    for figure in FIGURES:
        if not figure.only_parts:
            yield figure
        yield from figure.parts(year)


def figure_named(key: str, year: FiscalYear) -> Figure:
    """Raises UnknownFigure. A part is found among the parts that the year has."""
    whole, _dot, part = key.partition(".")
    if whole not in _BY_KEY:
        raise UnknownFigure(key)
    if not part:
        return _BY_KEY[whole]
    for figure in _BY_KEY[whole].parts(year):
        if figure.key == key:
            return figure
    raise UnknownFigure(key)
