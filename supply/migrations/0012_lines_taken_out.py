from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0011_newest_movements"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="consignmentline",
            name="consignment_line_plans_something",
        ),
        migrations.AddConstraint(
            model_name="consignmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("planned__gt", 0),
                    models.Q(("packed__isnull", True), ("planned", 0), ("sent", 0)),
                    _connector="OR",
                ),
                name="consignment_line_plans_something",
                violation_error_message="Plan an amount above zero.",
            ),
        ),
    ]
