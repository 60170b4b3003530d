from django.urls import path

from shelters import views

app_name = "shelters"
urlpatterns = [
    path("", views.register, name="list"),
    path("mine/", views.start, name="start"),
    path("cover/", views.cover, name="cover"),
    path("forecast/", views.forecast, name="forecast"),
    path("rations/", views.rations, name="rations"),
    path("rations/new/", views.set_ration, name="set_ration"),
    path("rations/used/", views.used, name="used"),
    path("happened/", views.lock_down, name="lock_down"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.log_incident, name="log_incident"),
    path("incidents/<uuid:uuid>/", views.incident, name="incident"),
    path("incidents/<uuid:uuid>/note/", views.add_incident_note, name="add_incident_note"),
    path("incidents/<uuid:uuid>/paid/", views.add_incident_payment, name="add_incident_payment"),
    path("incidents/<uuid:uuid>/effect/", views.link_incident_effect, name="link_incident_effect"),
    path("incidents/notes/<uuid:uuid>/", views.reveal_incident_note, name="reveal_incident_note"),
    path("lock-downs/", views.lock_downs, name="lock_downs"),
    path("lock-downs/<uuid:uuid>/", views.lift_lock_down, name="lift_lock_down"),
    path("lock-downs/<uuid:uuid>/people/", views.locked_people, name="locked_people"),
    path("<uuid:uuid>/", views.stock, name="stock"),
    path("<uuid:uuid>/log/", views.log, name="log"),
    path("<uuid:uuid>/undo/<uuid:movement>/", views.undo, name="undo"),
    path("<uuid:uuid>/address/", views.reveal_address, name="reveal_address"),
    path("<uuid:uuid>/emergency/", views.break_glass, name="break_glass"),
    path("residents/<uuid:uuid>/name/", views.reveal_resident, name="reveal_resident"),
]
