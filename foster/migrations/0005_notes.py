from django.db import migrations

import core.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("foster", "0004_own_children"),
    ]

    operations = [
        migrations.AddField(
            model_name="child",
            name="note",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="child",
            name="family",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="family"),
        ),
        migrations.AlterField(
            model_name="child",
            name="real_name",
            field=core.sealed.SealedTextField(blank=True, null=True, verbose_name="real name"),
        ),
    ]
