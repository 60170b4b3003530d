import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Round

# What a correction must be, where that lies in the row that it is about.
CHECK = """
CREATE FUNCTION shelters_check_incident_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE mistaken shelters_incidentpayment;
BEGIN
  SELECT * INTO mistaken FROM shelters_incidentpayment WHERE id = NEW.corrects_id;
  IF mistaken.corrects_id IS NOT NULL
     OR (mistaken.incident_id, mistaken.currency, mistaken.payer, mistaken.paid_from_id, mistaken.value,
         mistaken.value_upper, mistaken.qualifier)
        IS DISTINCT FROM (NEW.incident_id, NEW.currency, NEW.payer, NEW.paid_from_id, NEW.value,
         NEW.value_upper, NEW.qualifier) THEN
    RAISE EXCEPTION 'a correction mirrors the payment that it takes back'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'incident_payment_correction_mirrors';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mirrors_a_payment BEFORE INSERT ON shelters_incidentpayment FOR EACH ROW
  WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION shelters_check_incident_payment();
CREATE FUNCTION shelters_check_incident_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM shelters_incidentpeople AS mistaken
    WHERE mistaken.id = NEW.corrects_id
      AND (mistaken.incident_id, mistaken.kind) = (NEW.incident_id, NEW.kind)
  ) THEN
    RAISE EXCEPTION 'a number is corrected by one of the same people'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'incident_people_correction_of_the_same';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER corrects_the_same_people BEFORE INSERT ON shelters_incidentpeople FOR EACH ROW
  WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION shelters_check_incident_people();
"""
BACK = """
DROP TRIGGER mirrors_a_payment ON shelters_incidentpayment;
DROP FUNCTION shelters_check_incident_payment();
DROP TRIGGER corrects_the_same_people ON shelters_incidentpeople;
DROP FUNCTION shelters_check_incident_people();
"""


def payable(name: str) -> Q:
    whole, cents = (Q((name, Round(name, precision=digits))) for digits in (0, 2))
    return cents & Q((f"{name}__range", (-1_000_000_000, 1_000_000_000))) & (
        ~Q(currency__in=["JPY", "KRW"]) | whole
    )  # fmt: skip


def correctable(model: str) -> list:
    """The columns of a correction, and that it says who and why."""
    return [
        migrations.AddField(
            model_name=model,
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to=f"shelters.{model}",
                verbose_name="takes back",
            ),
        ),
        migrations.AddField(
            model_name=model,
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="why it is corrected"),
        ),
        migrations.AddField(
            model_name=model,
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(
                condition=Q(corrects__isnull=True) | (~Q(reason="") & Q(by__isnull=False)),
                name=f"{model}_is_corrected_with_a_reason",
                violation_error_message="Say why.",
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0031_who_did_not_arrive"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint("incidentpayment", "incident_payment_is_payable"),
        migrations.RemoveConstraint("incidentpeople", "incident_people_once_a_kind"),
        *correctable("incidentpayment"),
        *correctable("incidentpeople"),
        # What was written down before the rule stays as it is, and can be taken back as it stands.
        AddConstraintNotValid(
            model_name="incidentpayment",
            constraint=models.CheckConstraint(
                condition=(payable("value") & payable("value_upper")) | Q(corrects__isnull=False),
                name="incident_payment_is_payable",
                violation_error_message=(
                    "Yen and won have no digits after the point, other money has two. The most is 1000000000."
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentpeople",
            constraint=models.UniqueConstraint(
                fields=["incident", "kind"],
                condition=Q(corrects__isnull=True),
                name="incident_people_once_a_kind",
            ),
        ),
        migrations.RunSQL(CHECK, BACK),
    ]
