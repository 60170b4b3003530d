"""In by a mail: a sponsor's link that works once, the link to a new password."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import services
from accounts.entry import throttle
from accounts.forms import AddressForm
from accounts.gate import public


def _ask(request: HttpRequest, template: str) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422 if form.errors else 200)
    throttle.admit(request, "mail_of_address")
    address = form.cleaned_data["email"].lower()
    # Too many for one address: the mail of a moment ago is as good, and the answer is the same.
    if throttle.may(request, "mail_to_address", address):
        services.ask_for_mail(by=None, address=address)
    return redirect("account_reset_password_done")


@public
def ask_for_link(request: HttpRequest) -> HttpResponse:
    return _ask(request, "account/ask_for_link.html")


@public
def ask_for_password(request: HttpRequest) -> HttpResponse:
    return _ask(request, "account/password_reset.html")


@public
def mail_is_on_its_way(request: HttpRequest) -> HttpResponse:
    return render(request, "account/password_reset_done.html")


@public
def link(request: HttpRequest, key: str) -> HttpResponse:
    """A button, because mail servers open every link they see: only the press of it counts."""
    if request.method != "POST":
        return render(request, "account/link.html")
    try:
        person = services.use_link(by=None, token=key, now=timezone.now())
    except services.LinkIsVoid as refusal:
        return render(request, "account/link.html", {"refusal": str(refusal)}, status=422)
    if request.user.is_authenticated:
        get_adapter().logout(request)
    # Who came in needs no wait for the next link, however often a stranger asked in their name.
    throttle.forget(request, "mail_to_address", person.email)
    record_authentication(request, person, method="link")
    return perform_login(request, Login(user=person))
