from django.urls import path

app_name = "shelters"
urlpatterns: list = []
