from allauth.account import views as allauth
from django.urls import path, re_path

from accounts import log_in
from accounts.gate import public, requires
from accounts.permissions import Right
from accounts.views import (
    exposure,
    happened,
    leaks,
    lock_downs,
    mail,
    me,
    openings,
    panic,
    people,
    trail,
)

app_name = "accounts"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("language/", me.choose_language, name="language"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<uuid:uuid>/", people.person, name="person"),
    path("people/<uuid:uuid>/invitation/", people.send_invitation, name="send_invitation"),
    path("people/<uuid:uuid>/log-out/", people.log_out_everywhere, name="log_out_everywhere"),
    path("people/<uuid:uuid>/exposure/", exposure.exposure, name="exposure"),
    path("happened/", happened.happened, name="happened"),
    path("happened/person/", happened.lock_down, name="lock_down"),
    path("happened/me/", happened.lock_myself, name="lock_myself"),
    path("happened/devices/", happened.end_own_log_ins, name="end_own_log_ins"),
    path("lock-downs/", lock_downs.lock_downs, name="lock_downs"),
    path("lock-downs/<uuid:uuid>/", lock_downs.lift_lock_down, name="lift_lock_down"),
    path("leave/", panic.panic, name="panic"),
    path("changes/", trail.audit, name="audit"),
    path("openings/", openings.register, name="openings"),
    path("openings/waiting/", openings.waiting, name="waiting"),
    path("openings/asked/<uuid:uuid>/", openings.asked, name="asked"),
    path("openings/asked/<uuid:uuid>/answer/", openings.answer, name="answer"),
    path("openings/forget/", openings.forget, name="forget"),
    path("unsent/", mail.unsent, name="unsent"),
    path("unsent/<uuid:uuid>/again/", mail.send_mail_again, name="send_mail_again"),
    path("unsent/<uuid:uuid>/aside/", mail.set_mail_aside, name="set_mail_aside"),
    path("leaks/", leaks.leaks, name="leaks"),
    path("leaks/counts/", leaks.leak_counts, name="leak_counts"),
    path("leaks/<uuid:uuid>/", leaks.leak, name="leak"),
    path("leaks/<uuid:uuid>/passage/", leaks.show_passage, name="show_passage"),
    path("leaks/<uuid:uuid>/settle/", leaks.settle_leak, name="settle_leak"),
    path("mailbox/", mail.mailbox, name="mailbox"),
    path("mailbox/<uuid:uuid>/", mail.mail, name="mail"),
]

# The pages of django-allauth that we use, each with its gate; its other pages are not mounted.
own = requires(Right.OWN_ACCOUNT)
log_in_urlpatterns = [
    path("log-in/", public(log_in.log_in), name="account_login"),
    path("log-out/", public(log_in.log_out), name="account_logout"),
    path("not-found/", panic.nothing, name="nothing"),
    path("sign-up/", public(allauth.signup), name="account_signup"),  # closed: says whom to ask
    path("inactive/", public(allauth.account_inactive), name="account_inactive"),
    path("confirm/", own(allauth.reauthenticate), name="account_reauthenticate"),
    path("password/", own(allauth.password_change), name="account_change_password"),
    path("password/forgotten/", public(allauth.password_reset), name="account_reset_password"),
    path("password/sent/", public(allauth.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(log_in.set_password),
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        public(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
