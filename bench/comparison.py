"""The first page of the comparison with 132 and with 13,200 proposals, in turn, inside a throw-away portal."""

from __future__ import annotations

import json
import statistics
import sys
import time

from bench.figures import Figure

ROUNDS = 25
FEW, MANY = 132, 13_200
YEARS = {FEW: 2031, MANY: 2032}
QUERIES = ("", "&menurut=source", "&sort=money")


def measure() -> list[Figure]:
    """Time with many ÷ time with few, for the plain list and two harder ones."""
    from bench.portals import demo_portal

    with demo_portal() as portal:
        found = portal.timed("bench.comparison")
    return [
        Figure(
            f"comparison{name or ', first page'}: 13.200 ÷ 132 proposals", figure["ratio"], 2.0,
            note=f"{figure['many_ms']:.0f} ms against {figure['few_ms']:.0f} ms; {figure['queries']} queries",
        )
        for name, figure in found.items()
    ]  # fmt: skip


def timed() -> dict[str, dict[str, float]]:
    """The figures, from inside the portal."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from portal.accounts.models import User

    for amount, year in YEARS.items():
        _fill(amount, year)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(User.objects.get(username="verifikator"))
    found = {}
    for more in QUERIES:
        few, many = (f"/banding/?tahun={YEARS[amount]}{more}" for amount in (FEW, MANY))
        asked = []
        for address in (few, many):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            asked.append(len(seen))
        if asked[0] != asked[1]:
            raise RuntimeError(f"{asked[0]} queries became {asked[1]}")
        pairs = [(_seconds(client, few), _seconds(client, many)) for _round in range(ROUNDS)]
        found[more] = {
            "ratio": statistics.median(large / small for small, large in pairs),
            "few_ms": statistics.median(small for small, _large in pairs) * 1000,
            "many_ms": statistics.median(large for _small, large in pairs) * 1000,
            "queries": asked[0],
        }
    return found


def _fill(amount: int, year: int) -> None:
    """That many sent proposals, spread over the regencies, each with one or two sources."""
    from django.utils import timezone

    from portal.accounts.models import User
    from programs.models import Funding, FundingSource, Proposal, Sector, SubActivity
    from regencies.models import Regency

    regencies = list(Regency.objects.visible_to(None).order_by("code"))
    sources = list(FundingSource.objects.filter(in_budget=True))
    sectors, subs = list(Sector.objects.all()), list(SubActivity.objects.filter(level="kabupaten_kota"))
    somebody = User.objects.get(username="kadis-blu")
    rows = Proposal.objects.bulk_create(
        Proposal(
            regency=regencies[n % len(regencies)], year=year, number=n // len(regencies) + 1,
            rank=n // len(regencies) + 1, title=f"Pengembangan sentra IKM {n}", sector=sectors[n % len(sectors)],
            sub_activity=subs[n % len(subs)], status="diajukan", sent_at=timezone.now(), sent_by=somebody,
            budget_rupiah=50_000_000 * (1 + n % 9), score=n % 100,
        )
        for n in range(amount)
    )  # fmt: skip
    Funding.objects.bulk_create(
        Funding(proposal=row, source=sources[n % len(sources)], share_rupiah=row.budget_rupiah)
        for n, row in enumerate(rows)
    )


def _seconds(client: object, url: str) -> float:
    begin = time.perf_counter()
    client.get(url)
    return time.perf_counter() - begin


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(timed(), sys.stdout)
    print()
