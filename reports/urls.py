from django.urls import path, register_converter

from reports import views


class FiscalYearConverter:
    """Four digits: the calendar year in which the fiscal year ends."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(FiscalYearConverter, "fiscal_year")

app_name = "reports"
urlpatterns = [
    path("", views.start, name="start"),
    path("draft/", views.draft, name="draft"),
    path("activities/", views.activities, name="activities"),
    path("partners/", views.partners, name="partners"),
    path("statistics/", views.statistics, name="statistics"),
    path("sections/<uuid:uuid>/", views.section, name="section"),
    path("records/<fiscal_year:year>/<str:key>/", views.records, name="records"),
    path("<uuid:uuid>/", views.report, name="report"),
    path("<uuid:uuid>/download/<str:form>/", views.download, name="download"),
]
