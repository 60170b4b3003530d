from allauth.account import views as allauth
from django.urls import path, re_path

from accounts.gate import public, requires
from accounts.permissions import Right
from accounts.views import (
    devices,
    exposure,
    factors,
    happened,
    leaks,
    links,
    lock_downs,
    log_in,
    mail,
    me,
    openings,
    panic,
    people,
    sample,
    trail,
)

app_name = "accounts"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("language/", me.choose_language, name="language"),
    path("devices/", devices.devices, name="devices"),
    path("devices/others/end/", devices.end_other_devices, name="end_other_devices"),
    path("devices/<uuid:uuid>/end/", devices.end_device, name="end_device"),
    path("factors/", factors.factors, name="factors"),
    path("factors/app/", factors.add_app, name="add_app"),
    path("factors/passkey/", factors.add_passkey, name="add_passkey"),
    path("factors/remove/", factors.remove_factor, name="remove_factor"),
    path("factors/recovery-codes/", factors.recovery_codes, name="recovery_codes"),
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
    path("people/<uuid:uuid>/start-over/", people.start_over, name="start_over"),
    path("people/devices/<uuid:uuid>/end/", devices.end_device_of_person, name="end_device_of_person"),
    path("changes/", trail.audit, name="audit"),
    path("changes/rows/", trail.written, name="written"),
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
own_staff = requires(Right.STAFF_LOG_IN)
log_in_urlpatterns = [
    path("log-in/", public(log_in.log_in), name="account_login"),
    path("log-in/code/", public(log_in.second_step), name="mfa_authenticate"),
    path("log-in/passkey/", public(log_in.log_in_with_passkey), name="account_passkey"),
    path("log-in/link/", links.ask_for_link, name="account_ask_for_link"),
    path("log-in/link/<str:key>/", links.link, name="account_link"),
    path("log-in/sample/", sample.log_in_by_one_tap, name="account_sample"),
    path("log-out/", public(log_in.log_out), name="account_logout"),
    path("not-found/", panic.nothing, name="nothing"),
    path("sign-up/", public(allauth.signup), name="account_signup"),  # closed: says whom to ask
    path("inactive/", public(allauth.account_inactive), name="account_inactive"),
    path("password/", own_staff(log_in.change_password), name="account_change_password"),
    path("password/forgotten/", links.ask_for_password, name="account_reset_password"),
    path("password/sent/", links.mail_is_on_its_way, name="account_reset_password_done"),
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
