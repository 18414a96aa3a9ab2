"""One rule for what was sent and lies with its regency again: to the province it is returned, whatever its own status.

Submitted to the head anew it is "menunggu kadis", taken back from him "konsep": that is the regency's own business.
"""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from openpyxl import load_workbook

from programs.actions.verification import assign
from programs.models import Proposal
from programs.queries.comparison import years
from programs.queries.progress import progress
from programs.queries.rounds import rounds_listed
from programs.queries.verification import Wanted, choices_of, counts, progress_by_regency, queue
from tests.factories_programs import make_proposal, make_round, sector

OWN = ("konsep", "menunggu_kadis")


@pytest.fixture(params=OWN)
def row(request, cast):
    """A proposal that was returned and has this status now, with another title and sector; others were never sent."""
    found = make_proposal(status="dikembalikan", title="Seperti dikirim")
    found.status = request.param
    Proposal.objects.filter(pk=found.pk).update(status=found.status, title="Sedang ditulis", sector=sector("garam"))
    for status in OWN:
        make_proposal("53.08", status=status, title="Belum dikirim")
    found.refresh_from_db()
    return found


def words(answer) -> str:
    assert answer.status_code == 200
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    return " ".join(strip_tags(main.group() if main else answer.content.decode()).split())


def excel(answer) -> list[tuple]:
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=2, values_only=True))


def test_the_queue_holds_it_as_returned(cast, client_of, row):
    assert list(queue(cast.kabid, Wanted(2020))) == [row]
    assert list(queue(cast.kabid, Wanted(2020, status="dikembalikan", sector="tenun_ikat"))) == [row]
    assert not queue(cast.kabid, Wanted(2020, sector="garam")) and not queue(cast.kabid, Wanted(2020, status="lolos"))
    assert counts(cast.kabid, 2020)["semua"] == 1
    assert [key for key, _name in choices_of(2020)["sector"]] == ["tenun_ikat"]
    client = client_of(cast.kabid)
    assert "Dikembalikan" in words(client.get("/verifikasi/?tahun=2020"))
    assert excel(client.get("/verifikasi/excel/?tahun=2020"))[0][8] == "Dikembalikan"
    assert assign([row], cast.verifikator, by=cast.kabid) == [row]


def test_the_sums_count_it_as_returned(cast, row):
    make_round()
    sums = {each.regency.code: each for each in progress(2020)}
    belu, ende = sums["53.04"], sums["53.08"]
    assert (belu.drafts, belu.waiting, belu.sent, belu.returned) == (0, 0, 1, 1)
    assert (ende.drafts, ende.waiting, ende.sent, ende.returned) == (1, 1, 0, 0)
    assert (belu.state.key, belu.silent) == ("sebagian", False)
    assert rounds_listed()[0].sent == 1
    tiles = {each.code: each.returned for each in progress_by_regency(2020)}
    assert (tiles["53.04"], tiles["53.08"]) == (1, 0)


def test_the_comparison_finds_it_as_returned(cast, client_of, row):
    assert years(cast.observer) == [2020]
    client, asked = client_of(cast.observer), {"tahun": 2020, "status": "dikembalikan"}
    for by in ("regency", "status", "sector", "source", "sub_activity"):
        page = words(client.get(reverse("comparison"), asked | {"menurut": by}))
        table = page.partition("Daftar usulan")[2]
        assert "Seperti dikirim" in table and "Dikembalikan" in table and "Belum dikirim" not in page
        assert "Konsep" not in page and "Menunggu kadis" not in page and "Sedang ditulis" not in page
        assert re.search(r"Pagu disepakati [^0-9]*(Garam|garam)", page) is None
    (line,) = excel(client.get(reverse("comparison_excel"), asked))
    assert (line[3], line[11]) == ("Seperti dikirim", "Dikembalikan")
    assert "Seperti dikirim" not in words(client.get(reverse("comparison"), {"tahun": 2020}))


@pytest.mark.parametrize(
    "path", ["/usulan/{}/", "/verifikasi/{}/", "/usulan/{}/lampiran/", "/usulan/{}/periksa/", "/usulan/{}/versi/"]
)
def test_its_pages_say_returned(cast, client_of, row, path):
    for who in ("kabid", "observer"):
        answer = client_of(cast[who]).get(path.format(row.pk))
        if who == "observer" and path.startswith("/verifikasi"):
            assert answer.status_code == 403
            continue
        page = words(answer)
        assert "Konsep" not in page and "Menunggu kadis" not in page and "Sedang ditulis" not in page
        assert "Dikembalikan" in page or "versi" in path
    own = {"konsep": "Konsep", "menunggu_kadis": "Menunggu kadis"}[row.status]
    assert own in words(client_of(cast.kadis_belu).get(f"/usulan/{row.pk}/"))
    assert "Dikembalikan" in words(client_of(cast.kabid).get(f"/usulan/{row.pk}/"))


def test_what_was_never_sent_stays_unknown(cast, client_of, row):
    other = Proposal.objects.filter(title="Belum dikirim").first()
    for path in ("/usulan/{}/", "/verifikasi/{}/"):
        assert client_of(cast.kabid).get(path.format(other.pk)).status_code == 404
