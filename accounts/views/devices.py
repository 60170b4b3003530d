"""Where one is logged in, and where somebody else is."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.entry.devices import renew
from accounts.gate import requires, sudo
from accounts.models import Device
from accounts.permissions import Right


@requires(Right.OWN_ACCOUNT)
def devices(request: HttpRequest) -> HttpResponse:
    own = selectors.devices_of(request.user, request.user, timezone.now())
    others = [device for device in own if device.pk != request.device.pk]
    return render(request, "accounts/devices.html", {"here": request.device, "others": others})


@requires(Right.OWN_ACCOUNT)
@require_POST
def end_device(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(Device.objects.visible_to(request.user).of(request.user), uuid=uuid)
    if found == request.device:
        get_adapter().logout(request)
        return redirect("account_login")
    services.end_device(by=request.user, device=found)
    messages.success(request, _("Logged out there."))
    return redirect("accounts:devices")


@requires(Right.OWN_ACCOUNT)
@require_POST
def end_other_devices(request: HttpRequest) -> HttpResponse:
    ended = services.end_other_devices(by=request.user, here=request.session.row_key)
    renew(request)
    told = ngettext("%(count)s other device is logged out.", "%(count)s other devices are logged out.", ended)
    messages.success(request, told % {"count": ended})
    return redirect("accounts:devices")


@requires(Right.ACCOUNTS_WRITE)
@sudo
@require_POST
def end_device_of_person(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(Device.objects.visible_to(request.user).select_related("user"), uuid=uuid)
    if found == request.device:
        get_adapter().logout(request)
        return redirect("account_login")
    services.end_device(by=request.user, device=found)
    messages.success(request, _("Logged out there."))
    return redirect("accounts:person", uuid=found.user.uuid)
