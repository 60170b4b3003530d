from typing import Any

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.utils import A

from core.lists import UNBROKEN, Filters, Table
from core.texts import listed
from shelters.enums import IncidentKind
from shelters.models import Incident


class IncidentTable(Table):
    code = columns.Column(linkify=("shelters:incident", {"uuid": A("uuid")}), attrs=UNBROKEN)
    when = columns.Column(_("When"), order_by=("starts_on",))
    shelter = columns.Column(order_by="shelter__code")
    route = columns.Column(order_by="route__code")
    struck = columns.Column(pgettext_lazy("struck", "People"), orderable=False, empty_values=())
    paid = columns.Column(_("Paid"), orderable=False, empty_values=())
    is_mistake = columns.BooleanColumn(verbose_name=_("Mistake"), yesno=(_("recorded by mistake"), ""))

    class Meta(Table.Meta):
        model = Incident
        fields = ("code", "kind", "when", "shelter", "route", "struck", "paid", "is_mistake")
        empty_text = _("No incident is recorded.")

    def render_struck(self, record: Incident) -> str:
        told = _("%(name)s: %(value)s")
        struck = (
            told % {"name": row.get_kind_display(), "value": row.quantity}
            for row in record.people.all()
            if not row.is_corrected
        )
        return listed(struck)

    def value_struck(self, record: Incident) -> str:
        return self.render_struck(record)

    def render_paid(self, record: Incident) -> str:
        return listed(row.told for row in record.payments.all() if row.counts)

    def value_paid(self, record: Incident) -> str:
        return self.render_paid(record)

    def render_is_mistake(self, value: Any) -> str:
        return str(_("recorded by mistake")) if value else ""


class IncidentFilters(Filters):
    searched = ("code", "shelter__code", "route__code")
    kind = django_filters.ChoiceFilter(choices=IncidentKind)
    first = django_filters.DateFilter(field_name="starts_on", lookup_expr="gte", label=_("From day"))
    last = django_filters.DateFilter(field_name="starts_on", lookup_expr="lte", label=_("To day"))

    class Meta:
        model = Incident
        fields = ("q", "kind", "first", "last")
