import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# What a confirmation must be, where that lies in other rows: in what it takes back, and in the sending.
CHECK = """
CREATE FUNCTION supply_check_confirmation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mistaken supply_confirmation;
  sent_on date;
BEGIN
  IF NEW.corrects_id IS NULL THEN
    SELECT step."on" INTO sent_on FROM supply_consignmentstep step
      JOIN supply_consignmentline line ON line.consignment_id = step.consignment_id
      WHERE line.id = NEW.line_id AND step.kind = 'sent';
    IF NEW.received_on < sent_on THEN
      RAISE EXCEPTION 'nothing is received before it is sent'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'confirmation_after_the_sending';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO mistaken FROM supply_confirmation WHERE id = NEW.corrects_id;
  IF mistaken.corrects_id IS NOT NULL
     OR (mistaken.line_id, mistaken.received_on, mistaken.receiver, mistaken.quantity, mistaken.quality,
         mistaken.is_satisfied, mistaken.people)
        IS DISTINCT FROM (NEW.line_id, NEW.received_on, NEW.receiver, NEW.quantity, NEW.quality,
         NEW.is_satisfied, NEW.people) THEN
    RAISE EXCEPTION 'a correction says what it takes back'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'confirmation_correction_mirrors';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fits_its_consignment BEFORE INSERT ON supply_confirmation
  FOR EACH ROW EXECUTE FUNCTION supply_check_confirmation();
"""
BACK = """
DROP TRIGGER fits_its_consignment ON supply_confirmation;
DROP FUNCTION supply_check_confirmation();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0021_amounts_of_their_currency")]
    operations = [
        migrations.AddField(
            model_name="confirmation",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="supply.confirmation",
                verbose_name="takes back",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(corrects__isnull=True) | ~models.Q(note=""),
                name="confirmation_is_taken_back_with_a_reason",
                violation_error_message="Say why.",
            ),
        ),
        # What was written down before this stays as it is: the table is append-only.
        AddConstraintNotValid(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(people__isnull=True)
                | models.Q(people=0)
                | models.Q(quantity__gt=0)
                | models.Q(corrects__isnull=False),
                name="confirmation_reaches_people_with_something",
                violation_error_message="Nothing came. Leave the number of people empty.",
            ),
        ),
        migrations.RunSQL(CHECK, BACK),
    ]
