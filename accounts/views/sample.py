"""One tap into the sample: through the real log-in and the real second step, or through a real link.

The code is that of this moment: the page with the button may have stood open for longer than a code lives.
"""

from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import sample, selectors, services
from accounts.gate import public
from accounts.views import links, log_in
from core.identity import acting_as


@public
@require_POST
def log_in_by_one_tap(request: HttpRequest) -> HttpResponse:
    """`login` and `password` of the tapped button; for a sponsor `login` alone."""
    if not settings.SAMPLE:
        raise Http404
    people = selectors.people().filter(is_active=True)
    person = next((found for found in people if found.email == request.POST.get("login")), None)
    if person is None:
        raise Http404
    if not person.is_staff_member:
        system = selectors.system_user()
        with acting_as(system):
            path = services.make_link(by=system, person=person, now=timezone.now())
        return links.link(request, key=path.rstrip("/").rpartition("/")[2])
    clear_login(request)  # of somebody else, left after the password
    answer = log_in.log_in(request)
    if answer.status_code != 302 or answer.url != reverse("mfa_authenticate"):
        return answer
    request.POST = request.POST.copy()
    request.POST["code"] = sample.code_of(person, timezone.now())
    return log_in.second_step(request)
