"""Writing, clearing and publishing news of a child."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core import leaks
from core.leaks import CannotCheck, sight
from core.photos import NotAPicture, PictureTooLarge
from foster import selectors, services
from foster.enums import UpdateState
from foster.forms import NewUpdateForm, PhotoForm, UpdateForm, WithdrawForm
from foster.models import Child, ChildUpdate, UpdatePhoto
from foster.views.portal import photo_response

REFUSALS = (
    services.MovedOn,
    services.AuthorCannotClear,
    services.NotSafe,
    services.TooManyPhotos,
    CannotCheck,
    NotAPicture,
    PictureTooLarge,
)


@requires(Right.UPDATES_WRITE)
def write_update(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    child = get_object_or_404(Child.objects.visible_to(request.user), uuid=uuid)
    note_seen(by=request.user, records=[child])
    form = NewUpdateForm(request.POST or None, initial={"written_on": timezone.localdate()})
    if form.is_valid():
        draft = services.create_update(by=request.user, child=child, **form.cleaned_data)
        messages.success(request, _("Kept as a draft. Add photos, then send it to review."))
        return redirect("foster:edit_update", draft.uuid)
    status = 422 if form.is_bound else 200
    return render(request, "foster/write_update.html", {"child": child, "form": form}, status=status)


@requires(Right.UPDATES_WRITE)
def edit_update(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    found = _update(request, uuid)
    form = UpdateForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            services.change_update(by=request.user, update=found, **form.cleaned_data)
            messages.success(request, _("Saved as a draft."))
        except services.MovedOn as refusal:
            messages.error(request, str(refusal))
        return redirect("foster:edit_update", uuid)
    return _page(request, _update(request, uuid), form=form)


@requires(Right.UPDATES_WRITE)
@require_POST
def add_photo(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    found = _update(request, uuid)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["photo"].read()
        key, caption = form.cleaned_data["key"], form.cleaned_data["caption"]
        try:
            services.add_photo(by=request.user, update=found, key=key, content=content, caption=caption)
            return redirect("foster:edit_update", uuid)
        except REFUSALS as refusal:
            form.add_error("photo", str(refusal))
    return _page(request, found, photo_form=form)


@requires(Right.UPDATES_WRITE)
@require_POST
def remove_photo(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    photo = get_object_or_404(
        UpdatePhoto.objects.visible_to(request.user).select_related("update__child"), uuid=uuid
    )
    try:
        services.remove_photo(by=request.user, photo=photo)
    except services.MovedOn as refusal:
        messages.error(request, str(refusal))
    return redirect("foster:edit_update", photo.update.uuid)


@requires(Right.UPDATES_WRITE)
def draft_photo(request: HttpRequest, uuid: uuid.UUID, key: str) -> HttpResponse:
    return photo_response(request, uuid, key)


@requires(Right.UPDATES_WRITE)
@require_POST
def send_update(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    found = _update(request, uuid)
    try:
        services.send_to_review(by=request.user, update=found)
        messages.success(request, _("Sent to review. A second person reads and publishes it."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("foster:edit_update", uuid)


@requires(Right.UPDATES_CLEAR)
@require_POST
def publish_update(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    found, seen = _update(request, uuid), request.POST.get("seen", "")
    try:
        with leaks.guarding():
            services.check_update(by=request.user, update=found)
            services.publish_update(by=request.user, update=found, seen=seen, now=timezone.now())
        messages.success(request, _("Published. The child's sponsors can read it now."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("foster:edit_update", uuid)


@requires(Right.UPDATES_WRITE)
@require_POST
def withdraw_update(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    found = _update(request, uuid)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, found, withdraw_form=form)
    try:
        services.withdraw_update(by=request.user, update=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("Withdrawn. No sponsor sees it any more."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("foster:edit_update", uuid)


def _update(request: HttpRequest, uuid: uuid.UUID) -> ChildUpdate:
    visible = selectors.with_photos(ChildUpdate.objects.visible_to(request.user))
    found = get_object_or_404(visible.select_related("child__shelter", "author", "cleared_by"), uuid=uuid)
    note_seen(by=request.user, records=[found, found.child])
    return found


def _page(request: HttpRequest, update: ChildUpdate, **forms: object) -> HttpResponse:
    """The one page of an update; forms with errors take the place of fresh ones."""
    is_open = update.state in (UpdateState.DRAFT, UpdateState.REVIEW)
    held = leaks.standing(services.words_of(update)) if is_open else None
    context = {
        "update": update,
        "is_open": is_open,
        "has_part": request.user.pk in selectors.contributors(update),
        "findings": services.held_back(request.user, held) if held else [],
        "may_settle": bool(held) and sight.shown_to(request.user, held).exists(),
        "seen": services.fingerprint(update),
        "form": UpdateForm(instance=update),
        "photo_form": PhotoForm(),
        "withdraw_form": WithdrawForm(),
        **forms,
    }
    wrong = any(form.is_bound and not form.is_valid() for form in forms.values())
    return render(request, "foster/edit_update.html", context, status=422 if wrong else 200)
