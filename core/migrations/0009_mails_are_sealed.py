from django.db import migrations, models

# Texts posted before cannot be sealed here (migrations know no code of ours): none is kept, and what still
# waited is shown to a person, who has it posted anew.
NONE_IS_KEPT = """
UPDATE core_outboxmessage SET sealed_body = '';
UPDATE core_outboxmessage SET state = 'failed', trouble = 'Posted before an update: post it anew.'
  WHERE state IN ('queued', 'claimed', 'held', 'in_doubt');
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0008_keys_are_kept")]
    operations = [
        migrations.RenameField("outboxmessage", "body", "sealed_body"),
        migrations.AlterField("outboxmessage", "sealed_body", models.TextField(blank=True)),
        migrations.RunSQL(NONE_IS_KEPT, migrations.RunSQL.noop),
    ]
