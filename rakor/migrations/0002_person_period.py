"""A part's copy of its session's period is kept true by the database: change the session, and the copy follows."""

from django.db import migrations

FORWARD = """
ALTER TABLE rakor_sessionperson ADD CONSTRAINT session_person_period
    FOREIGN KEY (session_id, starts_at, ends_at) REFERENCES rakor_session (id, starts_at, ends_at)
    ON UPDATE CASCADE ON DELETE CASCADE;
"""
BACKWARD = "ALTER TABLE rakor_sessionperson DROP CONSTRAINT session_person_period;"


class Migration(migrations.Migration):
    dependencies = [("rakor", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
