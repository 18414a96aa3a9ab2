"""Messages in the throw-away portal: `python -m tests.portal.outbox.orders VERB …` prints a row number for each."""

from __future__ import annotations

import sys


def put_and_release(names: list[str]) -> list[int]:
    """One released message per name."""
    from portal.accounts.models import User
    from portal.outbox import actions, rules
    from portal.outbox.facts import Part, Recipient
    from portal.outbox.models import Message

    rules.register_keepers(lambda user: rules.allow_if(user.username == "panitia", "-"))
    somebody, _new = User.objects.get_or_create(username="panitia", defaults={"full_name": "Panitia"})
    rows = [
        actions.put(
            somebody, recipient=Recipient(name, name, f"{name}@example.go.id"), part=Part("surat", "Undangan", name),
            by=somebody,
        )
        for name in names
    ]  # fmt: skip
    actions.release(Message.objects.filter(pk__in=[row.pk for row in rows]), by=somebody)
    return [row.pk for row in rows]


def send_again(numbers: list[str]) -> list[int]:
    """These messages after somebody said that they did not arrive."""
    from portal.accounts.models import User
    from portal.outbox import actions, rules
    from portal.outbox.models import Message

    rules.register_keepers(lambda user: rules.allow_if(user.username == "panitia", "-"))
    somebody = User.objects.get(username="panitia")
    return [actions.resend(row, by=somebody).pk for row in Message.objects.filter(pk__in=numbers)]


if __name__ == "__main__":
    import django

    django.setup()
    import portal.celery  # noqa: F401  the queue

    print(*{"put": put_and_release, "again": send_again}[sys.argv[1]](sys.argv[2:]))
