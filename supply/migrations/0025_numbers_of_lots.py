from django.db import migrations, models

# One label is typed in many ways: in small letters, in full width, with another hyphen or a space.
NUMBER = r"""
CREATE FUNCTION supply_lot_number(p_code text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT upper(regexp_replace(normalize(p_code, NFKC), '[\s\-‐‑‒–—―−ー]', '', 'g'))
$$;
"""
NUMBER_BACK = "DROP FUNCTION supply_lot_number(text);"

# Lots that were kept as two before they were compared so stay two: the ledger names each of them.
APART = """
UPDATE supply_lot SET apart = other.number FROM (
  SELECT id, row_number() OVER (PARTITION BY item_id, supply_lot_number(code) ORDER BY id) - 1 AS number
  FROM supply_lot
) AS other WHERE other.id = supply_lot.id AND other.number > 0;
"""

# A lot takes the first last day that is told; another one only while nobody leans on it: no movement that
# stands, and no consignment. Asked with the owner's rights: one shelter's staff see no movement of another
# and change no lot otherwise; it tells no place and no amount.
DATE = """
CREATE FUNCTION supply_date_lot(p_lot bigint, p_day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF core_role() IS NULL OR core_role() NOT IN ('field_staff', 'supply_coordinator', 'system') THEN
    RAISE EXCEPTION 'no lot of theirs' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM supply_lot WHERE id = p_lot FOR UPDATE;
  UPDATE supply_lot SET expires_on = p_day WHERE id = p_lot AND (
    expires_on IS NULL OR expires_on = p_day OR NOT EXISTS (
      SELECT FROM supply_movement AS one WHERE one.lot_id = p_lot AND one.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM supply_movement AS other WHERE other.reverses_id = one.id)
    ) AND NOT EXISTS (SELECT FROM supply_consignmentline WHERE lot_id = p_lot)
  );
  RETURN FOUND;
END $$;
"""
DATE_BACK = "DROP FUNCTION supply_date_lot(bigint, date);"


class Migration(migrations.Migration):
    dependencies = [("supply", "0024_states_of_a_route_wait")]
    operations = [
        migrations.RunSQL(NUMBER, NUMBER_BACK),
        migrations.AddField(
            model_name="lot",
            name="apart",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, editable=False, verbose_name="kept apart"
            ),
        ),
        migrations.RunSQL(APART, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(
                models.F("item"),
                models.Func("code", function="supply_lot_number"),
                models.F("apart"),
                name="lot_one_number_an_item",
                violation_error_message="This item has a lot of this number already.",
            ),
        ),
        migrations.RunSQL(DATE, DATE_BACK),
    ]
