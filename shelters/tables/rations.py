import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _

from core.lists import Filters, NumberColumn, Table
from shelters.models import RationRule


class RationTable(Table):
    item = columns.Column(order_by="item__code")
    shelter = columns.Column(order_by="shelter__code", default=_("every shelter"), empty_values=(None,))
    grams = NumberColumn()

    class Meta(Table.Meta):
        model = RationRule
        fields = ("item", "shelter", "grams", "valid_from")
        empty_text = _("No ration was ever set: need and days left cannot be told.")


class RationFilters(Filters):
    searched = ("item__code", "item__name", "item__name_ja", "shelter__code")
    since = django_filters.DateFilter(field_name="valid_from", lookup_expr="gte", label=_("From day"))

    class Meta:
        model = RationRule
        fields = ("q", "since")
