"""Final minutes are locked by the database itself: neither their head nor any entry changes until they are re-opened."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION minutes_entries_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    target bigint;
    state text;
BEGIN
    FOREACH target IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.minutes_id]
        WHEN 'DELETE' THEN ARRAY[OLD.minutes_id]
        ELSE ARRAY[OLD.minutes_id, NEW.minutes_id] END
    LOOP
        -- The share lock waits for a finalisation that is under way in another transaction.
        SELECT status INTO state FROM rakor_minutes WHERE id = target FOR SHARE;
        IF state = 'final' THEN
            RAISE EXCEPTION 'entries of final minutes are locked' USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER entry_locked BEFORE INSERT OR UPDATE OR DELETE ON rakor_minuteentry
    FOR EACH ROW EXECUTE FUNCTION minutes_entries_locked();

CREATE FUNCTION minutes_head_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'final' AND (TG_OP = 'DELETE' OR (NEW.status = 'final' AND NEW IS DISTINCT FROM OLD)) THEN
        RAISE EXCEPTION 'final minutes are locked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER minutes_locked BEFORE UPDATE OR DELETE ON rakor_minutes
    FOR EACH ROW EXECUTE FUNCTION minutes_head_locked();
"""
BACKWARD = """
DROP TRIGGER minutes_locked ON rakor_minutes;
DROP FUNCTION minutes_head_locked();
DROP TRIGGER entry_locked ON rakor_minuteentry;
DROP FUNCTION minutes_entries_locked();
"""


class Migration(migrations.Migration):
    dependencies = [("rakor", "0004_minutes_of_many_hands")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
