from django.db import migrations

import core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0003_balances_follow_the_ledger"),
    ]

    operations = [
        migrations.AddField(
            model_name="route",
            name="couriers",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="couriers"),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="address",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="address"),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="real_name",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="real name"),
        ),
        migrations.AlterField(
            model_name="route",
            name="drop_points",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="drop points"),
        ),
    ]
