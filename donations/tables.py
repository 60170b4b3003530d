"""Tables and filters of this app's registers. Only who reads donations ever meets a donor's name."""

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import Case, F, QuerySet, When
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.enums import Precision, Qualifier
from core.lists import DayColumn, Filters, NumberColumn, Table, bare
from core.money import CURRENCIES, Money
from donations import selectors
from donations.enums import Channel, DonorKind, Nature
from donations.models import Donation, Donor, Expense

STATES = [
    ("standing", _("what counts")),
    ("waiting", _("waiting for a fund or programme")),
    ("taken_back", _("taken back")),
]
LACKS = [("yen", _("the value in yen")), ("donor", _("the donor"))]
UNTOLD = (Qualifier.NOT_COUNTED, Qualifier.WITHHELD)
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


class ExpenseTable(Table):
    """By the record's code alone: no place, person or courier. In files amounts are bare numbers."""

    paid_on = columns.Column(attrs=UNBROKEN)
    code = columns.Column(attrs=ON_WIDE)
    source = columns.Column(attrs=ON_WIDE)
    value = columns.Column(_("Amount"), attrs=NUMBER, empty_values=())
    value_upper = NumberColumn(visible=False)
    qualifier = columns.Column(visible=False)
    currency = columns.Column(visible=False)
    programme = columns.Column(attrs=ON_WIDE)
    stands = columns.Column(_("State"))
    reason = columns.Column(visible=False)  # a page tells it beside the state
    steps = columns.TemplateColumn(
        template_name="donations/expense_steps.html",
        orderable=False,
        verbose_name=_("Steps"),
        exclude_from_export=True,
    )

    class Meta(Table.Meta):
        model = Expense
        fields = (
            "paid_on", "code", "nature", "what", "source", "value", "value_upper", "qualifier", "currency",
            "fund", "programme", "stands", "reason", "steps",
        )  # fmt: skip

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        if not request.user.may(Right.DONATIONS_WRITE):
            self.columns.hide("steps")

    @property
    def spent(self) -> list[tuple[str, list[str]]]:
        """Of all rows that are filtered, not of this page alone."""
        return selectors.spent(self.data.data)

    def render_paid_on(self, record: Expense) -> str:
        return record.when

    def value_paid_on(self, record: Expense) -> Any:
        """A day; 2026-03 where the month alone is known."""
        known = {Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}.get(record.paid_precision)
        return f"{record.paid_on:{known}}" if known else record.paid_on

    def render_value(self, record: Expense) -> str:
        if record.corrects is None:
            return record.told
        return f"−{record.told}" if record.qualifier == Qualifier.EXACT else f"−({record.told})"

    def value_value(self, record: Expense) -> Decimal | None:
        return _bare(record, record.value)

    def value_value_upper(self, record: Expense) -> Decimal | None:
        return _bare(record, record.value_upper)

    def order_value(self, queryset: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """Beside which amounts a withheld one stands would tell it."""
        shown = Case(When(qualifier__in=UNTOLD, then=None), default=F("value"))
        order = shown.desc(nulls_last=True) if is_descending else shown.asc(nulls_last=True)
        return queryset.order_by(order, "-paid_on", "-pk"), True

    def render_stands(self, record: Expense) -> str:
        return ": ".join(filter(None, (_state_of(record), record.reason)))

    def value_stands(self, record: Expense) -> str:
        return _state_of(record)


def _bare(expense: Expense, amount: Decimal | None) -> Decimal | None:
    """As on the page: what is withheld there is in no file either. What takes back is below zero: so the rows
    add up to what counts."""
    if amount is None or expense.qualifier in UNTOLD:
        return None
    return bare(amount if expense.corrects is None else -amount)


def _state_of(expense: Expense) -> str:
    if expense.corrects is not None:
        return gettext("takes back %(code)s") % {"code": expense.corrects.code}
    if not expense.stands:
        return gettext("taken back")
    return pgettext("expense", "waiting") if expense.is_waiting else gettext("booked")


class ExpenseFilters(Filters):
    searched = ("code", "what", "reason")
    since = django_filters.DateFilter("paid_on", "gte", label=_("Paid from"))
    until = django_filters.DateFilter("paid_on", "lte", label=_("Paid until"))
    nature = django_filters.ChoiceFilter(choices=Nature, label=_("Nature"))
    currency = django_filters.ChoiceFilter(choices=[(code, code) for code in CURRENCIES], label=_("Currency"))
    state = django_filters.ChoiceFilter(choices=STATES, method="in_state", label=_("State"))

    class Meta:
        model = Expense
        fields = ("q", "since", "until", "fund", "programme", "nature", "currency", "state")

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "taken_back":
            return queryset.filter(stands=False)
        return queryset.waiting() if value == "waiting" else queryset.that_stand()
