"""Tables and filters of this app's registers, and of the records behind a figure."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _

from core.dates import printed
from core.enums import Qualifier
from core.lists import LONG, UNBROKEN, Filters, Table
from core.models import Spanned
from core.quantities import Quantity
from reports.enums import ActivityKind
from reports.models import Activity, ExternalStatistic, Partner
from reports.units import number

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class RecordsTable(Table):
    """The one projection in which every kind of record is shown."""

    shown_on = columns.Column(_("day"))
    reference = columns.Column(_("reference"))
    what = columns.Column(_("what"), attrs=LONG)
    counted = columns.Column(_("value"), attrs=NUMBER, empty_values=())
    counted_in = columns.Column(_("unit"))
    where = columns.Column(_("publishable place"))

    class Meta(Table.Meta):
        pass

    def render_shown_on(self, record: object) -> str:
        start = printed(record.shown_on, record.shown_precision)
        if record.shown_until is None:
            return start
        return f"{start} – {printed(record.shown_until, record.shown_until_precision)}"

    def render_counted(self, record: object) -> str:
        quantity = Quantity(record.counted, Qualifier(record.exactness), record.counted_upper)
        derived = _(" (derived)") if record.derived else ""
        return f"{quantity}{derived}"

    def value_counted(self, record: object) -> int | float | str | None:
        """In a file: a number where it is exact, its words where it is not."""
        exact = record.exactness == Qualifier.EXACT
        return number(record.counted) if exact else self.render_counted(record)


class RecordsFilters(Filters):
    searched = ("reference", "what", "where")


class WhenColumn(columns.Column):
    """A day, month, year or span, as exactly as it is known; sorts by its start."""

    def __init__(self) -> None:
        super().__init__(_("when"), accessor="starts_on")

    def render(self, record: Spanned) -> str:
        return record.when


class ActivitiesTable(Table):
    when = WhenColumn()
    code = columns.Column(attrs=UNBROKEN)
    title = columns.Column(attrs=LONG)

    class Meta(Table.Meta):
        model = Activity
        fields = ("when", "code", "kind", "title", "publishable_place", "is_listed", "disclosure")


class ActivitiesFilters(Filters):
    searched = ("code", "title", "title_ja", "publishable_place")
    kind = django_filters.ChoiceFilter(choices=ActivityKind, label=_("Kind"))

    class Meta:
        model = Activity
        fields = ("q", "kind", "is_listed", "disclosure")


class PartnersTable(Table):
    class Meta(Table.Meta):
        model = Partner
        fields = ("name", "code", "country", "started_on", "ended_on", "may_be_named")


class PartnersFilters(Filters):
    searched = ("code", "name", "country")

    class Meta:
        model = Partner
        fields = ("q", "may_be_named")


class StatisticsTable(Table):
    when = WhenColumn()
    topic, source = columns.Column(attrs=LONG), columns.Column(attrs=LONG)
    value = columns.Column(attrs=NUMBER, empty_values=())

    class Meta(Table.Meta):
        model = ExternalStatistic
        fields = (
            "topic",
            "report_year",
            "when",
            "value",
            "unit",
            "place",
            "publisher",
            "source",
            "taken_on",
        )

    def render_value(self, record: ExternalStatistic) -> str:
        return str(record.quantity)


class StatisticsFilters(Filters):
    searched = ("code", "topic", "topic_ja", "publisher", "source", "place")

    class Meta:
        model = ExternalStatistic
        fields = ("q", "report_year")
