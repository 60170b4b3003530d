from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shelters", "0036_closed_when_empty")]
    operations = [
        migrations.AddField("evacuation", "key", models.UUIDField(editable=False, null=True)),
        migrations.AddConstraint(
            "evacuation", models.UniqueConstraint(fields=["key"], name="evacuation_one_per_key")
        ),
    ]
