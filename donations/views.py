from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.fiscal import fiscal_year_of, month_of
from core.lists import list_page
from core.money import rounded
from donations import selectors, services
from donations.forms import (
    BookForm,
    CompleteForm,
    DonationForm,
    DonorForm,
    ExpenseForm,
    ExpenseMistakeForm,
    RefundForm,
)
from donations.models import Donation, Donor, Expense
from donations.tables import (
    DonationFilters,
    DonationTable,
    DonorFilters,
    DonorTable,
    ExpenseFilters,
    ExpenseTable,
)

# Who gave is asked of recent money; older gifts may well stay anonymous.
STILL_FRESH = timedelta(days=90)
MOST_AT_ONCE = 100  # expenses on the page that books them


@requires(Right.DONATIONS_READ)
def start(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    year, since = fiscal_year_of(today), today - STILL_FRESH
    context = {
        "year": year,
        "month": today,
        "this_month": selectors.sums_by_channel(month_of(today), today),
        "this_year": selectors.sums_by_channel(year.first_day, today),
        "spent_this_month": selectors.spent_between(month_of(today), today),
        "spent_this_year": selectors.spent_between(year.first_day, today),
        "waiting": Expense.objects.visible_to(request.user).waiting().count(),
        "without_yen": selectors.without_value_in_yen().count(),
        "without_donor": selectors.without_donor().filter(received_on__gte=since).count(),
        "since": since,
    }
    return render(request, "donations/start.html", context)


@requires(Right.DONATIONS_READ)
def register(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Register of donations"),
        queryset=selectors.with_donor_and_fund(Donation.objects.visible_to(request.user)),
        table=DonationTable,
        filters=DonationFilters,
        template="donations/list.html",
    )


@requires(Right.DONATIONS_READ)
def donors(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Donors"),
        queryset=selectors.with_sums(Donor.objects.visible_to(request.user)),
        table=DonorTable,
        filters=DonorFilters,
        template="donations/donors.html",
    )


@requires(Right.DONATIONS_WRITE)
def record(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    known = Donor.objects.visible_to(request.user)
    initial = {"received_on": today, "currency": "JPY", "donor": _chosen(request, known)}
    form = DonationForm(request.POST or None, initial=initial, donors=known)
    if _booked(form, partial(services.record_donation, by=request.user, today=today)):
        messages.success(request, _("Booked."))
        return redirect("donations:list")
    return _page(request, "donations/record.html", form, donors=known)


@requires(Right.DONATIONS_WRITE)
def refund(request: HttpRequest, uuid: str) -> HttpResponse:
    today = timezone.localdate()
    found = get_object_or_404(Donation.objects.visible_to(request.user).gifts(), uuid=uuid)
    _note(request, found)
    left = selectors.left_to_refund(found)
    initial = {"amount": rounded(left.amount, left.currency), "refunded_on": today}
    form = RefundForm(request.POST or None, initial=initial, currency=found.currency)
    if _booked(form, partial(services.refund_donation, by=request.user, donation=found, today=today)):
        messages.success(request, _("The refund is booked."))
        return redirect("donations:list")
    return _page(request, "donations/refund.html", form, donation=found, left=left)


@requires(Right.DONATIONS_WRITE)
def complete(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(Donation.objects.visible_to(request.user), uuid=uuid)
    _note(request, found)
    known = Donor.objects.visible_to(request.user)
    lacks = {name for name, value in (("donor", found.donor), ("rate", found.yen)) if value is None}
    form = CompleteForm(request.POST or None, donors=known, lacks=lacks)
    if _booked(form, partial(services.complete_donation, by=request.user, donation=found)):
        messages.success(request, _("Completed."))
        return redirect("donations:list")
    return _page(request, "donations/complete.html", form, donation=found, donors=known)


@requires(Right.DONATIONS_WRITE)
def new_donor(request: HttpRequest) -> HttpResponse:
    form = DonorForm(request.POST or None)
    donor = _booked(form, partial(services.record_donor, by=request.user))
    if donor:
        messages.success(request, _("The donor is in the register and stands in the form."))
        return redirect(f"{reverse('donations:record')}?donor={donor.uuid}")
    return _page(request, "donations/donor.html", form)


@requires(Right.DONATIONS_READ)
def expenses(request: HttpRequest) -> HttpResponse:
    shown = Expense.objects.visible_to(request.user)
    return list_page(
        request,
        heading=_("Register of expenses"),
        queryset=selectors.with_names(shown),
        table=ExpenseTable,
        filters=ExpenseFilters,
        template="donations/expenses.html",
        fragment="donations/expenses.html#register",
        waiting=shown.waiting().count(),
    )


@requires(Right.DONATIONS_WRITE)
def record_expense(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = ExpenseForm(request.POST or None, initial={"paid_on": today, "currency": "JPY"})
    if _booked(form, partial(services.record_expense, by=request.user, today=today)):
        messages.success(request, _("Booked."))
        return redirect("donations:expenses")
    return _page(request, "donations/expense.html", form)


@requires(Right.DONATIONS_WRITE)
def waiting(request: HttpRequest) -> HttpResponse:
    """What was paid and lacks its fund or programme: one or many are booked at once."""
    found = Expense.objects.visible_to(request.user)
    form = BookForm(request.POST or None, expenses=found)
    booked = _booked(form, partial(services.book_expenses, by=request.user))
    if booked:
        said = ngettext("%(number)s expense is booked.", "%(number)s expenses are booked.", len(booked))
        messages.success(request, said % {"number": len(booked)})
        return redirect("donations:waiting")
    shown = selectors.with_names(found.waiting()).order_by("paid_on", "pk")
    number = shown.count()
    context = {"expenses": shown[:MOST_AT_ONCE], "number": number, "left": max(number - MOST_AT_ONCE, 0)}
    return _page(request, "donations/waiting.html", form, **context)


@requires(Right.DONATIONS_WRITE)
def take_back_expense(request: HttpRequest, uuid: UUID) -> HttpResponse:
    known = Expense.objects.visible_to(request.user).filter(corrects__isnull=True)
    found = get_object_or_404(selectors.with_names(known), uuid=uuid)
    form = ExpenseMistakeForm(request.POST or None)
    if _booked(form, partial(services.take_back_expense, by=request.user, expense=found)):
        messages.success(request, _("Taken back. It stays in the register and does not count."))
        return redirect("donations:expenses")
    return _page(request, "donations/take_back.html", form, expense=found)


def _note(request: HttpRequest, donation: Donation) -> None:
    note_seen(by=request.user, records=[donation, *filter(None, [donation.donor])])


def _chosen(request: HttpRequest, known: QuerySet[Donor]) -> str:
    """The code of the donor just added, whose UUID the address names."""
    try:
        wanted = UUID(request.GET.get("donor", ""))
    except ValueError:
        return ""
    donor = known.filter(uuid=wanted).first()
    return donor.code if donor else ""


def _booked(form: Form, book: Callable[..., Any]) -> Any:
    """What the service made of a form that was sent and in order; None otherwise: the form says why."""
    if not form.is_valid():
        return None
    try:
        return book(**form.cleaned_data)
    except services.DonationRefused as refusal:
        form.add_error(refusal.about if refusal.about in form.fields else None, str(refusal))
        if isinstance(refusal, services.KeyAlreadyUsed):
            form.renew_key()
        return None


def _page(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
