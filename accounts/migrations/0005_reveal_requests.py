import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Who asks cannot answer in another's name, not even by SQL: an answer is signed by who the database knows,
# once, and what was asked stays as it was asked. The system (commands, and what tests set up) passes.
KEPT = """
CREATE FUNCTION accounts_keep_request() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE step text := OLD.state || '>' || NEW.state;
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  IF (OLD.kind, OLD.asked_by_id, OLD.subject_type, OLD.subject_uuid, OLD.field, OLD.purpose, OLD.asked_at)
     IS DISTINCT FROM
     (NEW.kind, NEW.asked_by_id, NEW.subject_type, NEW.subject_uuid, NEW.field, NEW.purpose, NEW.asked_at)
  THEN RAISE EXCEPTION 'what was asked is not changed' USING ERRCODE = 'restrict_violation'; END IF;
  IF step NOT IN ('waiting>agreed', 'waiting>declined', 'waiting>expired', 'agreed>used', 'agreed>expired')
  THEN RAISE EXCEPTION 'no such step of a request: %', step USING ERRCODE = 'restrict_violation'; END IF;
  IF step IN ('waiting>agreed', 'waiting>declined') THEN
    IF NEW.decided_by_id IS DISTINCT FROM public.core_who()
    THEN RAISE EXCEPTION 'nobody answers for another' USING ERRCODE = 'restrict_violation'; END IF;
  ELSIF NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id
    OR NEW.expires_at IS DISTINCT FROM OLD.expires_at
    OR (step <> 'waiting>expired' AND OLD.asked_by_id IS DISTINCT FROM public.core_who())
  THEN RAISE EXCEPTION 'an answer stays as it was given' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER request_is_kept BEFORE UPDATE ON accounts_revealrequest
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_request();
"""
BACK = "DROP TRIGGER request_is_kept ON accounts_revealrequest; DROP FUNCTION accounts_keep_request()"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_lock_downs"),
    ]

    operations = [
        migrations.CreateModel(
            name="RevealRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("break_glass", "open in an emergency"),
                            ("forget", "forget for ever"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("subject_type", models.CharField(max_length=60, verbose_name="kind of record")),
                ("subject_uuid", models.UUIDField()),
                ("subject_label", models.CharField(max_length=200, verbose_name="record")),
                ("field", models.CharField(blank=True, max_length=60, verbose_name="field")),
                ("purpose", models.CharField(max_length=300, verbose_name="purpose")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("expires_at", models.DateTimeField(verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for a second person"),
                            ("agreed", "agreed"),
                            ("declined", "declined"),
                            ("used", "used"),
                            ("expired", "time was over"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "request for a second person",
                "ordering": ["-id"],
            },
        ),
        migrations.AlterModelOptions(
            name="revealentry",
            options={"ordering": ["-id"], "verbose_name": "opening"},
        ),
        migrations.RemoveConstraint(
            model_name="revealentry",
            name="reveal_has_a_purpose",
        ),
        migrations.AddField(
            model_name="revealentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("break_glass", "open in an emergency"),
                    ("forget", "forget for ever"),
                ],
                default="open",
                max_length=12,
                verbose_name="what",
            ),
        ),
        migrations.AddField(
            model_name="revealentry",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("opened", "opened"),
                    ("asked", "a second person was asked"),
                    ("declined", "declined as the second person"),
                    ("refused_right", "refused: not theirs to open"),
                    ("refused_quota", "refused: too many in an hour"),
                    ("cannot_open", "could not be opened: key missing"),
                    ("forgotten", "forgotten"),
                ],
                default="opened",
                max_length=20,
                verbose_name="outcome",
            ),
        ),
        migrations.AddField(
            model_name="revealentry",
            name="raised_alarm",
            field=models.BooleanField(default=False, verbose_name="alarm"),
        ),
        migrations.AddField(
            model_name="revealentry",
            name="second",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="second person",
            ),
        ),
        migrations.AlterField(
            model_name="revealentry",
            name="field",
            field=models.CharField(blank=True, max_length=60, verbose_name="field"),
        ),
        migrations.AlterField(
            model_name="revealentry",
            name="purpose",
            field=models.CharField(blank=True, max_length=300, verbose_name="purpose"),
        ),
        migrations.AlterField(
            model_name="revealentry",
            name="subject_label",
            field=models.CharField(blank=True, max_length=200, verbose_name="record"),
        ),
        migrations.AddField(
            model_name="revealrequest",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="revealrequest",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="second person",
            ),
        ),
        migrations.AddField(
            model_name="revealentry",
            name="request",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.revealrequest",
                verbose_name="request",
            ),
        ),
        migrations.AddIndex(
            model_name="revealentry",
            index=models.Index(fields=["by", "-at"], name="reveal_by_person"),
        ),
        migrations.AddConstraint(
            model_name="revealentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "opened"), _negated=True),
                    models.Q(("purpose", ""), _negated=True),
                    _connector="OR",
                ),
                name="reveal_has_a_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second__isnull", True),
                    models.Q(("second", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="reveal_second_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "break_glass"), ("outcome", "opened"), _negated=True),
                    models.Q(("request__isnull", False), ("second__isnull", False)),
                    _connector="OR",
                ),
                name="reveal_emergency_has_a_second",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="reveal_request_second_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("state__in", ("waiting", "expired")),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ("agreed", "declined", "used", "expired")),
                    ),
                    _connector="OR",
                ),
                name="reveal_request_answer_has_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "used"), ("used_at__isnull", False)),
                    models.Q(models.Q(("state", "used"), _negated=True), ("used_at__isnull", True)),
                    _connector="OR",
                ),
                name="reveal_request_used_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose", ""), _negated=True), ("expires_at__gt", models.F("asked_at"))
                ),
                name="reveal_request_has_a_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("field", ""), ("kind", "forget")),
                    models.Q(
                        models.Q(("kind", "forget"), _negated=True), models.Q(("field", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="reveal_request_names_a_field",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "agreed"))),
                fields=("asked_by", "kind", "subject_uuid", "field"),
                name="reveal_request_one_at_a_time",
            ),
        ),
        migrations.RunSQL(KEPT, BACK),
    ]
