from django.apps import AppConfig


class FosterConfig(AppConfig):
    name = "foster"
