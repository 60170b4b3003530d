from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supply", "0026_units_are_kept")]
    operations = [
        migrations.AddField(
            model_name="item",
            name="rice_kilograms",
            field=models.DecimalField(
                blank=True,
                decimal_places=3,
                max_digits=9,
                null=True,
                verbose_name="kg of rice for one base unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(rice_kilograms__isnull=True) | models.Q(rice_kilograms__gt=0),
                name="item_stands_for_some_rice",
                violation_error_message="Write a number above zero, or leave it empty.",
            ),
        ),
    ]
