"""Test 7: every byte that reaches a foster parent, searched for what must not be in it.

20 foster parents follow every link and picture they are shown, send every form they meet, and read every
mail that is sent to them: the month's reminder and the link that logs in. Searched for: all sealed values,
all codes of shelters, residents, routes and children, and whatever names another child. Control: one sealed
value put into their own child's published update, or into a mail, behind the guard's back is found.
"""

import html
import io
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts import services as accounts
from accounts.selectors import system_user
from core.sealed import open_values
from core.tasks import send_outbox
from foster import services as foster
from foster.models import Child, ChildUpdate, UpdatePhoto
from shelters.models import Resident, Shelter
from tests import factories as make
from tests.proof import scale

PARENTS = scale.of(20, 3)
_LINK = re.compile(rb"""(?:href|src|action|hx-get|hx-post|data-[a-z-]+)=["']([^"'#]+)""")
_FORM = re.compile(rb"""<form[^>]*method=["']post["'][^>]*>.*?</form>""", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(rb"""<(?:input|button)[^>]*name=["']([^"']+)["'][^>]*value=["']([^"']*)["']""")
# A page of the log-in ends the visit; static files are the same for everybody and hold no data.
_LEFT_OUT = ("/log-out/", "/static/", "/password/", "/log-in/", "/confirm/")


@dataclass
class Crawl:
    """Everything that came back to one person: address → status line, headers and body."""

    answers: dict[str, bytes] = field(default_factory=dict)

    def holding(self, secret: str) -> list[str]:
        forms = {secret, html.escape(secret), secret.encode("unicode_escape").decode()}
        return [
            address
            for address, answer in self.answers.items()
            if any(form.casefold().encode() in answer for form in forms)
        ]

    def send(self, client: Client, page: str, form: bytes) -> None:
        """As it stands on the page, with what it holds; an empty one shows its errors."""
        told = _LINK.search(form.split(b">", 1)[0])
        address = urljoin(page, html.unescape(told[1].decode())) if told else page
        name = f"POST {address}"
        if name in self.answers or urlsplit(address).path.startswith(_LEFT_OUT):
            return
        values = {key.decode(): html.unescape(value.decode()) for key, value in _FIELD.findall(form)}
        self.keep(name, client.post(address, values))

    def keep(self, name: str, answer: HttpResponse) -> bytes:
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.answers[name] = f"{name}\n{head}\n".encode().lower() + body.lower()
        return body


def crawl(client: Client) -> Crawl:
    found, waiting = Crawl(), deque(["/", "/accounts/me/", "/healthz"])
    while waiting:
        address = waiting.popleft()
        if address in found.answers or address.startswith(_LEFT_OUT):
            continue
        answer = client.get(address)
        body = found.keep(address, answer)
        links = [link.decode() for link in _LINK.findall(body)]
        for form in _FORM.findall(body):
            found.send(client, address, form)
        if "Location" in answer.headers:
            links.append(answer.headers["Location"])
        for link in links:
            parts = urlsplit(urljoin(address, html.unescape(link)))
            if not parts.netloc and parts.path.startswith("/"):
                waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return found


def photo(number: int) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8825)[29] = f"HIDDEN VALLEY {number}"
    Image.new("RGB", (64, 40), (number % 255, 80, 120)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def families(db, today, miki, settings):
    """Each foster parent with a child in a shelter of its own, news with a photo, dues, payments and mail."""
    from core.photos import rebuilt

    settings.EMAIL_URL = "smtp://there"
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
        accounts.ask_for_mail(by=None, address=user.email)
        made.append((user, child))
    accounts.answer_requests(by=system_user(), now=timezone.now())
    run = foster.begin_run(by=miki, month=today.replace(day=1), today=today)
    foster.carry_out_run(run=run, today=today)
    send_outbox()
    return made


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


def _as_read(message: mail.EmailMessage) -> bytes:
    """As it went over the wire, and as its reader sees it."""
    return f"{message.message().as_string()}\n{message.subject}\n{message.body}".lower().encode()


def everything_for(user, as_user) -> Crawl:
    found = crawl(as_user(user))
    for number, message in enumerate(mail.outbox):
        if user.email in message.to:
            found.answers[f"mail {number}"] = _as_read(message)
    return found


def test_nothing_that_must_not_reach_a_sponsor_is_in_any_byte(families, as_user, tally):
    pages, looked_for, leaks, sent = 0, 0, [], Counter()
    for user, child in families:
        found, wanted = everything_for(user, as_user), secrets(child)
        own = ChildUpdate.objects.get(child=child, state="published")
        assert f"/foster/mine/news/{own.uuid}/" in found.answers  # it went where they can go
        assert any("/foster/mine/photos/" in address for address in found.answers)
        kinds = Counter(address.split()[0] for address in found.answers if " " in address)
        assert kinds["mail"] == 2  # the link and the reminder
        assert kinds["POST"] >= 3
        sent.update(kinds)
        pages += len(found.answers)
        looked_for += len(wanted)
        leaks += [(secret, place) for secret in wanted for place in found.holding(secret)]
    tally(f"test 07: {len(families)} sponsors, {pages} answers, {looked_for} secrets, {len(leaks)} found")
    tally(f"test 07: among them {sent['POST']} answers to forms and {sent['mail']} mails as they were sent")
    assert leaks == []


@pytest.mark.parametrize("where", ["text", "caption", "likes", "mail"])
def test_control_one_planted_value_is_found(where, families, as_user):
    user, child = families[0]
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
            next(sent for sent in mail.outbox if user.email in sent.to).body += secret
    assert everything_for(user, as_user).holding(secret)
