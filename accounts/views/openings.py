"""Openings of sealed values: the log, the second person, and forgetting."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import door, openings, services, trail
from accounts.enums import RequestKind, RequestState
from accounts.forms import ForgetForm
from accounts.gate import requires, sudo
from accounts.models import RevealRequest
from accounts.permissions import Right
from accounts.tables import OpeningsFilters, OpeningsTable
from core.lists import list_page


@requires(Right.OPENINGS_READ)
def register(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Openings"),
        lead=_("Who opened a sealed value or tried to, and what for. The value itself is kept nowhere."),
        queryset=openings.entries_visible_to(request.user),
        table=OpeningsTable,
        filters=OpeningsFilters,
        template="accounts/openings.html",
        needs_two=settings.REVEAL_NEEDS_TWO,
        switched_off_at=openings.switched_off_at(),
    )


@requires(Right.REVEAL_WITH_TWO)
def waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/waiting.html", {"requests": _in_words(request)})


def _in_words(request: HttpRequest) -> list[dict[str, Any]]:
    return [{"found": found, **_words(found)} for found in openings.waiting_for(request.user, timezone.now())]


def _words(found: RevealRequest) -> dict[str, str]:
    """What is asked for, as people say it."""
    return {
        "record": trail.kind_name(found.subject_type),
        "column": trail.field_name(found.subject_type, found.field) if found.field else "",
    }


@requires(Right.REVEAL_WITH_TWO)
@require_POST
@sudo
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One tap. Whoever may not answer meets the same page as for a request that does not exist."""
    found = openings.to_answer(request.user, uuid)
    if found is None:
        raise Http404
    agrees = request.POST.get("answer") == "agree"
    settle = services.agree if agrees else services.decline
    try:
        settle(by=request.user, request=found, now=timezone.now())
    except services.AnsweredAlready as refusal:
        messages.error(request, str(refusal))
    else:
        agreed = _("Agreed. %(name)s can go on now, once, within %(minutes)s minutes.")
        words = {"name": found.asked_by.name, "minutes": services.WAITS // timedelta(minutes=1)}
        messages.success(request, (agreed if agrees else _("Declined. %(name)s is told so.")) % words)
    return redirect("accounts:waiting")


@requires(Right.REVEAL_WITH_TWO)
def asked(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What one has asked for: whom to call, then the answer, then one tap to go on.

    The page polls the state. While it is the same nothing comes back, and the people to call stay as listed.
    """
    found = get_object_or_404(openings.requests_of(request.user), uuid=uuid)
    state = found.stands_at(timezone.now())
    context = {"found": found, "state": state, **_words(found), "again": _page_to_ask_anew(found)}
    if request.method == "POST" and state == RequestState.AGREED:
        return _go_on(request, found, context)
    if state == RequestState.WAITING:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        context["people"] = openings.second_persons_for(found)
    part = "accounts/asked.html#state" if request.htmx else "accounts/asked.html"  # type: ignore[attr-defined]
    return render(request, part, context)


def _page_to_ask_anew(found: RevealRequest) -> str:
    if found.kind == RequestKind.FORGET:
        return reverse("accounts:forget")
    return door.page_of(found.subject_type, found.subject_uuid, kind=found.kind)


def _go_on(request: HttpRequest, found: RevealRequest, context: dict[str, Any]) -> HttpResponse:
    now, by = timezone.now(), request.user
    if found.kind == RequestKind.FORGET:
        return _forget(request, found, now)
    records = apps.get_model(found.subject_type).objects.visible_to(by)
    subject = get_object_or_404(records, uuid=found.subject_uuid)
    open_it = _DOORS[RequestKind(found.kind)]
    answered = open_it(by=by, subject=subject, field=found.field, purpose=found.purpose, now=now)
    return door.show(request, answered, context, "accounts/asked.html")


def _forget(request: HttpRequest, found: RevealRequest, now: datetime) -> HttpResponse:
    subject = openings.to_forget(request.user, found.subject_type, uuid=found.subject_uuid)
    if subject is None:
        raise Http404
    answered = services.forget(by=request.user, subject=subject, reason=found.purpose, now=now)
    if answered.request is not None:
        return redirect("accounts:asked", answered.request.uuid)
    messages.info(request, answered.sentence)
    return redirect("accounts:forget")


_DOORS: dict[RequestKind, Callable[..., services.Answer]] = {
    RequestKind.OPEN: services.reveal,
    RequestKind.BREAK_GLASS: services.break_glass,
}


@requires(Right.FORGET)
@sudo
def forget(request: HttpRequest) -> HttpResponse:
    form = ForgetForm(request.POST or None, by=request.user)
    if form.is_valid():
        values = {"subject": form.cleaned_data["subject"], "reason": form.cleaned_data["reason"]}
        answered = services.forget(by=request.user, now=timezone.now(), **values)
        if answered.request is not None:
            return redirect("accounts:asked", answered.request.uuid)
        form.add_error("code", answered.sentence)
    return render(request, "accounts/forget.html", {"form": form}, status=422 if form.errors else 200)
