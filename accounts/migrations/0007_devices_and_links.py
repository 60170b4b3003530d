import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# Sponsors come in by a passkey or by a link from now on; "!" and noise is Django's way of no password.
NO_PASSWORDS = """
UPDATE accounts_user SET password = '!' || replace(gen_random_uuid()::text, '-', '') WHERE role = 'sponsor'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_passages_of_findings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("session_key", models.CharField(editable=False, max_length=40)),
                ("kind", models.CharField(blank=True, max_length=60, verbose_name="kind")),
                ("began_at", models.DateTimeField(verbose_name="logged in")),
                ("seen_at", models.DateTimeField(verbose_name="last seen")),
            ],
            options={
                "verbose_name": "log-in",
                "ordering": ["-seen_at"],
            },
        ),
        migrations.CreateModel(
            name="LogInLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("used_at", models.DateTimeField(null=True, verbose_name="used")),
            ],
            options={
                "verbose_name": "link",
            },
        ),
        migrations.CreateModel(
            name="MailRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(editable=False, max_length=64)),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="asked"
                    ),
                ),
            ],
            options={
                "verbose_name": "mail request",
            },
        ),
        migrations.RunSQL(NO_PASSWORDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "sponsor"), _negated=True),
                    ("password__startswith", "!"),
                    _connector="OR",
                ),
                name="user_sponsor_has_no_password",
            ),
        ),
        migrations.AddField(
            model_name="device",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="devices",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddField(
            model_name="loginlink",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailrequest",
            constraint=models.UniqueConstraint(fields=("address",), name="mail_request_one_per_address"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(fields=("session_key",), name="device_one_per_session"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen_at__gte", models.F("began_at"))),
                name="device_is_seen_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="loginlink",
            constraint=models.UniqueConstraint(fields=("digest",), name="link_one_per_token"),
        ),
        migrations.AddConstraint(
            model_name="loginlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                name="link_expires_after_it_was_made",
            ),
        ),
        migrations.AddConstraint(
            model_name="loginlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("used_at__isnull", True), ("used_at__lt", models.F("expires_at")), _connector="OR"
                ),
                name="link_is_used_before_it_expires",
            ),
        ),
    ]
