from django.urls import path

from shelters import views

app_name = "shelters"
urlpatterns = [
    path("", views.register, name="list"),
    path("mine/", views.start, name="start"),
    path("cover/", views.cover, name="cover"),
    path("new/", views.add_shelter, name="add_shelter"),
    path("postings/", views.postings, name="postings"),
    path("postings/new/", views.post_person, name="post_person"),
    path("postings/<uuid:uuid>/", views.end_posting, name="end_posting"),
    path("people/", views.people, name="people"),
    path("happened/", views.lock_down, name="lock_down"),
    path("lock-downs/", views.lock_downs, name="lock_downs"),
    path("lock-downs/<uuid:uuid>/", views.lift_lock_down, name="lift_lock_down"),
    path("lock-downs/<uuid:uuid>/people/", views.locked_people, name="locked_people"),
    path("<uuid:uuid>/", views.stock, name="stock"),
    path("<uuid:uuid>/log/", views.log, name="log"),
    path("<uuid:uuid>/undo/<uuid:movement>/", views.undo, name="undo"),
    path("<uuid:uuid>/address/", views.reveal_address, name="reveal_address"),
    path("<uuid:uuid>/emergency/", views.break_glass, name="break_glass"),
    path("<uuid:uuid>/change/", views.change_shelter, name="change_shelter"),
    path("<uuid:uuid>/state/", views.change_state, name="change_state"),
    path("<uuid:uuid>/danger/", views.report_danger, name="report_danger"),
    path("<uuid:uuid>/place/", views.write_place, name="write_place"),
    path("<uuid:uuid>/arrive/", views.arrive, name="arrive"),
    path("<uuid:uuid>/come-back/", views.come_back, name="come_back"),
    path("<uuid:uuid>/heads/", views.count_heads, name="count_heads"),
    path("stays/<uuid:uuid>/came/", views.came, name="came"),
    path("stays/<uuid:uuid>/call-off/", views.call_off, name="call_off"),
    path("stays/<uuid:uuid>/leave/", views.leave, name="leave"),
    path("stays/<uuid:uuid>/note/", views.reveal_stay, name="reveal_stay"),
    path("residents/<uuid:uuid>/", views.resident, name="resident"),
    path("residents/<uuid:uuid>/name/", views.reveal_resident, name="reveal_resident"),
]
