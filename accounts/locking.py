"""The pages that lock down and lift, shared by the apps that have something to lock down."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.forms import LiftForm, LockDownForm
from accounts.models import AnyLockDown, User
from accounts.permissions import Right
from accounts.services import LockDownRefused, settle_name


def lock_page(
    request: HttpRequest,
    form: LockDownForm,
    *,
    look_up: Callable[[str], Sequence[Any]],
    lock: Callable[..., AnyLockDown],
    after: Callable[[AnyLockDown], HttpResponse],
    **words: str,
) -> HttpResponse:
    """At once: no second person, no delay, no question whether one is sure.

    `look_up`: whom or what somebody means who typed this; `lock`: takes it and what happened; `words`: the
    heading, lead and warning of the page.
    """
    if form.is_valid():
        try:
            made = lock(_meant(request.user, form, look_up), **form.story)
        except LockDownRefused as refusal:
            form.add_error("typed", str(refusal))
        else:
            return after(made)
    return render(
        request, "accounts/lock_down.html", words | {"form": form}, status=422 if form.errors else 200
    )


def _meant(user: User, form: LockDownForm, look_up: Callable[[str], Sequence[Any]]) -> Any:
    """Raises LockDownRefused."""
    typed = form.cleaned_data["typed"]
    if not typed:
        return form.known[form.cleaned_data["known"]]
    return settle_name(by=user, look_up=lambda: look_up(typed), now=timezone.now())


def lift_page(
    request: HttpRequest,
    lock: AnyLockDown,
    *,
    name: str,
    lift: Callable[..., Any],
    lifted: str,
    then: str,
) -> HttpResponse:
    """`name`: who or what is locked down; `lift`: the service; `lifted`: what is said then, at `then`."""
    form = LiftForm(request.POST or None)
    if form.is_valid():
        try:
            lift(by=request.user, lock=lock, **form.cleaned_data)
        except LockDownRefused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, lifted)
            return redirect(then)
    context = {"form": form, "lock": lock, "name": name}
    return render(request, "accounts/lift.html", context, status=422 if form.errors else 200)


def next_step(request: HttpRequest, done: str, *, for_readers: str) -> HttpResponse:
    """After a lock-down whoever may read what was seen goes on there: to the address `for_readers`."""
    messages.success(request, done)
    return redirect(for_readers if request.user.may(Right.EXPOSURE_READ) else reverse("accounts:happened"))
