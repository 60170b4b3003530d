from django.urls import path

from donations import views

app_name = "donations"
urlpatterns = [
    path("", views.start, name="start"),
    path("register/", views.register, name="list"),
    path("donors/", views.donors, name="donors"),
    path("donors/new/", views.new_donor, name="new_donor"),
    path("record/", views.record, name="record"),
    path("<uuid:uuid>/refund/", views.refund, name="refund"),
    path("<uuid:uuid>/complete/", views.complete, name="complete"),
]
