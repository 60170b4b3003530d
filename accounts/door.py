"""The page that opens a sealed value, shared by every app: a form, then the value in the answer to the POST.

    @opens(Right.REVEAL_ROUTE, Route)
    def reveal_route(request, uuid):
        return opening_page(request, Route, uuid, heading=_("Open a route"), back=…)

No address of ours leads to a value, and no browser keeps one: `core.middleware.no_store`.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import defaults

from accounts import openings, services
from accounts.checks import named_views
from accounts.enums import Outcome, RequestKind
from accounts.forms import OpeningForm
from accounts.gate import View, requires
from accounts.permissions import Right
from core.identity import acting_as


def opens(right: Right, model: type[Any], *, kind: RequestKind = RequestKind.OPEN) -> Callable[[View], View]:
    """`requires` for a page that opens values: an attempt without the right is written down too."""

    def decorate(view: View) -> View:
        gated = requires(right)(view)

        @wraps(gated)
        def guarded(request: HttpRequest, uuid: UUID, **kwargs: Any) -> HttpResponse:
            try:
                with transaction.atomic():
                    return gated(request, uuid=uuid, **kwargs)
            except PermissionDenied as refusal:
                _note(request, model, uuid)
                return defaults.permission_denied(request, refusal)  # raised, it would undo the note

        guarded.opens = (model._meta.label_lower, kind)  # type: ignore[attr-defined]
        return guarded

    return decorate


@cache
def _pages() -> dict[tuple[str, str], str]:
    """Kind of record, ordinary or emergency → name of the page that opens it."""
    marked = ((getattr(pattern.callback, "opens", None), name) for name, pattern in named_views())
    return {opened: name for opened, name in marked if opened}


def page_of(subject_type: str, uuid: UUID, *, kind: str) -> str:
    """The address of the page that opens this record, to ask anew."""
    return reverse(_pages()[subject_type, kind], args=[uuid])


def opening_page(
    request: HttpRequest,
    model: type[Any],
    uuid: UUID,
    *,
    heading: str,
    back: Callable[[Any], str],
    door: Callable[..., services.Answer] = services.reveal,
    form_class: type[OpeningForm] = OpeningForm,
    template: str = "accounts/reveal.html",
) -> HttpResponse:
    """`back`: the address of the record's own page. Not theirs and not there: the same 404, both noted."""
    subject = model.objects.visible_to(request.user).filter(uuid=uuid).first()
    if subject is None:
        _note(request, model, uuid)
        return defaults.page_not_found(request, Http404())
    services.note_seen(by=request.user, records=[subject])
    form = form_class(request.POST or None, model=model)
    context = {"subject": subject, "heading": heading, "back": back(subject), "form": form}
    if not form.is_valid():
        context["needs_second"] = openings.needs_second(request.user, model)
        context["unsettled"] = openings.unsettled_of(request.user, subject, timezone.now())
        return render(request, template, context, status=422 if form.errors else 200)
    answer = door(by=request.user, subject=subject, now=timezone.now(), **form.cleaned_data)
    return show(request, answer, context, template)


def show(request: HttpRequest, answer: services.Answer, context: dict, template: str) -> HttpResponse:
    """The value, the way to the second person, or the sentence why not."""
    if answer.request is not None:
        return redirect("accounts:asked", answer.request.uuid)
    if answer.outcome == Outcome.REFUSED_RIGHT:
        return defaults.permission_denied(request, PermissionDenied())
    status = 422 if answer.value is None else 200
    return render(request, template, context | {"answer": answer}, status=status)


def _note(request: HttpRequest, model: type[Any], uuid: UUID) -> None:
    """A look at the form is no attempt yet. Who has not passed the gate signs here in their own name too."""
    if request.method == "POST" and request.user.is_authenticated:
        words = {name: request.POST.get(name, "") for name in ("field", "purpose")}
        with acting_as(request.user):
            services.note_refusal(by=request.user, model=model, uuid=uuid, **words)
