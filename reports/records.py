"""The records behind the figures, by fiscal year, each in the one shape of `reports.projections`."""

from datetime import date

from django.db.models import Case, CharField, F, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractMonth, Lower, LPad
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.enums import Disclosure, Precision, Qualifier
from core.fiscal import FiscalYear
from core.quantities import GRAMS_PER_KILOGRAM
from donations import selectors as donations
from donations.enums import Channel
from foster import selectors as foster
from foster.enums import Half
from reports.enums import ActivityKind, MeasureName
from reports.models import Activity, Measure, Partner
from reports.projections import NUMBER, ONE, labelled, number, projected, short_reference, text
from supply import selectors as supply
from supply.enums import Area, ItemKind, PlaceKind, RecipientKind, Unit

# A partner that leaves in these months after the year is still told of in the year's report.
MONTHS_OF_AFTERMATH = 4
WEIGHED = (Unit.KILOGRAM, Unit.GRAM)

# --- goods --------------------------------------------------------------------------------------------


def _goods(movements: QuerySet, *, weighed: bool = False) -> QuerySet:
    """Rows of the ledger; `weighed`: in kilograms, whatever the item's base unit."""
    thousandth = number("quantity") / Value(GRAMS_PER_KILOGRAM, output_field=NUMBER)
    in_kilograms = Case(
        When(item__base_unit=Unit.GRAM, then=thousandth), default=number("quantity"), output_field=NUMBER
    )
    kind = "destination__recipient__kind"
    name = Case(When(~Q(item__name_ja=""), then=F("item__name_ja")), default=F("item__name"))
    return projected(
        movements,
        shown_on=F("occurred_on"),
        reference=short_reference(),
        what=Concat(
            name if get_language() == "ja" else F("item__name"),
            text(" · "),
            Case(
                When(destination__kind=PlaceKind.STORE, then=text(_("shelter"))),
                default=labelled(kind, RecipientKind),
            ),
        ),
        counted=number(in_kilograms) if weighed else number("quantity"),
        counted_in=text(_("kg")) if weighed else labelled("item__base_unit", Unit),
        where=Coalesce("destination__recipient__publishable_place", "destination__shelter__region", text("")),
        part=Coalesce(kind, text("")),
        sayable=_public("destination__recipient__", "destination__shelter__"),
    )


def _public(*prefixes: str) -> Case:
    """Whether a record that is named in the row may be told of outside."""
    return Case(
        *(When(**{f"{prefix}disclosure": Disclosure.PUBLIC}, then=True) for prefix in prefixes),
        default=False,
    )


def food_inside(year: FiscalYear) -> QuerySet:
    """Handed over inside North Korea; children in hiding are told of apart."""
    given = supply.deliveries_between(*year.days).filter(
        item__kind=ItemKind.FOOD,
        item__base_unit__in=WEIGHED,
        destination__recipient__area=Area.INSIDE,
    )
    return _goods(given.exclude(destination__recipient__kind=RecipientKind.CHILDREN_IN_HIDING), weighed=True)


def food_for_children_in_hiding(year: FiscalYear) -> QuerySet:
    given = supply.deliveries_between(*year.days).filter(
        item__kind=ItemKind.FOOD,
        item__base_unit__in=WEIGHED,
        destination__recipient__kind=RecipientKind.CHILDREN_IN_HIDING,
    )
    return _goods(given, weighed=True)


def food_to_shelters(year: FiscalYear) -> QuerySet:
    """Brought to the stores of shelters, and handed over at other hiding places."""
    at_hiding_places = supply.deliveries_between(*year.days).filter(
        destination__recipient__area=Area.SHELTERS
    )
    brought = supply.brought_to_shelters_between(*year.days)
    food = Q(item__kind=ItemKind.FOOD, item__base_unit__in=WEIGHED)
    in_hiding = Q(destination__recipient__kind=RecipientKind.CHILDREN_IN_HIDING)
    return _goods((at_hiding_places | brought).filter(food).exclude(in_hiding), weighed=True)


def children_in_hiding_fed(year: FiscalYear) -> QuerySet:
    """The groups of children that were given food in the year, with their number."""
    groups = supply.recipients_served_between(*year.days, item_kind=ItemKind.FOOD).filter(
        kind=RecipientKind.CHILDREN_IN_HIDING
    )
    uncounted = When(people__isnull=True, then=text(Qualifier.NOT_COUNTED))
    return projected(
        groups,
        shown_on=F("last_served_on"),
        reference=F("code"),
        what=labelled("kind", RecipientKind),
        counted=number("people"),
        counted_in=text(_("children")),
        exactness=Case(uncounted, default=text(Qualifier.EXACT), output_field=CharField()),
        where=F("publishable_place"),
        sayable=_public(""),
    )


