import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0034_expected_guests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvacuationChild",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("subject", models.UUIDField(editable=False)),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("moved", "moved to another shelter"),
                            ("safe_country", "reached a safe country"),
                            ("returned", "went back by choice"),
                            ("arrested", "arrested"),
                            ("repatriated", "sent back by force"),
                            ("died", "died"),
                            ("unknown", "not known"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("to_code", models.CharField(blank=True, max_length=20, verbose_name="to")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "evacuation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="shelters.evacuation",
                        verbose_name="evacuation",
                    ),
                ),
            ],
            options={
                "verbose_name": "child of an evacuation",
                "ordering": ["evacuation", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evacuation", "subject"), name="evacuation_each_child_once"
                    )
                ],
            },
        ),
    ]
