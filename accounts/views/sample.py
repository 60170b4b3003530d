"""One tap into the sample: through the real log-in and the real second step, or through a real link."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import log_in, selectors, services
from accounts.enums import RoleName
from accounts.gate import public
from accounts.views import links


@public
@require_POST
def log_in_by_one_tap(request: HttpRequest) -> HttpResponse:
    """`login`, `password` and `code` of the tapped button; for a sponsor `login` alone."""
    if not settings.SAMPLE:
        raise Http404
    sponsors = selectors.people().filter(role=RoleName.SPONSOR, is_active=True)
    if "password" not in request.POST:
        person = get_object_or_404(sponsors, email=request.POST.get("login", ""))
        path = services.make_link(by=selectors.system_user(), person=person, now=timezone.now())
        return links.link(request, key=path.rstrip("/").rpartition("/")[2])
    answer = log_in.log_in(request)
    if answer.status_code == 302 and answer.url == reverse("mfa_authenticate"):
        return log_in.second_step(request)
    return answer
