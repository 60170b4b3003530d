import uuid

from django.db import migrations, models

# A key of before has its record's own UUID, and does not say which key-encryption key wraps it.
OWNERS = "UPDATE core_datakey SET owner = subject"


class Migration(migrations.Migration):
    dependencies = [("core", "0004_trail")]
    operations = [
        migrations.AlterModelOptions(name="datakey", options={"verbose_name": "data key"}),
        migrations.RemoveField(model_name="datakey", name="key_number"),
        migrations.AddField(
            model_name="datakey", name="kind", field=models.CharField(default="", max_length=60)
        ),
        migrations.AddField(
            model_name="datakey", name="owner", field=models.UUIDField(db_index=True, default=uuid.uuid4)
        ),
        migrations.AddField(
            model_name="datakey", name="wrapped_by", field=models.CharField(default="", max_length=16)
        ),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
    ]
