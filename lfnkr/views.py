from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.enums import RoleName
from accounts.gate import requires
from accounts.permissions import Right

# Each role lands on the page of its daily work.
START_PAGES = {
    RoleName.SPONSOR: "foster:portal",
    RoleName.FIELD_STAFF: "shelters:start",
    RoleName.SUPPLY_COORDINATOR: "shelters:cover",
    RoleName.FOSTER_OFFICER: "foster:start",
    RoleName.FINANCE_OFFICER: "donations:start",
    RoleName.ADMINISTRATOR: "reports:start",
    RoleName.AUDITOR: "reports:start",
}


@requires(Right.OWN_ACCOUNT)
def home(request: HttpRequest) -> HttpResponse:
    return redirect(START_PAGES[request.user.role])
