"""The sponsor's own pages."""

import uuid
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core import addresses
from core.sealed import CannotOpen
from foster import selectors, services
from foster.models import Child, Sponsor, UpdatePhoto

NEWS_A_PAGE = 10
DUES_A_PAGE = 24


@requires(Right.PORTAL)
def portal(request: HttpRequest) -> HttpResponse:
    news = Paginator(selectors.published_news(request.user), NEWS_A_PAGE)
    page, children = news.get_page(request.GET.get("page")), list(Child.objects.visible_to(request.user))
    note_seen(by=request.user, records=[*children, *page])
    context = {
        "sponsor": selectors.own_sponsor(request.user),
        "children": children,
        "page": page,
        "year": timezone.localdate().year,
    }
    return render(request, "foster/portal.html", context)


@requires(Right.PORTAL)
def update(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(selectors.published_news(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found, found.child])
    return render(request, "foster/update.html", {"update": found})


@requires(Right.PORTAL)
def photo(request: HttpRequest, uuid: uuid.UUID, key: str) -> HttpResponse:
    return photo_response(request, uuid, key)


def photo_response(request: HttpRequest, uuid: uuid.UUID, key: str) -> HttpResponse:
    """The picture, for who may see it; missing, somebody else's and a key too old are the same 404.

    Inline: it is our own JPEG, never a file that somebody sent; as an attachment, an address opened by hand
    would leave a copy among the downloads of a phone.
    """
    if not addresses.opens(key, reader=request.user, thing=uuid):
        raise Http404
    visible = UpdatePhoto.objects.visible_to(request.user).select_related("update__child")
    found = get_object_or_404(visible, uuid=uuid)
    try:
        content = services.open_photo(by=request.user, photo=found)
    except CannotOpen:  # its child has been forgotten
        return redirect(static("img/forgotten.svg"))
    note_seen(by=request.user, records=[found])
    disposition = 'inline; filename="photo.jpg"'  # "Save as" gives it no name of ours
    return HttpResponse(content, content_type="image/jpeg", headers={"Content-Disposition": disposition})


@requires(Right.PORTAL)
def payments(request: HttpRequest) -> HttpResponse:
    found = selectors.own_payments(request.user)
    note_seen(by=request.user, records=[found.balance.sponsor] if found else [])
    page = Paginator(found.dues if found else [], DUES_A_PAGE).get_page(request.GET.get("page"))
    still_open = selectors.total_open(found.balance.open_before(date.max)) if found else []
    return render(
        request, "foster/payments.html", {"payments": found, "still_open": still_open, "page": page}
    )


@requires(Right.PORTAL)
@require_POST
def choose_reminders(request: HttpRequest) -> HttpResponse:
    sponsor = get_object_or_404(Sponsor.objects.visible_to(request.user))
    wanted = request.POST.get("wanted") == "yes"
    services.choose_reminders(by=request.user, sponsor=sponsor, wanted=wanted, today=timezone.localdate())
    if wanted:
        messages.success(request, _("Thank you. You will get a short reminder when a month is still open."))
    else:
        messages.success(request, _("Done. You will get no more reminders."))
    return redirect("foster:payments")