def given_out(year: FiscalYear, kind: str, unit: str) -> QuerySet:
    """Goods of a kind handed over to recipients, in one base unit."""
    given = supply.deliveries_between(*year.days)
    return _goods(given.filter(item__kind=kind, item__base_unit=unit))


# --- the activity log ---------------------------------------------------------------------------------


def _activity_columns(prefix: str = "") -> dict:
    title: F | Case = F(f"{prefix}title")
    if get_language() == "ja":
        in_japanese = When(~Q(**{f"{prefix}title_ja": ""}), then=F(f"{prefix}title_ja"))
        title = Case(in_japanese, default=title)
    return {
        "shown_on": F(f"{prefix}starts_on"),
        "shown_precision": F(f"{prefix}starts_precision"),
        "shown_until": F(f"{prefix}ends_on"),
        "shown_until_precision": F(f"{prefix}ends_precision"),
        "reference": F(f"{prefix}code"),
        "what": title,
        "where": F(f"{prefix}publishable_place"),
        "sayable": _public(prefix),
    }


def _in_days(first: date, last: date, prefix: str = "") -> Q:
    """A span counts on its last day: a class term in the year in which it was concluded."""
    one_day = Q(**{f"{prefix}ends_on__isnull": True, f"{prefix}starts_on__range": (first, last)})
    return one_day | Q(**{f"{prefix}ends_on__range": (first, last)})


def _touching(first: date, last: date, prefix: str = "") -> Q:
    """Going on in the days: counted every year while it lasts."""
    begun = Q(**{f"{prefix}starts_on__lte": last})
    return _in_days(first, last, prefix) | (begun & Q(**{f"{prefix}ends_on__gte": first}))


def _measured(rows: QuerySet, part: object = None) -> QuerySet:
    # A date known by its year alone may lie in the fiscal year before or after.
    vague = Q(activity__starts_precision=Precision.YEAR, activity__ends_on__isnull=True)
    return projected(
        rows,
        **_activity_columns("activity__"),
        counted=number("value"),
        counted_upper=number("value_upper"),
        exactness=Case(
            When(vague & Q(qualifier=Qualifier.EXACT), then=text(Qualifier.ABOUT)),
            default=F("qualifier"),
        ),
        counted_in=labelled("name", MeasureName),
        part=part,
        derived=F("is_derived"),
    )


MONTH = Case(
    When(activity__starts_precision=Precision.YEAR, activity__ends_on__isnull=True, then=text("")),
    default=LPad(
        Cast(ExtractMonth(Coalesce("activity__ends_on", "activity__starts_on")), CharField()), 2, Value("0")
    ),
    output_field=CharField(),
)
TERM = Coalesce(Cast("activity__ordinal", CharField()), text(""))
FUNDER = F("funder")


def measures(year: FiscalYear, kind: str, name: str, *, milestone: str = "", part: object = None) -> QuerySet:
    """Numbers of one name from activities of one kind, of one milestone where there are several."""
    rows = Measure.objects.filter(_in_days(*year.days, "activity__"), activity__kind=kind, name=name)
    if milestone:
        rows = rows.filter(activity__milestone=milestone)
    return _measured(rows, part)


def going_on(year: FiscalYear, kind: str, name: str) -> QuerySet:
    return _measured(
        Measure.objects.filter(_touching(*year.days, "activity__"), activity__kind=kind, name=name)
    )


def largest(year: FiscalYear, kind: str, name: str) -> QuerySet:
    """The one highest number: the same organisations may sit in several conferences."""
    known = measures(year, kind, name).filter(value__isnull=False)
    return _measured(Measure.objects.filter(pk__in=known.order_by("-value", "pk").values("pk")[:1]))


def activities(
    year: FiscalYear, kind: str, counted_in: str, *, milestone: str = "", part: object = None
) -> QuerySet:
    rows = Activity.objects.filter(_in_days(*year.days), kind=kind)
    if milestone:
        rows = rows.filter(milestone=milestone)
    return projected(rows, **_activity_columns(), counted_in=text(counted_in), part=part)


def more_articles(year: FiscalYear) -> QuerySet:
    """Articles of this year as +1, of the year before as −1; none when none were recorded then."""
    rows = Activity.objects.filter(kind=ActivityKind.ARTICLE)
    before = rows.filter(_in_days(*year.previous.days))
    if not before.exists():
        rows = rows.none()
    return projected(
        rows.filter(_in_days(year.previous.first_day, year.last_day)),
        **_activity_columns(),
        counted=Case(When(_in_days(*year.days), then=ONE), default=Value(-1), output_field=NUMBER),
        counted_in=text(_("articles")),
    )


def _one_meeting(meetings: QuerySet, order: str) -> QuerySet:
    one = meetings.filter(kind=ActivityKind.MEETING, ordinal__isnull=False).order_by(order, "pk")
    return Activity.objects.filter(pk__in=one.values("pk")[:1])


