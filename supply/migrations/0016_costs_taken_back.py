import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# What a correction must be, where that lies in the row it takes back.
MIRROR = """
CREATE FUNCTION supply_check_cost() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE mistaken supply_consignmentcost;
BEGIN
  SELECT * INTO mistaken FROM supply_consignmentcost WHERE id = NEW.corrects_id;
  IF mistaken.corrects_id IS NOT NULL
     OR (mistaken.consignment_id, mistaken.kind, mistaken.currency, mistaken.paid_on, -mistaken.amount)
        IS DISTINCT FROM (NEW.consignment_id, NEW.kind, NEW.currency, NEW.paid_on, NEW.amount) THEN
    RAISE EXCEPTION 'a correction mirrors the cost that it takes back'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_cost_correction_mirrors';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mirrors_a_cost BEFORE INSERT ON supply_consignmentcost FOR EACH ROW
  WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION supply_check_cost();
"""
BACK = """
DROP TRIGGER mirrors_a_cost ON supply_consignmentcost;
DROP FUNCTION supply_check_cost();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0015_journeys_are_kept")]
    operations = [
        migrations.AddField(
            model_name="consignmentcost",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="supply.consignmentcost",
                verbose_name="takes back",
            ),
        ),
        migrations.RemoveConstraint(model_name="consignmentcost", name="consignment_cost_is_an_amount"),
        # Corrections that were typed below zero before this stay as they are: the table is append-only.
        AddConstraintNotValid(
            model_name="consignmentcost",
            constraint=models.CheckConstraint(
                condition=models.Q(amount__gt=0, corrects__isnull=True)
                | (models.Q(amount__lt=0, corrects__isnull=False) & ~models.Q(note="")),
                name="consignment_cost_is_an_amount",
                violation_error_message="Write an amount above zero; a mistake is taken back, with a reason.",
            ),
        ),
        migrations.RunSQL(MIRROR, BACK),
    ]
