"""Tables and filters of this app's registers. Only who reads donations ever meets a donor's name."""

from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.lists import DayColumn, Filters, Table
from core.money import Money
from donations import selectors
from donations.enums import Channel, DonorKind
from donations.models import Donation, Donor

LACKS = [("yen", _("the value in yen")), ("donor", _("the donor"))]
# A phone shows what a row is about; a wide screen, and every file, all of it.
ON_WIDE = {"td": {"class": "d-none d-lg-table-cell"}, "th": {"class": "d-none d-lg-table-cell"}}
ON_WIDE_NUMBER = {
    "td": {"class": "number d-none d-lg-table-cell"}, "th": {"class": "number d-none d-lg-table-cell"},
}  # fmt: skip
NUMBER = {"td": {"class": "number text-nowrap"}, "th": {"class": "number"}}
UNBROKEN = {"td": {"class": "text-nowrap"}}


class AmountColumn(columns.Column):
    """A column of `Donation` as money on the page; files get the bare number beside the currency."""

    def __init__(self, *args: Any, attrs: dict = NUMBER, **kwargs: Any) -> None:
        super().__init__(*args, attrs=attrs, **kwargs)

    def render(self, value: Any, record: Donation) -> str:
        return str(Money(value, record.currency))

    def value(self, value: Any) -> Any:
        return value


class YenColumn(columns.Column):
    def __init__(self, *args: Any, attrs: dict = NUMBER, **kwargs: Any) -> None:
        super().__init__(*args, attrs=attrs, **kwargs)

    def render(self, value: Any) -> str:
        return str(Money(value, "JPY"))

    def value(self, value: Any) -> Any:
        return value


class DonationTable(Table):
    received_on = DayColumn(attrs=UNBROKEN)
    code = columns.Column(attrs=ON_WIDE)
    channel = columns.Column(attrs=ON_WIDE)
    donor_name = columns.Column(accessor="donor__name", verbose_name=_("donor"))
    currency = columns.Column(visible=False)  # in files, where amounts are bare numbers
    gross = AmountColumn()
    fee, net = AmountColumn(attrs=ON_WIDE_NUMBER), AmountColumn(attrs=ON_WIDE_NUMBER)
    yen = YenColumn(attrs=ON_WIDE_NUMBER)
    fund = columns.Column(attrs=ON_WIDE)
    external_id = columns.Column(attrs=ON_WIDE)
    note = columns.Column(attrs=ON_WIDE)
    steps = columns.TemplateColumn(
        template_name="donations/steps.html",
        orderable=False,
        verbose_name=_("Steps"),
        exclude_from_export=True,
    )

    class Meta(Table.Meta):
        model = Donation
        fields = (
            "received_on", "code", "donor_name", "gross", "channel", "currency", "fee", "net", "yen", "fund",
            "external_id", "note", "steps",
        )  # fmt: skip

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        if not request.user.may(Right.DONATIONS_WRITE):
            self.columns.hide("steps")

    def render_code(self, value: str, record: Donation) -> str:
        return value if record.refund_of is None else f"{value} ({_('refund')})"

    def value_code(self, value: str) -> str:
        return value


class DonationFilters(Filters):
    searched = ("code", "donor__code", "donor__name", "donor__name_kana", "external_id", "note")
    since = django_filters.DateFilter("received_on", "gte", label=_("Received from"))
    until = django_filters.DateFilter("received_on", "lte", label=_("Received until"))
    channel = django_filters.ChoiceFilter(choices=Channel, label=_("Channel"))
    lacks = django_filters.ChoiceFilter(choices=LACKS, method="lacking", label=_("Missing"))

    class Meta:
        model = Donation
        fields = ("q", "since", "until", "channel", "fund", "lacks")

    def lacking(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = selectors.without_donor() if value == "donor" else selectors.without_value_in_yen()
        return queryset.filter(pk__in=wanted.values("pk"))


class DonorTable(Table):
    code = columns.Column(attrs=UNBROKEN)
    kind = columns.Column(attrs=ON_WIDE)
    name_kana = columns.Column(attrs=ON_WIDE)
    country = columns.Column(attrs=ON_WIDE)
    gifts = columns.Column(_("gifts"), attrs=NUMBER)
    last_on = DayColumn(verbose_name=_("last gift"), attrs=UNBROKEN)
    yen = YenColumn(verbose_name=_("sum in yen"))

    class Meta(Table.Meta):
        model = Donor
        fields = ("code", "kind", "name", "name_kana", "country", "gifts", "last_on", "yen")


class DonorFilters(Filters):
    searched = ("code", "name", "name_kana")
    kind = django_filters.ChoiceFilter(choices=DonorKind, label=_("Kind"))

    class Meta:
        model = Donor
        fields = ("q", "kind")
