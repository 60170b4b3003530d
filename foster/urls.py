
app_name = "foster"
urlpatterns: list = []
