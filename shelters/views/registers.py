"""The administrator's register of shelters and postings; what field staff say of their own shelter."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gate import requires, sudo
from accounts.permissions import Right
from accounts.services import note_seen
from core.lists import list_page
from shelters import selectors, services, tables
from shelters.enums import ShelterState
from shelters.forms import EndPostingForm, PlaceForm, PostingForm, ShelterForm, StateForm
from shelters.models import Shelter
from shelters.services import PeopleRefused
from shelters.views.zones import enter


@requires(Right.SHELTERS_WRITE)
def add_shelter(request: HttpRequest) -> HttpResponse:
    form = ShelterForm(request.POST or None, initial={"opened_on": timezone.localdate()})
    if form.is_valid():
        try:
            shelter = services.add_shelter(by=request.user, **form.values)
        except PeopleRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            said = _("%(shelter)s is there. Post somebody, who then seals its address.")
            messages.success(request, said % {"shelter": shelter.code})
            return redirect("shelters:stock", shelter.uuid)
    return _page(request, form, _("New shelter"), back=reverse("shelters:list"))


@requires(Right.SHELTERS_WRITE)
def change_shelter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    shelter = _shelter(request, uuid)
    form = ShelterForm(request.POST or None, instance=shelter, record=shelter)
    if form.is_valid():
        shelter.refresh_from_db()  # the form has put its values on it already
        services.change_shelter(by=request.user, shelter=shelter, **form.values)
        messages.success(request, _("Saved."))
        return redirect("shelters:stock", uuid)
    return _page(request, form, _("Change %(shelter)s") % {"shelter": shelter.code}, back=_page_of(uuid))


@requires(Right.SHELTERS_WRITE)
def change_state(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _state_page(request, uuid, states=tuple(ShelterState), heading=_("State"))


@requires(Right.SHELTERS_TELL)
def report_danger(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _state_page(request, uuid, states=services.DANGERS, heading=_("Report a danger"))


def _state_page(
    request: HttpRequest, uuid: UUID, *, states: tuple[ShelterState, ...], heading: str
) -> HttpResponse:
    shelter = _shelter(request, uuid)
    form = StateForm(request.POST or None, states=states)
    if form.is_valid():
        try:
            status = services.say_state(
                by=request.user, shelter=shelter, today=timezone.localdate(), **form.cleaned_data
            )
        except PeopleRefused as refusal:
            form.add_error("state", str(refusal))
        else:
            said = _("%(shelter)s: %(state)s since today.")
            words = {"shelter": shelter.code, "state": status.get_state_display()}
            messages.success(request, said % words)
            return redirect("shelters:stock", uuid)
    context = {
        "shelter": shelter,
        "form": form,
        "heading": heading,
        "statuses": selectors.statuses_of(shelter),
    }
    return render(request, "shelters/state.html", context, status=422 if form.errors else 200)


@requires(Right.SHELTERS_TELL)
def write_place(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The sealed place written anew; the former one is not shown."""
    shelter = _shelter(request, uuid)
    form = PlaceForm(request.POST or None, record=shelter)
    if form.is_valid():
        services.write_place(by=request.user, shelter=shelter, **form.cleaned_data)
        messages.success(request, _("Sealed. Nobody sees it here; it opens for a purpose."))
        return redirect("shelters:stock", uuid)
    lead = _("What stands there is not shown. Write what has changed; what stays empty stays as it is.")
    heading = _("Address of %(shelter)s") % {"shelter": shelter.code}
    return _page(request, form, heading, back=_page_of(uuid), lead=lead)


@requires(Right.ACCOUNTS_READ)
def postings(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Postings"),
        lead=_("Who works at which shelter, and so sees it and its people."),
        queryset=selectors.postings_visible_to(request.user),
        table=tables.PostingTable,
        filters=tables.PostingFilters,
        template="shelters/postings.html",
    )


@requires(Right.ACCOUNTS_WRITE)
@sudo
def post_person(request: HttpRequest) -> HttpResponse:
    form = PostingForm(
        request.POST or None,
        people=selectors.people_to_post(request.user),
        shelters=selectors.in_use(Shelter.objects.visible_to(request.user), timezone.localdate()),
        today=timezone.localdate(),
    )
    if form.is_valid():
        try:
            posting = services.post_person(by=request.user, **form.cleaned_data)
        except PeopleRefused as refusal:
            form.add_error("user", str(refusal))
        except ValidationError as refusal:
            form.add_error("first", refusal.messages)
        else:
            words = {"person": posting.user.name, "shelter": posting.shelter.code}
            messages.success(request, _("%(person)s is posted to %(shelter)s.") % words)
            return redirect("shelters:postings")
    return _page(request, form, _("Post a person"), back=reverse("shelters:postings"))


@requires(Right.ACCOUNTS_WRITE)
@sudo
def end_posting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    posting = get_object_or_404(selectors.postings_visible_to(request.user), uuid=uuid)
    form = EndPostingForm(request.POST or None, record=posting, today=timezone.localdate())
    if form.is_valid():
        try:
            services.end_posting(by=request.user, posting=posting, last=form.cleaned_data["last"])
        except PeopleRefused as refusal:
            form.add_error("last", str(refusal))
        except ValidationError as refusal:
            form.add_error("last", refusal.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("shelters:postings")
    words = {"person": posting.user.name, "shelter": posting.shelter.code}
    heading = _("%(person)s at %(shelter)s") % words
    return _page(request, form, heading, back=reverse("shelters:postings"))


def _shelter(request: HttpRequest, uuid: UUID) -> Shelter:
    found = get_object_or_404(Shelter.objects.visible_to(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found])
    return enter(found)


def _page_of(uuid: UUID) -> str:
    return reverse("shelters:stock", args=[uuid])


def _page(
    request: HttpRequest, form: forms.BaseForm, heading: str, *, back: str, lead: str = ""
) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, "lead": lead}
    return render(request, "shelters/register_form.html", context, status=422 if form.errors else 200)
