from django.urls import path

from supply import views

app_name = "supply"
urlpatterns = [
    path("", views.start, name="start"),
    path("movements/", views.movements, name="movements"),
    path("movements/<uuid:uuid>/", views.movement, name="movement"),
    path("movements/<uuid:uuid>/take-back/", views.take_back, name="take_back"),
    path("routes/", views.routes, name="routes"),
    path("routes/<uuid:uuid>/drop-points/", views.reveal_route, name="reveal_route"),
    path("routes/board/", views.board, name="board"),
    path("routes/plans/", views.plans, name="plans"),
    path("routes/plans/drafts/", views.make_drafts, name="make_drafts"),
    path("routes/plans/<uuid:uuid>/end/", views.end_plan, name="end_plan"),
    path("routes/<uuid:uuid>/", views.route, name="route"),
    path("routes/<uuid:uuid>/status/", views.change_status, name="change_status"),
    path("routes/<uuid:uuid>/target/", views.set_target, name="set_target"),
    path("routes/<uuid:uuid>/plan/", views.make_plan, name="make_plan"),
    path("consignments/", views.consignments, name="consignments"),
    path("consignments/new/", views.plan_consignment, name="plan_consignment"),
    path("consignments/<uuid:uuid>/", views.consignment, name="consignment"),
    path("consignments/<uuid:uuid>/change/", views.change_journey, name="change_journey"),
    path("consignments/<uuid:uuid>/pack/", views.pack_consignment, name="pack_consignment"),
    path("consignments/<uuid:uuid>/confirm/", views.confirm_receipt, name="confirm_receipt"),
    path("consignments/<uuid:uuid>/cost/", views.note_cost, name="note_cost"),
    path("consignments/<uuid:uuid>/courier/", views.reveal_consignment, name="reveal_consignment"),
    path("consignments/<uuid:uuid>/take-back/<uuid:booking>/", views.take_back_part, name="take_back_part"),
    path("consignments/<uuid:uuid>/step/<str:form>/", views.take_step, name="take_step"),
    path("recipients/", views.recipients, name="recipients"),
    path("recipients/<uuid:uuid>/name/", views.reveal_recipient, name="reveal_recipient"),
    path("items/", views.items, name="items"),
    path("months/", views.months, name="months"),
    path("months/close/", views.close_month, name="close_month"),
    path("months/<uuid:uuid>/open/", views.reopen_month, name="reopen_month"),
]
