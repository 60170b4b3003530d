from django.urls import include, path

from accounts.gate import public
from accounts.urls import log_in_urlpatterns
from core.views import healthz
from lfnkr.views import home

handler400 = "core.views.bad_request"
handler500 = "core.views.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", public(healthz), name="healthz"),
    path("", include(log_in_urlpatterns)),
    path("accounts/", include("accounts.urls")),
    path("supply/", include("supply.urls")),
    path("donations/", include("donations.urls")),
    path("shelters/", include("shelters.urls")),
    path("foster/", include("foster.urls")),
    path("reports/", include("reports.urls")),
]
