"""Who comes, leaves and is expected, on a phone; and how many there were, for who plans and checks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import services as accounts
from accounts.gate import requires
from accounts.models import User
from accounts.permissions import Right
from accounts.services import note_seen
from core.forms import Keyed
from core.lists import list_page
from shelters import selectors, services, tables
from shelters.enums import Outcome
from shelters.forms import AboutForm, ComingForm, GuestForm, HeadCountForm, KnownForm, LeaveForm
from shelters.models import MedicalCase, Resident, Shelter, Stay
from shelters.services import PeopleRefused
from shelters.views.zones import enter, enter_own
from supply import selectors as supply
from supply.services import Refusal


@requires(Right.RESIDENTS_WRITE)
def arrive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Somebody new: under a code that the app makes and says."""
    shelter, today = _shelter(request, uuid), timezone.localdate()
    coming = ComingForm(request.POST or None, today=today, counted=_heads_counted(shelter))
    about = AboutForm(request.POST or None, this_year=today.year)
    if coming.is_valid() and about.is_valid():
        try:
            stay = services.arrive_new(by=request.user, shelter=shelter, about=about.about, **coming.coming)
        except Refusal as refusal:
            coming.add_error(_field_of_coming(refusal), str(refusal))
        else:
            said = _("%(code)s is written down. Write the code where only you find it.")
            messages.success(request, said % {"code": stay.resident.code})
            return redirect("shelters:stock", uuid)
    return _form_page(request, "shelters/arrive.html", coming, shelter=shelter, about=about)


@requires(Right.RESIDENTS_WRITE)
def come_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Somebody known, by code: comes back, moves here from another of one's shelters, or is expected."""
    shelter, today = _shelter(request, uuid), timezone.localdate()
    form = KnownForm(
        request.POST or None, today=today, counted=_heads_counted(shelter),
        initial={"code": request.GET.get("code", "")},
    )  # fmt: skip
    if form.is_valid():
        code = form.cleaned_data["code"]
        known = Resident.objects.visible_to(request.user).filter(code=code).first()
        told = {"by": request.user, "shelter": shelter} | form.coming
        try:
            if known is None:
                stay = services.arrive_late(code=code, **told)
            else:
                stay = services.arrive(resident=known, **told)
        except Refusal as refusal:
            form.add_error(_field_of_coming(refusal), str(refusal))
        else:
            messages.success(request, _arrived(stay))
            return redirect("shelters:stock", uuid)
    return _form_page(request, "shelters/come_back.html", form, shelter=shelter)


def _heads_counted(shelter: Shelter) -> int | None:
    """How many are here, where they are counted; None: nobody is asked about it."""
    counted = selectors.counted_at(shelter, timezone.localdate())
    return counted and counted.heads


def _with_heads(shelter: Shelter, said: str) -> str:
    """Where some are only counted: who came may have been among them, and is so again."""
    now = selectors.counts_of(shelter).first()
    if now is None or now.others is None:
        return said
    heads = selectors.heads_on(shelter, timezone.localdate())
    there = ngettext("%(counter)s person is here now.", "%(counter)s people are here now.", heads)
    address, ask = reverse("shelters:count_heads", args=[shelter.uuid]), _("Is that wrong? Count heads")
    return format_html('{} {} <a href="{}">{}</a>', said, there % {"counter": heads}, address, ask)


def _field_of_coming(refusal: Refusal) -> str:
    if isinstance(refusal, services.FewerThanRegistered):
        return "heads"
    return "code" if isinstance(refusal, services.NotWithYou) else "day"


@requires(Right.RESIDENTS_WRITE)
@require_POST
def came(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One tap: an expected guest is there since today."""
    stay, today = _stay(request, uuid), timezone.localdate()
    try:
        stay = services.come(by=request.user, stay=stay, day=today, today=today)
    except PeopleRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _arrived(stay))
    return redirect("shelters:stock", stay.shelter.uuid)


@requires(Right.RESIDENTS_WRITE)
@require_POST
def call_off(request: HttpRequest, uuid: UUID) -> HttpResponse:
    stay = _stay(request, uuid)
    try:
        services.call_off(by=request.user, stay=stay, today=timezone.localdate(), now=timezone.now())
    except PeopleRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _with_heads(stay.shelter, _called_off(stay)))
    return redirect("shelters:stock", stay.shelter.uuid)


def _called_off(stay: Stay) -> str:
    """Who was handed on may come late: one tap, while their code is in sight."""
    code = stay.resident.code
    said = _("%(code)s: called off.") % {"code": code}
    if stay.came_from_id is None:
        return said
    address = reverse("shelters:come_back", args=[stay.shelter.uuid], query={"code": code})
    return format_html('{} <a href="{}">{}</a>', said, address, _("They come after all"))


@requires(Right.RESIDENTS_WRITE)
@require_POST
def take_back_outcome(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One tap: what was said today of somebody was a slip."""
    stay = _stay(request, uuid)
    try:
        stay = services.take_back_outcome(by=request.user, stay=stay, today=timezone.localdate())
    except PeopleRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _sought(stay) if stay.is_missing else _arrived(stay))
    return redirect("shelters:stock", stay.shelter.uuid)


