"""Test 7: every byte that reaches a foster parent, searched for what must not be in it.

20 foster parents follow every link and picture they are shown and send every form, with each button of it;
and they read every mail that the app composes for them: reminders, invitations and links to log in (no mail
tells of news: it is on the page alone). Searched for: all sealed values, all codes of shelters, residents,
routes and children, and whatever names another child. Control: one sealed value put into their own child's
published update, or into a mail, behind the guard's back is found.
"""

import html
import io
import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import services
from accounts.tasks import answer_mail_requests
from core.models import OutboxMessage
from core.sealed import open_values
from foster import services as foster
from foster.models import Child, ChildUpdate, UpdatePhoto
from shelters.models import Resident, Shelter
from tests import factories as make
from tests.proof import scale

PARENTS = scale.of(20, 3)
_LINK = re.compile(rb"""(?:href|src|action|hx-get|hx-post|data-[a-z-]+)=["']([^"'#]+)""")
# A page of the log-in ends the visit; static files are the same for everybody and hold no data.
_LEFT_OUT = ("/log-out/", "/static/", "/password/", "/log-in/", "/confirm/")
# Forms after which there is no visit any more: sent last, each from a visit of its own.
_ENDS = ("/log-out/", "/accounts/leave/", "/accounts/happened/", "/accounts/devices/")


@dataclass(frozen=True)
class Sent:
    """A form as one of its buttons sends it."""

    address: str
    data: tuple[tuple[str, str], ...]


