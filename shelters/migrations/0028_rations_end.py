from django.db import migrations, models

# A ration is kept in grams: its item must stay one that is weighed.
UNIT = """
CREATE FUNCTION shelters_keep_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM shelters_rationrule WHERE item_id = OLD.id) THEN
    RAISE EXCEPTION 'a ration of the item is set'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'item_unit_is_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER unit_of_a_ration_is_kept BEFORE UPDATE ON supply_item FOR EACH ROW
  WHEN (OLD.base_unit IS DISTINCT FROM NEW.base_unit) EXECUTE FUNCTION shelters_keep_unit();
"""
BACK = """
DROP TRIGGER unit_of_a_ration_is_kept ON supply_item;
DROP FUNCTION shelters_keep_unit();
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0027_nothing_is_moved_there"), ("supply", "0026_units_are_kept")]
    operations = [
        migrations.RemoveConstraint(model_name="rationrule", name="ration_one_rule_from_a_day"),
        migrations.RemoveConstraint(model_name="rationrule", name="ration_is_something"),
        migrations.AddConstraint(
            model_name="rationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("grams__gte", 0)), name="ration_not_negative"
            ),
        ),
        migrations.AlterModelOptions(
            name="rationrule",
            options={"ordering": ["item", "-valid_from", "-id"], "verbose_name": "ration"},
        ),
        migrations.RunSQL(UNIT, BACK),
    ]
