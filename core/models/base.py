"""What every record is made of."""

import uuid
from typing import Any

from babel.numbers import get_currency_precision
from django.db import models
from django.db.models.functions import Now, Round
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.dates import printed
from core.enums import Disclosure, Precision, Qualifier
from core.money import CURRENCIES, MOST
from core.quantities import Quantity


class TokyoToday(models.Func):
    """Today in Asia/Tokyo: what "posted now" means, decided by the database as row policies will."""

    template = "(now() AT TIME ZONE 'Asia/Tokyo')::date"
    output_field = models.DateField()


class DayAt(models.Func):
    """The day of a moment in a time zone that a column or value names. No moment: the database's now."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = models.DateField()

    def __init__(self, zone: Any, moment: Any = None) -> None:
        super().__init__(Now() if moment is None else moment, zone)


class Record(models.Model):
    """Every record has, beside its integer key, a UUID made in Python: addresses and seals use it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class DisclosureField(models.CharField):
    def __init__(self, **kwargs):
        kwargs |= {"max_length": 10, "choices": Disclosure, "default": Disclosure.INTERNAL}
        kwargs.setdefault("verbose_name", _("disclosure"))
        super().__init__(**kwargs)

    def deconstruct(self):
        name, _path, args, _kwargs = super().deconstruct()
        return name, "core.models.DisclosureField", args, {}


class CurrencyField(models.CharField):
    def __init__(self, **kwargs):
        kwargs |= {"max_length": 3, "choices": [(code, code) for code in CURRENCIES]}
        kwargs.setdefault("default", "JPY")
        kwargs.setdefault("verbose_name", _("currency"))
        super().__init__(**kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "core.models.CurrencyField", args, {"default": kwargs["default"]}


class AmountField(models.DecimalField):
    """An amount of money: exact, four digits after the decimal point."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_digits": 18, "decimal_places": 4})


def payable(*amounts: str) -> models.Q:
    """For a constraint: these columns hold no part of the smallest unit of `currency`, and not too much."""
    whole = [code for code in CURRENCIES if not get_currency_precision(code)]
    found = models.Q()
    for name in amounts:
        found &= (
            models.Q((name, Round(name, precision=2)), **{f"{name}__range": (-MOST, MOST)})
            & (~models.Q(currency__in=whole) | models.Q((name, Round(name, precision=0))))
        )  # fmt: skip
    return found


PAYABLE = _("Yen and won have no digits after the point, other money has two. The most is 1000000000.")


class QuantityField(models.DecimalField):
    """An amount of goods in the item's base unit, to the thousandth."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_digits": 18, "decimal_places": 3})


class Spanned(models.Model):
    """A day, month or year, or a span of them. `ends_on` empty: it happened at the start alone."""

    starts_on = models.DateField(pgettext_lazy("days", "from"))
    starts_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    ends_on = models.DateField(pgettext_lazy("days", "to"), null=True, blank=True)
    ends_precision = models.CharField(
        _("precision of the end"), max_length=5, choices=Precision, default=Precision.DAY
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="%(class)s_ends_after_it_starts",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_precision=Precision.DAY)
                | models.Q(starts_precision=Precision.MONTH, starts_on__day=1)
                | models.Q(starts_precision=Precision.YEAR, starts_on__day=1, starts_on__month=1),
                name="%(class)s_no_invented_day",
                violation_error_message=_("A date known by its month is kept as the month's first day."),
            ),
        ]

    @property
    def start(self) -> str:
        return printed(self.starts_on, self.starts_precision)

    @property
    def when(self) -> str:
        if self.ends_on is None:
            return self.start
        return f"{self.start} – {printed(self.ends_on, self.ends_precision)}"


class Qualified(models.Model):
    """A number that says how exact it is."""

    value = models.DecimalField(_("value"), max_digits=18, decimal_places=3, null=True, blank=True)
    value_upper = models.DecimalField(
        _("upper value"), max_digits=18, decimal_places=3, null=True, blank=True
    )
    qualifier = models.CharField(_("qualifier"), max_length=12, choices=Qualifier, default=Qualifier.EXACT)
    unit = models.CharField(_("unit"), max_length=40, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    qualifier=Qualifier.RANGE,
                    value_upper__isnull=False,  # a comparison with NULL would let the row pass
                    value_upper__gt=models.F("value"),
                )
                | (~models.Q(qualifier=Qualifier.RANGE) & models.Q(value_upper__isnull=True)),
                name="%(class)s_range_has_two_ends",
                violation_error_message=_("A range has a lower and a higher value; nothing else has two."),
            ),
            models.CheckConstraint(
                condition=models.Q(qualifier=Qualifier.NOT_COUNTED, value__isnull=True)
                | models.Q(qualifier=Qualifier.WITHHELD)
                | (
                    ~models.Q(qualifier__in=[Qualifier.NOT_COUNTED, Qualifier.WITHHELD])
                    & models.Q(value__isnull=False)
                ),
                name="%(class)s_value_unless_uncounted",
                violation_error_message=_("Give a value, or say that it was not counted."),
            ),
        ]

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.value, Qualifier(self.qualifier), self.value_upper)
