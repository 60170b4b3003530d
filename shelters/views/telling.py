"""A form about one thing: asked, refused with a sentence at its field, or done and back to its page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from supply.services import KeyAlreadyUsed, Refusal


def tell_page(
    request: HttpRequest,
    form: Any,
    tell: Callable[[], Any],
    *,
    heading: str,
    back: str,
    then: Callable[[Any], str] | None = None,
    subject: str = "",
    lead: str = "",
    button: str = "",
) -> HttpResponse:
    """`tell`: books what the valid form says; `then`: what it booked → where to go on."""
    if form.is_valid() and (told := tried(form, tell)) is not None:
        messages.success(request, _("Recorded."))
        return redirect(then(told) if then else back)
    context = {
        "form": form,
        "heading": heading,
        "back": back,
        "subject": subject,
        "lead": lead,
        "button": button,
    }
    return render(request, "shelters/tell.html", context, status=422 if form.errors else 200)


def tried(form: Any, book: Callable[[], Any]) -> Any:
    """None, with a sentence at its field, when it was refused."""
    try:
        return book()
    except Refusal as refusal:
        shown = {field.name for field in form.visible_fields()}
        form.add_error(refusal.about if refusal.about in shown else None, str(refusal))
        if isinstance(refusal, KeyAlreadyUsed):
            form.renew_key()
        return None
