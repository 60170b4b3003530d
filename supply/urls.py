from django.urls import path

from supply import views

app_name = "supply"
urlpatterns = [
    path("", views.start, name="start"),
    path("on-day/", views.on_day, name="on_day"),
    path("movements/", views.movements, name="movements"),
    path("movements/<uuid:uuid>/", views.movement, name="movement"),
    path("movements/<uuid:uuid>/take-back/", views.take_back, name="take_back"),
    path("routes/", views.routes, name="routes"),
    path("routes/<uuid:uuid>/drop-points/", views.reveal_route, name="reveal_route"),
    path("recipients/", views.recipients, name="recipients"),
    path("recipients/<uuid:uuid>/name/", views.reveal_recipient, name="reveal_recipient"),
    path("items/", views.items, name="items"),
    path("items/add/", views.add_item, name="add_item"),
    path("items/<uuid:uuid>/", views.change_item, name="change_item"),
    path("items/<uuid:uuid>/packs/", views.add_pack, name="add_pack"),
    path("places/", views.places, name="places"),
    path("places/<uuid:uuid>/book/", views.book, name="book"),
    path("counts/", views.counts, name="counts"),
    path("places/<uuid:uuid>/count/", views.begin_count, name="begin_count"),
    path("counts/<uuid:uuid>/", views.count, name="count"),
    path("counts/<uuid:uuid>/add/", views.add_count_line, name="add_count_line"),
    path("counts/<uuid:uuid>/finish/", views.finish_count, name="finish_count"),
    path("counts/<uuid:uuid>/again/<uuid:line>/", views.recount, name="recount"),
    path("counts/<uuid:uuid>/aside/", views.set_count_aside, name="set_count_aside"),
    path("levels/", views.levels, name="levels"),
    path("levels/set/", views.set_level, name="set_level"),
    path("levels/check/", views.check_levels, name="check_levels"),
    path("alerts/", views.alerts, name="alerts"),
    path("months/", views.months, name="months"),
    path("months/close/", views.close_month, name="close_month"),
    path("months/<uuid:uuid>/open/", views.reopen_month, name="reopen_month"),
]
