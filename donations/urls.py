from django.urls import path

from donations import views

app_name = "donations"
urlpatterns = [
    path("", views.start, name="start"),
    path("register/", views.register, name="list"),
    path("donors/", views.donors, name="donors"),
    path("donors/new/", views.new_donor, name="new_donor"),
    path("record/", views.record, name="record"),
    path("expenses/", views.expenses, name="expenses"),
    path("expenses/new/", views.record_expense, name="record_expense"),
    path("expenses/waiting/", views.waiting, name="waiting"),
    path("expenses/<uuid:uuid>/take-back/", views.take_back_expense, name="take_back_expense"),
    path("<uuid:uuid>/refund/", views.refund, name="refund"),
    path("<uuid:uuid>/complete/", views.complete, name="complete"),
]
