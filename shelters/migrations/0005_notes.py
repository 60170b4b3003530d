from django.db import migrations

import core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0004_lock_downs"),
    ]

    operations = [
        migrations.AddField(
            model_name="resident",
            name="note",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="resident",
            name="real_name",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="real name"),
        ),
        migrations.AlterField(
            model_name="shelter",
            name="address",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="address"),
        ),
        migrations.AlterField(
            model_name="shelter",
            name="contact",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="contact"),
        ),
        migrations.AlterField(
            model_name="shelter",
            name="map_point",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="map point"),
        ),
    ]
