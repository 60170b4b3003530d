from decimal import Decimal
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from core.forms import Keyed
from core.money import CURRENCIES
from donations import selectors
from donations.enums import Channel, DonorKind, Nature
from donations.models import Donor, Expense, Fund, Programme
from supply.forms.amounts import AmountField
from supply.forms.money import MoneyField, OfMoney

CENT = Decimal("0.01")  # no currency of ours has a smaller coin
MOST_YEN = 10_000  # a unit of any currency; more is a slip of the thumb


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def _money(label: Any, **options: Any) -> MoneyField:
    return MoneyField(label=label, **{"min_value": CENT} | options)


class RateField(AmountField):
    """How many yen one unit of another currency was worth."""

    default_error_messages = {
        "max_value": _("That is very much. Write how many yen one unit was worth, up to %(limit_value)s."),
        "max_decimal_places": _("Write at most eight digits after the point."),
    }

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 16}
        usual = {"label": _("Yen a unit"), "required": False, "widget": forms.TextInput(attrs=attributes)}
        limits = {"min_value": Decimal("0.00000001"), "max_value": MOST_YEN, "decimal_places": 8}
        super().__init__(**usual | limits | options)


class DonorChoice(forms.ModelChoiceField):
    """Typed or picked from the page's <datalist id="donors">: a code, found by the name as well."""

    default_error_messages = {
        "invalid_choice": _("No donor has this code. Pick one from the list, or add the donor first.")
    }

    def __init__(self, **options: Any) -> None:
        attributes = {"list": "donors", "autocomplete": "off", "autocapitalize": "characters"}
        options |= {"to_field_name": "code", "widget": forms.TextInput(attrs=attributes)}
        super().__init__(queryset=Donor.objects.none(), **options)


class DonationForm(OfMoney, Keyed):
    amounts = ("gross", "fee")

    donor = DonorChoice(
        label=_("Donor"), required=False, help_text=_("Type the name or the code; empty: anonymous.")
    )
    received_on = _day(_("Received"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    gross = _money(_("Amount"), help_text=_("What the donor sent, before the fee of the channel."))
    fee = _money(_("Fee"), required=False, min_value=0, zero=True)
    rate = RateField(help_text=_("Only for foreign currency; empty: the published rate of the day."))
    fund = forms.ModelChoiceField(label=_("Fund"), queryset=Fund.objects.none(), empty_label=None)
    external_id = forms.CharField(
        label=_("Number of the channel"),
        required=False,
        max_length=60,
        help_text=_("The transaction number of PayPal or the bank: it can be booked once only."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, donors: QuerySet[Donor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"].queryset = donors
        self.fields["fund"].queryset = Fund.objects.all()

    def clean_fee(self) -> Any:
        return self.cleaned_data["fee"] or Decimal(0)


class RefundForm(OfMoney, Keyed):
    amount = _money(_("Refund amount"))
    refunded_on = _day(_("Refund date"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        """`currency`: of what is given back."""
        super().__init__(*args, **kwargs)
        self.currency = currency

    def currency_of(self, cleaned: dict[str, Any]) -> str:
        return self.currency


class CompleteForm(forms.Form):
    donor = DonorChoice(label=_("Donor"), required=False, help_text=_("Type the name or the code."))
    rate = RateField()

    def __init__(self, *args: Any, donors: QuerySet[Donor], lacks: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"].queryset = donors
        for name in set(self.fields) - lacks:
            del self.fields[name]


class DonorForm(Keyed):
    kind = forms.ChoiceField(label=_("Kind"), choices=DonorKind)
    name = forms.CharField(label=_("Name"), max_length=200)
    name_kana = forms.CharField(label=_("Name in kana"), required=False, max_length=200)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "—"), *_countries()]


class ProgrammeChoice(forms.ModelChoiceField):
    """Filings ask for the programme of each expense: there is no usual one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=Programme.objects.none(), label=_("Programme"), empty_label=_("choose"), **options
        )


class ExpenseForm(OfMoney, Keyed):
    """Cleans into the arguments of `services.record_expense`."""

    paid_on = _day(_("Paid on"))
    nature = forms.ChoiceField(label=_("Nature"), choices=[("", _("choose")), *Nature.choices])
    what = forms.CharField(
        label=_("What it paid"), max_length=200, help_text=_("No names of people, no addresses.")
    )
    amount = _money(_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    fund = forms.ModelChoiceField(label=_("Fund"), queryset=Fund.objects.none(), empty_label=_("choose"))
    programme = ProgrammeChoice()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = selectors.funds()
        self.fields["programme"].queryset = selectors.programmes()


class ExpensesChoice(forms.ModelMultipleChoiceField):
    """Of a list, each by its UUID; what is none of them is said in one sentence, whatever it was."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Expense.objects.none(), to_field_name="uuid", **options)

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except ValidationError:
            raise ValidationError(_("Choose at least one expense of the list."), "required") from None


class BookForm(forms.Form):
    """Cleans into the arguments of `services.book_expenses`."""

    expenses = ExpensesChoice()
    fund = forms.ModelChoiceField(
        label=_("Fund"), queryset=Fund.objects.none(), empty_label=_("choose"), required=False,
        help_text=_("An expense that has a fund keeps it."),
    )  # fmt: skip
    programme = ProgrammeChoice()

    def __init__(self, *args: Any, expenses: QuerySet[Expense], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expenses"].queryset = expenses
        self.fields["fund"].queryset = selectors.funds()
        self.fields["programme"].queryset = selectors.programmes()

    @property
    def chosen(self) -> set[str]:
        """The UUIDs that were sent, for the page that comes back."""
        return set(self.data.getlist("expenses")) if self.is_bound else set()


class ExpenseMistakeForm(Keyed):
    """Cleans into the arguments of `services.take_back_expense`."""

    reason = forms.CharField(
        label=_("Why it was wrong"), max_length=200, help_text=_("No names of people, no addresses.")
    )


def _countries() -> list[tuple[str, str]]:
    names = Locale.parse(to_locale(get_language() or "en")).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return sorted(found, key=lambda country: country[1])
