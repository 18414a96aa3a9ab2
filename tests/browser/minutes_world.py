"""Run as a program in a throw-away portal: makes the cast and one notula to write, and prints its session's number."""

import django

if __name__ == "__main__":
    django.setup()

    from rakor.actions.minutes import start_minutes
    from tests import factories
    from tests.cast import build_cast

    cast = build_cast()
    meeting = factories.make_programme(factories.make_meeting(status="terjadwal"))
    print(start_minutes(meeting.sessions.get(kind="pleno"), by=cast.notulis).session_id)
