"""What a signature costs: processor time and bytes, on an employment contract of six pages with four signers.

Signing means the whole of `actions.sign`: stretching the passphrase, the signature with its visible stamp, and the
check of all signatures there are. Nothing is rendered for it; the rendering of the same paper stands beside it.
Measured in a throw-away portal with an authority and four people of its own.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

from bench.figures import Figure, seconds

PASSPHRASE = "kuda terbang di bukit merah"  # noqa: S105  of nobody: the portal is thrown away
PLACES = ("ttd-pihak-1", "ttd-pihak-2", "ttd-saksi-1", "ttd-saksi-2")
ROUNDS = 3


def measure() -> list[Figure]:
    """Time and size of one signature, and the times of what surrounds it."""
    from bench.portals import demo_portal

    with demo_portal() as portal:
        portal.run("manage.py", "make_signing_ca", "--verbosity", "0")
        found = portal.timed("bench.signing")
    pages = f"{found['pages']} pages, {found['size'] / 1000:.0f} kB"
    return [
        Figure("one signature with its check", found["sign"], 0.7, " s", f"of it the passphrase {found['open']:.3f} s"),
        Figure("bytes of one signature", found["added"] / 1000, 25, " kB", pages),
        Figure("quick check of four signatures", found["quick"], 0.5, " s", f"full check {found['full']:.1f} s"),
        Figure("fields and stamps at the freeze", found["freeze"], unit=" s", note="for information"),
        Figure("signature ÷ rendering the paper", found["sign"] / found["render"], note=f"{found['render']:.2f} s"),
    ]


def timed() -> dict[str, float]:
    """The figures, from inside the portal."""
    from django.conf import settings

    from portal.accounts.models import User
    from portal.documents import rendering
    from portal.documents.facts import Envelope
    from portal.signing import actions, authority, checking
    from portal.signing.fields import Place, prepare
    from portal.signing.models import SigningIdentity
    from portal.signing.stamps import Card, stamps_pdf

    rendering.preload()
    sample = json.loads((rendering.TEMPLATES / "kontrak_tpl" / "v1" / "sample.json").read_text())
    envelope = Envelope("kontrak_tpl", 1, "A4", sample)
    paper = rendering.press().render(envelope, settings.PUBLIC_URL)
    people = list(User.objects.order_by("pk")[: len(PLACES)])
    for person in people:
        actions.issue_identity(person, PASSPHRASE, by=person)
    cards = [Card(person.display_name, "Kepala Dinas", "Sertifikat portal", "7K3QM-9XPA2", "x") for person in people]
    places = [Place(name, name, 62, 24, name) for name in PLACES]
    begin = time.process_time()
    prepared, stamps = prepare(paper.content, places), stamps_pdf(cards)
    freeze = time.process_time() - begin
    times, sizes, content = [], [], prepared
    for _round in range(ROUNDS):
        content = prepared
        for number, person in enumerate(people):
            begin = time.process_time()
            done = actions.sign(
                content, user=person, passphrase=PASSPHRASE, field=PLACES[number], stamp=stamps, stamp_page=number,
                first=number == 0, reason="Menandatangani kontrak", location="Atambua",
            )  # fmt: skip
            times.append(time.process_time() - begin)
            sizes.append(len(done.content) - len(content))
            content = done.content
    row = SigningIdentity.objects.of(people[0])
    return {
        "pages": paper.pages,
        "size": len(content),
        "render": statistics.median(
            seconds(lambda: rendering.press().render(envelope, settings.PUBLIC_URL)) for _round in range(ROUNDS)
        ),
        "freeze": freeze,
        "sign": statistics.median(times),
        "open": seconds(lambda: authority.open_key(row.private_key, row.serial, PASSPHRASE)),
        "added": statistics.median(sizes),
        "quick": statistics.median(seconds(lambda: checking.check(content)) for _round in range(ROUNDS)),
        "full": seconds(lambda: checking.check(content, full=True)),
    }


if __name__ == "__main__":
    import django

    django.setup()
    import portal.celery  # noqa: F401  the queue

    json.dump(timed(), sys.stdout)
    print()
