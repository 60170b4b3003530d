from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.fiscal import fiscal_year_of, month_of
from core.lists import list_page
from core.money import rounded
from donations import selectors, services
from donations.forms import CompleteForm, DonationForm, DonorForm, RefundForm
from donations.models import Donation, Donor
from donations.tables import DonationFilters, DonationTable, DonorFilters, DonorTable

# Who gave is asked of recent money; older gifts may well stay anonymous.
STILL_FRESH = timedelta(days=90)


@requires(Right.DONATIONS_READ)
def start(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    year, since = fiscal_year_of(today), today - STILL_FRESH
    context = {
        "year": year,
        "month": today,
        "this_month": selectors.sums_by_channel(month_of(today), today),
        "this_year": selectors.sums_by_channel(year.first_day, today),
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


def _booked(form: Form, book: Callable[..., Model]) -> Any:
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
