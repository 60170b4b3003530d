"""The foster officers' registers and records."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.door import opening_page, opens
from accounts.gate import requires
from accounts.permissions import Right
from accounts.selectors import count_unsent_mail
from accounts.services import note_seen
from core.enums import Language
from core.fiscal import month_of
from core.lists import list_page
from foster import selectors, services
from foster.forms import HomeForm
from foster.models import Child, Sponsor
from foster.tables import (
    ChildrenFilters,
    ChildrenTable,
    NearFilters,
    NearTable,
    SponsorsFilters,
    SponsorsTable,
    UpdatesFilters,
    UpdatesTable,
)
from shelters.selectors import dangers, shelters_seen, why_shut
from supply.services import Refusal


@requires(Right.CHILDREN_READ)
def start(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    month, shut = month_of(today), why_shut()
    context = {
        "today": today,
        "month": month,
        "in_danger": selectors.children_in_danger(request.user, today, shut),
        "dangers": dangers(shut, today),
        "reviews": selectors.waiting_for_review(request.user),
        "unsponsored": selectors.children_without_sponsor(today),
        "arrears": selectors.sponsors_in_arrears(today),
        "run": selectors.last_run(month),
        "unsent": count_unsent_mail(request.user),
    }
    return render(request, "foster/start.html", context)


@requires(Right.CHILDREN_READ)
def children(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Children"),
        queryset=selectors.children_register(request.user, timezone.localdate()),
        table=ChildrenTable,
        filters=ChildrenFilters,
    )


@requires(Right.CHILDREN_READ)
def child(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Child.objects.visible_to(request.user).select_related("shelter"), uuid=uuid)
    sponsorships = list(selectors.sponsorships_of(found))
    note_seen(by=request.user, records=[found, *(one.sponsor for one in sponsorships)])
    today = timezone.localdate()
    context = {
        "child": found,
        "year": today.year,
        "today": today,
        "statuses": selectors.statuses_of(found),
        "sponsorships": sponsorships,
        "updates": selectors.updates_of(found),
    }
    return render(request, "foster/child.html", context)


@requires(Right.CHILDREN_WRITE)
def move_child(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    """To another shelter, or to none of ours."""
    found = get_object_or_404(Child.objects.visible_to(request.user).select_related("shelter"), uuid=uuid)
    note_seen(by=request.user, records=[found])
    form = HomeForm(
        request.POST or None, record=found, shelters=shelters_seen(request.user),
        initial={"shelter": found.shelter and found.shelter.uuid},
    )  # fmt: skip
    if form.is_valid():
        try:
            services.move_child(by=request.user, child=found, shelter=form.cleaned_data["shelter"])
        except Refusal as refusal:
            form.add_error("shelter", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("foster:child", uuid)
    context = {"child": found, "form": form}
    return render(request, "foster/move_child.html", context, status=422 if form.errors else 200)


@requires(Right.CHILDREN_NEAR)
def near(request: HttpRequest) -> HttpResponse:
    """For field staff: the children at their shelters, by code and invented name."""
    return list_page(
        request,
        heading=_("Children at my shelters"),
        queryset=Child.objects.visible_to(request.user).select_related("shelter"),
        table=NearTable,
        filters=NearFilters,
    )


@opens(Right.REVEAL_CHILD_IDENTITY, Child)
def reveal_child(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    is_officer = request.user.may(Right.CHILDREN_READ)

    def back(found: Child) -> str:
        return reverse("foster:child", args=[found.uuid]) if is_officer else reverse("foster:near")

    return opening_page(request, Child, uuid, heading=_("Open real name and family"), back=back)


@requires(Right.SPONSORS_READ)
def sponsors(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Sponsors"),
        queryset=selectors.sponsors_register(request.user, timezone.localdate()),
        table=SponsorsTable,
        filters=SponsorsFilters,
    )


@requires(Right.SPONSORS_READ)
def sponsor(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Sponsor.objects.visible_to(request.user), uuid=uuid)
    balance = selectors.balance_of(found)
    sponsorships = list(selectors.sponsorships_of(found))
    note_seen(by=request.user, records=[found, *(one.child for one in sponsorships if one.child)])
    context = {
        "sponsor": balance.sponsor,
        "speaks": Language(balance.sponsor.speaks).label,
        "balance": balance,
        "dues": balance.dues[::-1],
        "sponsorships": sponsorships,
        "reminders": selectors.reminders_of(found),
    }
    return render(request, "foster/sponsor.html", context)


@requires(Right.UPDATES_WRITE)
def updates(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Updates"),
        queryset=selectors.updates_register(request.user),
        table=UpdatesTable,
        filters=UpdatesFilters,
    )