def _sought(stay: Stay) -> str:
    return _("%(code)s is looked for again.") % {"code": stay.resident.code}


@requires(Right.RESIDENTS_WRITE)
def leave(request: HttpRequest, uuid: UUID) -> HttpResponse:
    if first := _handed_on_before(request, uuid):
        return first
    stay, today = _stay(request, uuid), timezone.localdate()
    form = leave_form(stay)(request.POST or None, today=today, **ways_out(request.user, stay.shelter))
    if form.is_valid():
        try:
            said = _carry_out(request, stay, form)
        except (accounts.LockDownRefused, Refusal) as refusal:
            refuse_departure(form, refusal)
        else:
            messages.success(request, _with_next_step(request, stay, form, said))
            return redirect("shelters:stock", stay.shelter.uuid)
    return _form_page(request, "shelters/leave.html", form, stay=stay, shelter=stay.shelter)


def ways_out(user: User, shelter: Shelter) -> dict[str, Any]:
    """The person's other shelters, and the keys of the stores of those at which nobody arrives."""
    others = list(Shelter.objects.visible_to(user).exclude(pk=shelter.pk).select_related("store"))
    return {"others": others, "shut": supply.shut_stores(other.store for other in others)}


def _handed_on_before(request: HttpRequest, uuid: UUID) -> HttpResponse | None:
    """The first answer to a form sent again: who came today and is handed on is nobody's to see here."""
    form = Keyed(request.POST)
    if not form.is_valid():
        return None
    here = Stay.objects.visible_to(request.user).select_related("shelter").filter(uuid=uuid).first()
    code = selectors.handed_on(here, form.cleaned_data["key"]) if here else ""
    if not here or not code:
        return None
    messages.success(request, _expected_there(code))
    return redirect("shelters:stock", here.shelter.uuid)


def _expected_there(code: str) -> str:
    return _("%(code)s is expected there now.") % {"code": code}


def leave_form(stay: Stay) -> type[LeaveForm]:
    """Of somebody who is there, or of a guest who is expected."""
    return GuestForm if stay.is_guest else LeaveForm


def _carry_out(request: HttpRequest, stay: Stay, form: LeaveForm) -> str:
    """What was done, as a sentence. Raises what `depart` does, and LockDownRefused for a wrong code."""
    to, code = form.moves_to, stay.resident.code
    if stay.is_guest:
        told = {"by": request.user, "stay": stay, "now": timezone.now()} | form.departure
        departed(request, lambda: services.send_guest_on(**told))
        going = _("%(code)s is expected at %(shelter)s now.") % {"code": code, "shelter": to}
        return going if to else _called_off(stay)
    departed(request, lambda: services.depart(by=request.user, stay=stay, **form.departure))
    if isinstance(to, Shelter):
        return _("%(code)s moved to %(shelter)s.") % {"code": code, "shelter": to.code}
    if to:
        return _expected_there(code)
    outcome = Outcome(form.cleaned_data["outcome"]).label
    return _("%(code)s left: %(outcome)s.") % {"code": code, "outcome": outcome}


def _with_next_step(request: HttpRequest, stay: Stay, form: LeaveForm, said: str) -> str:
    """Who leaves to live elsewhere may be given an allowance: a tap, while one thinks of it."""
    lives_elsewhere = form.cleaned_data["outcome"] in (Outcome.SAFE_COUNTRY, Outcome.RETURNED)
    if not (lives_elsewhere and request.user.may(Right.MEDICAL_WRITE)):
        return said
    address = reverse("shelters:grant_allowance", query={"resident": stay.resident.uuid})
    return format_html('{} <a href="{}">{}</a>', said, address, _("Grant an allowance"))


def departed(request: HttpRequest, depart: Callable[[], str | bool | None]) -> None:
    """A code of a shelter that nobody has counts as a guess. Raises LockDownRefused."""

    def look_up() -> list[Any]:
        answer = depart()
        return [] if answer is None or answer is False else [answer]

    accounts.settle_name(by=request.user, look_up=look_up, now=timezone.now())


