from django.urls import path

app_name = "foster"
urlpatterns: list = []
