from django.urls import path

from supply import views

app_name = "supply"
urlpatterns = [
    path("", views.start, name="start"),
    path("movements/", views.movements, name="movements"),
    path("routes/", views.routes, name="routes"),
    path("routes/<uuid:uuid>/drop-points/", views.reveal_route, name="reveal_route"),
    path("recipients/", views.recipients, name="recipients"),
    path("recipients/<uuid:uuid>/name/", views.reveal_recipient, name="reveal_recipient"),
    path("items/", views.items, name="items"),
]
