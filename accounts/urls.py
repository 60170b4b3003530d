from allauth.account import views as log_in
from django.urls import path, re_path

from accounts import views
from accounts.gate import public, requires
from accounts.permissions import Right

app_name = "accounts"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("language/", views.choose_language, name="language"),
    path("people/", views.people, name="people"),
    path("changes/", views.audit, name="audit"),
]

# The pages of django-allauth that we use, each with its gate; its other pages are not mounted.
own = requires(Right.OWN_ACCOUNT)
log_in_urlpatterns = [
    path("log-in/", public(log_in.login), name="account_login"),
    path("log-out/", public(log_in.logout), name="account_logout"),
    path("sign-up/", public(log_in.signup), name="account_signup"),  # closed: says whom to ask
    path("inactive/", public(log_in.account_inactive), name="account_inactive"),
    path("confirm/", own(log_in.reauthenticate), name="account_reauthenticate"),
    path("password/", own(log_in.password_change), name="account_change_password"),
    path("password/forgotten/", public(log_in.password_reset), name="account_reset_password"),
    path("password/sent/", public(log_in.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(log_in.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        public(log_in.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