class Forms(HTMLParser):
    """The forms of a page that change something, once for each of their buttons and choices."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self._address, self._action = address, ""
        self._fields: dict[str, str] = {}
        self._choices: list[tuple[str, str]] = []
        self.sent: list[Sent] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "form":
            is_post = told.get("method", "get").lower() == "post"
            self._action = urljoin(self._address, told.get("action") or self._address) if is_post else ""
            self._fields, self._choices = {}, []
        elif name and (tag == "button" or told.get("type") in ("submit", "radio", "checkbox")):
            self._choices.append((name, value))
        elif name and tag in ("input", "textarea", "select"):
            self._fields[name] = value or "x"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._action:
            self._fields.pop("csrfmiddlewaretoken", None)
            for choice in self._choices or [None]:
                data = self._fields | dict([choice] if choice else [])
                self.sent.append(Sent(self._action, tuple(sorted(data.items()))))
            self._action = ""


@dataclass
class Crawl:
    """Everything that came back to one person: address → status line, headers and body."""

    client: Client
    answers: dict[str, bytes] = field(default_factory=dict)
    forms: dict[Sent, None] = field(default_factory=dict)  # in the order in which they were met
    waiting: deque[str] = field(default_factory=lambda: deque(["/", "/accounts/me/", "/healthz"]))

    def holding(self, secret: str) -> list[str]:
        forms = {secret, html.escape(secret), secret.encode("unicode_escape").decode()}
        return [
            address
            for address, answer in self.answers.items()
            if any(form.casefold().encode() in answer for form in forms)
        ]

    def follow(self) -> None:
        """Every link, until there is none that was not followed."""
        while self.waiting:
            address = self.waiting.popleft()
            if address not in self.answers and not address.startswith(_LEFT_OUT):
                self.keep(address, self.client.get(address))

    def keep(self, place: str, answer: HttpResponse) -> None:
        """And what it leads to."""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.answers[place] = f"{place}\n{head}\n".encode().lower() + body.lower()
        links = [link.decode() for link in _LINK.findall(body)]
        if "Location" in answer.headers:
            links.append(answer.headers["Location"])
        address = place.removeprefix("sent to ").split(" ")[0]
        for link in links:
            parts = urlsplit(urljoin(address, html.unescape(link)))
            if not parts.netloc and parts.path.startswith("/"):
                self.waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            self.forms |= dict.fromkeys(Forms(body.decode(), address).sent)


def crawl(client: Client, another: Callable[[], Client]) -> Crawl:
    """`another()`: the same person on a fresh device, for a form that ends the visit."""
    found, sent = Crawl(client), set()
    found.follow()
    while waiting := [form for form in found.forms if form not in sent]:
        for form in sorted(waiting, key=lambda one: one.address.startswith(_ENDS)):
            sent.add(form)
            visit = another() if form.address.startswith(_ENDS) else client
            answer = visit.post(form.address, dict(form.data), follow=True)  # as a browser does
            found.keep(f"sent to {form.address} {form.data}", answer)
        found.follow()
    return found


def photo(number: int) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8825)[29] = f"HIDDEN VALLEY {number}"
    Image.new("RGB", (64, 40), (number % 255, 80, 120)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def families(db, today):
    """Each foster parent with a child in a shelter of its own, news with a photo, dues, payments and mail."""
    from core.photos import rebuilt

    made = []
    for number in range(PARENTS):
        shelter = make.ShelterFactory(
            code=f"HOUSE-{number:02}Q",
            region="border region",
            address=f"{number + 11} Secret Lane, Hiddenham {number}",
            map_point=f"43.1{number:02}5, 129.5{number:02}5",
            contact=f"+86 138 0000 9{number:03}",
        )
        make.RouteFactory(code=f"RX-{number:03}", drop_points=f"behind the old mill number {number}")
        resident = make.ResidentFactory(code=f"RES-{number:03}", real_name=f"Han Yong-{number:03}su")
        make.StayFactory(resident=resident, shelter=shelter)
        child = make.ChildFactory(
            code=f"KID-{number:03}",
            called=f"Calledname{number:02}x",
            real_name=f"Kim Sonhui{number:02}q",
            family=f"uncle Pak Chol-{number:02}su in Musan",
            shelter=shelter,
        )
        make.ChildStatusFactory(child=child)
        user = make.UserFactory(name=f"Parent {number}", role="sponsor")
        sponsor = make.SponsorFactory(code=f"S-{number:03}", user=user, email=user.email, language="en")
        sponsorship = make.SponsorshipFactory(code=f"P-{number:03}", sponsor=sponsor, child=child)
        make.DueFactory(sponsorship=sponsorship, month=today.replace(day=1))
        make.DonationFactory(donor=sponsor.donor, gross=Decimal(5000))
        for state in ({"published": True}, {"state": "draft", "title": f"Unread draft {number:03}"}):
            update = make.ChildUpdateFactory(child=child, **state)
            make.UpdatePhotoFactory(update=update, image=rebuilt(photo(number)), caption="Snow")
        made.append((user, child))
    return made


@pytest.fixture
def written_to(families, miki, as_user, aya, today):
    """Every mail that the app composes for a foster parent, by what posts it."""
    run = foster.begin_run(by=miki, month=today.replace(day=1), today=today)
    foster.carry_out_run(run=run, today=today)
    office = as_user(aya)
    for user, _child in families:
        services.ask_for_mail(by=None, address=user.email)
        assert office.post(reverse("accounts:send_invitation", args=[user.uuid])).status_code == 302
    answer_mail_requests()
    for user, _child in families:
        mails = OutboxMessage.objects.filter(to_user_id=user.pk)
        assert Counter(mails.values_list("kind", flat=True)) == {"reminder": 1, "account": 2}
        assert not mails.filter(state="held").exists()
    return families


def secrets(own: Child) -> set[str]:
    """Everything that must not reach the sponsor of this child."""
    found = set()
    for model, names in ((Shelter, ("address", "map_point", "contact")), (Resident, ("real_name",))):
        for name in names:
            found |= set(open_values(model.objects.all(), name).values())
        found |= set(model.objects.values_list("code", flat=True))
        found |= {str(uuid) for uuid in model.objects.values_list("uuid", flat=True)}
    for name in ("real_name", "family"):
        found |= set(open_values(Child.objects.all(), name).values())
    found |= set(Child.objects.values_list("code", flat=True))
    found |= {route.code for route in make.RouteFactory._meta.model.objects.all()}
    others = Child.objects.exclude(pk=own.pk)
    found |= {str(uuid) for uuid in others.values_list("uuid", flat=True)}
    found |= set(others.values_list("called", flat=True))
    unseen = ChildUpdate.objects.exclude(child=own, state="published")
    found |= {str(uuid) for uuid in unseen.values_list("uuid", flat=True)}
    found |= set(ChildUpdate.objects.filter(state="draft").values_list("title", flat=True))
    pictures = UpdatePhoto.objects.filter(update__in=unseen)
    return found | {str(uuid) for uuid in pictures.values_list("uuid", flat=True)} | {"hidden valley"}


def everything_for(user, as_user) -> Crawl:
    found = crawl(as_user(user), lambda: as_user(user))
    for message in OutboxMessage.objects.filter(to_user_id=user.pk):
        found.answers[f"mail {message.uuid}"] = f"{message.subject}\n{message.body}".lower().encode()
    return found


def test_nothing_that_must_not_reach_a_sponsor_is_in_any_byte(written_to, as_user, tally):
    count, looked_for, leaks = Counter(), 0, []
    for user, child in written_to:
        found, wanted = everything_for(user, as_user), secrets(child)
        own = ChildUpdate.objects.get(child=child, state="published")
        assert f"/foster/mine/news/{own.uuid}/" in found.answers  # it went where they can go
        assert any("/foster/mine/photos/" in address for address in found.answers)
        count.update(place.split()[0] if " " in place else "page" for place in found.answers)
        looked_for += len(wanted)
        leaks += [(secret, place) for secret in wanted for place in found.holding(secret)]
    tally(
        f"test 07: {len(written_to)} sponsors, {count['page']} pages and pictures, {count['sent']} forms, "
        f"{count['mail']} mails; {looked_for} secrets looked for, {len(leaks)} found"
    )
    assert leaks == []


@pytest.mark.parametrize("where", ["text", "caption", "likes", "mail"])
def test_control_one_planted_value_is_found(where, written_to, as_user):
    user, child = written_to[0]
    secret = next(iter(open_values(Shelter.objects.filter(pk=child.shelter_id), "address").values()))
    update = ChildUpdate.objects.get(child=child, state="published")
    match where:
        case "text":
            ChildUpdate.objects.filter(pk=update.pk).update(text=f"We live at {secret}.")
        case "caption":
            UpdatePhoto.objects.filter(update=update).update(caption=secret)
        case "likes":
            Child.objects.filter(pk=child.pk).update(likes=secret)
        case "mail":
            for message in OutboxMessage.objects.filter(to_user_id=user.pk, kind="reminder"):
                message.body = secret
                message.save()
    assert everything_for(user, as_user).holding(secret)
