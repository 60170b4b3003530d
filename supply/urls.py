from django.urls import path

from supply import views

app_name = "supply"
urlpatterns = [
    path("", views.start, name="start"),
    path("movements/", views.movements, name="movements"),
    path("routes/", views.routes, name="routes"),
    path("recipients/", views.recipients, name="recipients"),
    path("items/", views.items, name="items"),
]
