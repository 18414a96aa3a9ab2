"""The page of the door as the server gives it: who gets it, what it holds, what makes it work without a link."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from rakor.models import AttendanceList
from rakor.views import door as views
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast):
    """An edition that is scheduled, without lists yet."""
    return factories.make_programme(factories.make_meeting(status="terjadwal"))


def address(meeting, name: str = "door") -> str:
    return reverse(name, args=[meeting.slug])


def setup_in(response) -> dict:
    """What the page tells its scripts."""
    text = re.search(r'<script id="door-setup" type="application/json">(.*?)</script>', response.text).group(1)
    return json.loads(text)


def test_without_lists_it_leads_to_the_button_that_makes_them(cast, client_of, meeting):
    client = client_of(cast.panitia)
    assert f'action="{address(meeting, "attendance_prepare")}"' in client.get(address(meeting)).text
    client.post(address(meeting, "attendance_prepare"))
    setup = setup_in(client.get(address(meeting)))
    assert [each["label"] for each in setup["lists"]][:2] == ["Pagi · Rabu, 24 April", "Siang · Rabu, 24 April"]
    assert all(client.get(each["url"]).status_code == 200 for each in setup["lists"])


@pytest.mark.parametrize("name", ("door", "door_manifest"))
def test_only_the_committee_has_a_door(cast, client_of, meeting, name):
    AttendanceList.objects.create(meeting=meeting, on=meeting.starts_on, half="pagi")
    for who in ("operator_belu", "kadis_prov", "observer", "stranger"):
        assert client_of(cast[who]).get(address(meeting, name)).status_code == 403
    for who in ("panitia", "notulis", "kabid"):
        assert client_of(cast[who]).get(address(meeting, name)).status_code == 200
    assert client_of().get(address(meeting, name)).status_code == 302


def test_the_page_may_use_the_camera_and_nothing_else(cast, client_of, meeting, assert_queries):
    AttendanceList.objects.create(meeting=meeting, on=meeting.starts_on, half="pagi")
    client = client_of(cast.panitia)
    client.get(address(meeting))
    with assert_queries(5):
        page = client.get(address(meeting))
    assert page["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"
    assert "script-src" not in page["Content-Security-Policy"]  # scripts of this site only, as everywhere
    factories.make_meeting(slug="lain")
    AttendanceList.objects.create(meeting=meeting, on=meeting.starts_on, half="siang")
    with assert_queries(5):
        client.get(address(meeting))


def test_an_edition_that_is_over_says_so(cast, client_of):
    over = factories.make_meeting(status="selesai")
    AttendanceList.objects.create(meeting=over, on=over.starts_on, half="pagi")
    page = client_of(cast.panitia).get(address(over)).text
    assert "Daftar hadir dibuka bila rakor sudah terjadwal." in page and "door-setup" not in page


def test_a_draft_of_others_is_no_address(cast, client_of):
    assert client_of(cast.panitia).get(reverse("door", args=["tidak-ada"])).status_code == 404


def test_it_can_be_installed(cast, client_of, meeting):
    manifest = client_of(cast.panitia).get(address(meeting, "door_manifest")).json()
    assert manifest["name"] == "Pintu Rakor Atambua 2019"
    assert manifest["start_url"] == manifest["scope"] == address(meeting)
    assert manifest["display"] == "standalone"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"])


def test_the_worker_keeps_every_file_of_the_page(client_of, meeting, cast):
    """A browser asks for it without a session too; a file that the worker forgot would break the page offline."""
    answer = client_of().get(address(meeting, "door_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    told = json.loads(re.match(r"self\.DOOR = (\{.*?\});\n", answer.text).group(1))
    assert told["shell"] == address(meeting) and told["cache"].startswith(f"pintu-{meeting.slug}-")
    AttendanceList.objects.create(meeting=meeting, on=meeting.starts_on, half="pagi")
    page = client_of(cast.panitia).get(address(meeting))
    used = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text)) | {setup_in(page)["decoder"]}
    assert used - {"/static/img/door-192.png"} <= set(told["assets"])  # the icon of the phone's own screen
    assert all(finders.find(name) for name in views.ASSETS)
    assert "/static/vendor/qr/index.js" in told["assets"]


def test_the_scripts_know_every_phrase_they_say():
    """`phrase('x')` in a script is a `data-say-x` of the template."""
    template = (views.settings.BASE_DIR / "templates/rakor/door/_phrases.html").read_text()
    known = {
        re.sub(r"-(.)", lambda found: found.group(1).upper(), name)
        for name in re.findall(r"data-say-([a-z-]+)=", template)
    }
    scripts = "".join((views.settings.BASE_DIR / f"static/js/{name}.js").read_text() for name in views.SCRIPTS)
    said = set(re.findall(r"phrase\('([A-Za-z]+)'[,)]", scripts))
    said |= {f"{name}{how}" for name in re.findall(r"told\('(\w+)'\)", scripts) for how in ("", "Empty")}
    assert len(said) > 20 and said <= known