def refuse_departure(form: LeaveForm, refusal: Exception) -> None:
    """The sentence at the field that can put it right."""
    if isinstance(refusal, accounts.TooManyGuesses):
        form.add_error("to_code", _("Too many tries. Call an administrator."))
    elif isinstance(refusal, accounts.LockDownRefused):
        form.add_error("to_code", str(services.NoSuchShelter()))
    else:
        form.add_error(_field_of(refusal, form), str(refusal))


def _field_of(refusal: Exception, form: LeaveForm) -> str:
    """Of the two that say where to, the one that was used: the other is not in sight."""
    if not isinstance(refusal, services.SameShelter | services.TakesNobody):
        return "day" if "day" in form.fields else "outcome"
    return "to_code" if form.goes_by_code else "to"


@requires(Right.RESIDENTS_WRITE)
def resident(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is told of somebody, to be changed, and where they stayed with whoever looks."""
    enter_own(request)
    found = get_object_or_404(Resident.objects.visible_to(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found])
    form = AboutForm(request.POST or None, instance=found, record=found, this_year=timezone.localdate().year)
    if form.is_valid():
        found.refresh_from_db()  # the form has put its values on it already
        services.change_resident(by=request.user, resident=found, **form.about)
        messages.success(request, _("Saved."))
        return redirect("shelters:resident", uuid)
    stays = selectors.stays_of(request.user, found)
    cases = MedicalCase.objects.visible_to(request.user).filter(resident=found)
    return _form_page(request, "shelters/resident.html", form, resident=found, stays=stays, cases=cases)


@requires(Right.RESIDENTS_WRITE)
def count_heads(request: HttpRequest, uuid: UUID) -> HttpResponse:
    shelter = _shelter(request, uuid)
    form = HeadCountForm(request.POST or None)
    if form.is_valid():
        try:
            count = services.count_heads(
                by=request.user, shelter=shelter, today=timezone.localdate(), **form.cleaned_data
            )
        except PeopleRefused as refusal:
            form.add_error("people", str(refusal))
        else:
            messages.success(request, _("Counted: %(people)s people.") % {"people": count.people})
            return redirect("shelters:stock", uuid)
    counts = selectors.counts_of(shelter)
    return _form_page(request, "shelters/count_heads.html", form, shelter=shelter, counts=counts)


@requires(Right.STOCK_READ)
def people(request: HttpRequest) -> HttpResponse:
    """Numbers by shelter code: heads of the last night, and person-days of a span of days."""
    today, shelters, refused = timezone.localdate(), Shelter.objects.visible_to(request.user), ""
    try:
        first, last = tables.period(request.GET, today)
    except tables.SpanRefused as refusal:  # no number at all, rather than those of days that nobody asked for
        first, last, refused = today, today, str(refusal)
        shelters = shelters.none()
    return list_page(
        request,
        heading=_("People and nights"),
        queryset=selectors.with_person_days(selectors.with_heads(shelters, last), first, last),
        table=tables.PersonDaysTable,
        filters=tables.PersonDaysFilters,
        template="shelters/people_and_nights.html",
        fragment="shelters/people_and_nights.html#register",
        first=first,
        last=last,
        refused=refused,
        total=selectors.person_days(shelters, first, last),
        outcomes=selectors.outcomes(shelters, first, last),
    )


def _arrived(stay: Stay) -> str:
    code, day = stay.resident.code, date_format(stay.nights.lower)
    if stay.is_planned:
        return _("%(code)s is expected on %(day)s.") % {"code": code, "day": day}
    return _("%(code)s is here since %(day)s.") % {"code": code, "day": day}


def _shelter(request: HttpRequest, uuid: UUID) -> Shelter:
    found = get_object_or_404(Shelter.objects.visible_to(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found])
    return enter(found)


def _stay(request: HttpRequest, uuid: UUID) -> Stay:
    stays = Stay.objects.visible_to(request.user).select_related("resident", "shelter")
    found = get_object_or_404(stays, uuid=uuid)
    note_seen(by=request.user, records=[found.resident])
    enter(found.shelter)
    return found


def _form_page(request: HttpRequest, template: str, form: forms.BaseForm, **context: Any) -> HttpResponse:
    others = [one for one in context.values() if isinstance(one, forms.BaseForm)]
    is_wrong = any(one.errors for one in (form, *others))
    return render(request, template, {"form": form, **context}, status=422 if is_wrong else 200)
