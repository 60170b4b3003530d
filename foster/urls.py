from django.urls import path

from foster.views import office, portal, reminders, updates

app_name = "foster"
urlpatterns = [
    # the sponsor's own pages
    path("mine/", portal.portal, name="portal"),
    path("mine/news/<uuid:uuid>/", portal.update, name="update"),
    path("mine/photos/<uuid:uuid>/<str:key>/", portal.photo, name="photo"),
    path("mine/payments/", portal.payments, name="payments"),
    path("mine/reminders/", portal.choose_reminders, name="choose_reminders"),
    # the officers' pages
    path("", office.start, name="start"),
    path("children/", office.children, name="children"),
    path("children/<uuid:uuid>/", office.child, name="child"),
    path("children/<uuid:uuid>/home/", office.move_child, name="move_child"),
    path("children/near/", office.near, name="near"),
    path("children/<uuid:uuid>/name/", office.reveal_child, name="reveal_child"),
    path("children/<uuid:uuid>/write/", updates.write_update, name="write_update"),
    path("sponsors/", office.sponsors, name="sponsors"),
    path("sponsors/<uuid:uuid>/", office.sponsor, name="sponsor"),
    path("updates/", office.updates, name="updates"),
    path("updates/<uuid:uuid>/", updates.edit_update, name="edit_update"),
    path("updates/<uuid:uuid>/photos/", updates.add_photo, name="add_photo"),
    path("updates/<uuid:uuid>/review/", updates.send_update, name="send_update"),
    path("updates/<uuid:uuid>/publish/", updates.publish_update, name="publish_update"),
    path("updates/<uuid:uuid>/withdraw/", updates.withdraw_update, name="withdraw_update"),
    path("photos/<uuid:uuid>/remove/", updates.remove_photo, name="remove_photo"),
    path("photos/<uuid:uuid>/<str:key>/", updates.draft_photo, name="draft_photo"),
    path("reminders/", reminders.reminders, name="reminders"),
    path("reminders/<uuid:uuid>/", reminders.reminder_run, name="reminder_run"),
]
