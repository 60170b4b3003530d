"""The activity log and outside figures in the workbook."""

from django.utils.translation import gettext_lazy

from core.workbook.columns import Note, PreciseDay, Reconstructed
from core.workbook.sheets import Sheet
from reports.models import Activity, ExternalStatistic, Measure, Partner


class Activities(Sheet):
    title = gettext_lazy("Activities")
    about = gettext_lazy(
        "What was done, when, and where it may be said. Only what is disclosed as “public” is ever printed."
    )
    model = Activity
    columns = (
        "code",
        "kind",
        "milestone",
        "title",
        "title_ja",
        PreciseDay("starts_on", "starts_precision"),
        PreciseDay("ends_on", "ends_precision"),
        "publishable_place",
        "ordinal",
        "is_listed",
        "funder",
        "disclosure",
        Reconstructed("note"),
        Note("note"),
    )
    rules = {
        "activity_ends_after_it_starts": ("ends_on", gettext_lazy("The end lies before the start.")),
        "activity_milestone_of_a_rescue": ("milestone", gettext_lazy("Only a rescue has a milestone.")),
    }


class Measures(Sheet):
    title = gettext_lazy("Measures")
    about = gettext_lazy("The numbers of an activity: people, hours, nations …")
    model = Measure
    key = ("activity", "name")
    columns = ("activity", "name", "value", "value_upper", "qualifier", "unit", "is_derived")


class Partners(Sheet):
    title = gettext_lazy("Partners")
    model = Partner
    columns = ("code", "name", "country", "started_on", "ended_on", "may_be_named", "note")
    rules = {
        "partner_named_has_a_name": ("name", gettext_lazy("Who may be named in print needs a name.")),
        "partner_ends_after_it_starts": ("ended_on", gettext_lazy("The end lies before the start.")),
    }


class OutsideStatistics(Sheet):
    title = gettext_lazy("Outside statistics")
    about = gettext_lazy("Somebody else's figures, with their source. They never enter the NGO's own totals.")
    model = ExternalStatistic
    columns = (
        "code",
        "topic",
        "topic_ja",
        "place",
        PreciseDay("starts_on", "starts_precision"),
        PreciseDay("ends_on", "ends_precision"),
        "value",
        "value_upper",
        "qualifier",
        "unit",
        "publisher",
        "source",
        "taken_on",
        "report_year",
    )
    rules = {
        "statistic_has_a_source": ("source", gettext_lazy("A figure of others needs publisher and source."))
    }
