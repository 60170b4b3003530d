from django.db import migrations

# Field staff see no step of a colleague. Who says what arrived is told the day on which it was sent, nothing
# else of the sending, and only of what comes to their own store.
SENT_ON = """
CREATE FUNCTION supply_sent_on(p_consignment bigint) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF core_role() IS NULL OR core_role() NOT IN ('field_staff', 'supply_coordinator', 'system')
     OR core_role() = 'field_staff' AND NOT EXISTS (
       SELECT FROM supply_consignmentline
       WHERE consignment_id = p_consignment AND sent > 0 AND destination_id = ANY (shelters_my_stores())
     ) THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT "on" FROM supply_consignmentstep WHERE consignment_id = p_consignment AND kind = 'sent');
END $$;
"""
BACK = "DROP FUNCTION supply_sent_on(bigint);"


class Migration(migrations.Migration):
    dependencies = [("supply", "0022_confirmations_taken_back")]
    operations = [migrations.RunSQL(SENT_ON, BACK)]