def general_meeting(year: FiscalYear) -> QuerySet:
    held = Activity.objects.filter(_in_days(*year.days))
    return projected(
        _one_meeting(held, "-starts_on"),
        **_activity_columns(),
        counted=number("ordinal"),
        counted_in=text(_("general meeting")),
    )


def _meetings_of_release(year: FiscalYear) -> QuerySet:
    """The first general meeting after the year: there its report is released."""
    return _one_meeting(Activity.objects.filter(starts_on__range=year.next.days), "starts_on")


def release_meeting(year: FiscalYear) -> QuerySet:
    return projected(
        _meetings_of_release(year),
        **_activity_columns(),
        counted=number("ordinal"),
        counted_in=text(_("general meeting")),
    )


def at_release(year: FiscalYear, name: str) -> QuerySet:
    meetings = _meetings_of_release(year).values("pk")
    return _measured(Measure.objects.filter(activity__in=meetings, name=name))


# --- partners -----------------------------------------------------------------------------------------


def _partners(rows: QuerySet) -> QuerySet:
    unnamed = text(_("an organisation that is not named in print"))
    return projected(
        rows,
        shown_on=F("started_on"),
        shown_until=F("ended_on"),
        reference=F("code"),
        what=Case(When(may_be_named=True, then=F("name")), default=unnamed, output_field=CharField()),
        counted_in=text(_("organisations")),
        where=F("country"),
        sayable=F("may_be_named"),
    )


def partners(year: FiscalYear) -> QuerySet:
    """Those worked with on some day of the year."""
    here = Q(ended_on__isnull=True) | Q(ended_on__gte=year.first_day)
    return _partners(Partner.objects.filter(here, started_on__lte=year.last_day))


def named_partners(year: FiscalYear) -> QuerySet:
    return partners(year).filter(may_be_named=True)


def partners_gone_since(year: FiscalYear) -> QuerySet:
    """Those who left soon after the year."""
    *_months, last = list(year.next.months())[: MONTHS_OF_AFTERMATH + 1]
    days = {"ended_on__gt": year.last_day, "ended_on__lt": last, "started_on__lte": year.last_day}
    return _partners(Partner.objects.filter(**days))


# --- children and sponsors ----------------------------------------------------------------------------


def school_terms(year: FiscalYear) -> QuerySet:
    """Half terms paid for in the year, whenever the term itself begins."""
    return projected(
        foster.school_terms_funded(*year.days),
        shown_on=F("funded_on"),
        reference=short_reference("child__uuid"),
        what=Concat(Cast("school_year", CharField()), text(" · "), labelled("half", Half)),
        counted_in=text(_("children")),
        part=Concat(Cast("school_year", CharField()), text("-"), F("half"), output_field=CharField()),
    )


def children_on_last_day(year: FiscalYear) -> QuerySet:
    return projected(
        foster.children_in_programme(year.last_day),
        shown_on=Value(year.last_day),
        reference=short_reference(),
        what=text(_("in the programme")),
        counted_in=text(_("children")),
    )


def sponsorships_on(day: date) -> QuerySet:
    for_programme = When(child__isnull=True, then=text(_("for the programme")))
    return projected(
        foster.sponsorships_running(day),
        shown_on=F("started_on"),
        reference=short_reference(),
        what=Case(for_programme, default=text(_("for a child")), output_field=CharField()),
        counted_in=text(_("sponsorships")),
    )


# --- donations ----------------------------------------------------------------------------------------


def gifts(year: FiscalYear, channel: str) -> QuerySet:
    """The number of gifts: a refund takes none away."""
    return projected(
        donations.gifts_between(*year.days, channel=channel),
        shown_on=F("received_on"),
        reference=F("code"),
        what=labelled("channel", Channel),
        counted_in=text(_("donations")),
    )


def more_gifts(year: FiscalYear, channel: str) -> QuerySet:
    """Gifts of this year as +1, of the year before as −1; none when none were recorded then."""
    both = donations.gifts_between(year.previous.first_day, year.last_day, channel=channel)
    if not both.filter(received_on__lt=year.first_day).exists():
        both = both.none()
    this_year = When(received_on__gte=year.first_day, then=ONE)
    return projected(
        both,
        shown_on=F("received_on"),
        reference=F("code"),
        what=labelled("channel", Channel),
        counted=Case(this_year, default=Value(-1), output_field=NUMBER),
        counted_in=text(_("donations")),
    )


def money(year: FiscalYear, channel: str) -> QuerySet:
    """What came in, in the currency given, less what went back. Parts: currencies, never added up."""
    return projected(
        donations.money_between(*year.days, channel=channel),
        shown_on=F("received_on"),
        reference=F("code"),
        what=labelled("channel", Channel),
        counted=number("gross"),
        counted_in=F("currency"),
        part=Lower("currency"),
    )


def labels(choices: type[TextChoices]) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}
