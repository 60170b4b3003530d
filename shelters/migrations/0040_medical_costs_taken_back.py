import django.db.models.deletion
from django.db import migrations, models

# A cost is taken back whole: its mirror is of the same case, month and currency.
CHECK = """
CREATE FUNCTION shelters_check_medical_cost() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.shelters_medicalcost AS mistaken
    WHERE mistaken.id = NEW.corrects_id AND mistaken.corrects_id IS NULL AND mistaken.amount > 0
      AND (mistaken.case_id, mistaken.month, mistaken.currency, -mistaken.amount)
          = (NEW.case_id, NEW.month, NEW.currency, NEW.amount)
  ) THEN
    RAISE EXCEPTION 'a correction mirrors the cost that it takes back'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'medical_cost_correction_mirrors';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mirrors_a_cost BEFORE INSERT ON shelters_medicalcost FOR EACH ROW
  WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION shelters_check_medical_cost();
"""
BACK = """
DROP TRIGGER mirrors_a_cost ON shelters_medicalcost;
DROP FUNCTION shelters_check_medical_cost();
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0039_why_at_the_end")]
    operations = [
        migrations.AddField(
            "medicalcost",
            "corrects",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="shelters.medicalcost",
                verbose_name="takes back",
            ),
        ),
        migrations.AddField(
            "medicalcost",
            "reason",
            models.CharField(
                blank=True,
                choices=[
                    ("mistyped", "typed wrongly"),
                    ("twice", "entered twice"),
                    ("other", "meant for somebody else"),
                    ("not_paid", "never paid"),
                ],
                max_length=10,
                verbose_name="reason",
            ),
        ),
        migrations.AddConstraint(
            "medicalcost",
            models.CheckConstraint(
                condition=models.Q(("corrects__isnull", True), ("reason", ""))
                | models.Q(("corrects__isnull", False), models.Q(("reason", ""), _negated=True)),
                name="medical_cost_taken_back_with_a_reason",
            ),
        ),
        migrations.RunSQL(CHECK, BACK),
    ]
