from django.urls import path

from shelters import views

app_name = "shelters"
urlpatterns = [
    path("", views.register, name="list"),
    path("mine/", views.start, name="start"),
    path("cover/", views.cover, name="cover"),
    path("happened/", views.lock_down, name="lock_down"),
    path("lock-downs/", views.lock_downs, name="lock_downs"),
    path("lock-downs/<uuid:uuid>/", views.lift_lock_down, name="lift_lock_down"),
    path("lock-downs/<uuid:uuid>/people/", views.locked_people, name="locked_people"),
    path("<uuid:uuid>/", views.stock, name="stock"),
    path("<uuid:uuid>/log/", views.log, name="log"),
    path("<uuid:uuid>/sheet/", views.day_sheet, name="day_sheet"),
    path("<uuid:uuid>/sheet/typed/", views.type_day_sheet, name="type_day_sheet"),
    path("<uuid:uuid>/undo/<uuid:movement>/", views.undo, name="undo"),
    path("<uuid:uuid>/address/", views.reveal_address, name="reveal_address"),
    path("<uuid:uuid>/emergency/", views.break_glass, name="break_glass"),
    path("residents/<uuid:uuid>/name/", views.reveal_resident, name="reveal_resident"),
]
