"""The declaration of a view: who may, and that a GET never writes."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from portal.kernel.decision import deny
from portal.kernel.errors import Denied
from portal.web.access import WritingGet, everyone, page, signed_in


def _nobody(user):
    """Tidak seorang pun."""
    return deny("Ditutup untuk semua.")


def _touch(request):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE regencies_regency SET capital = capital")
    return HttpResponse("ok")


def _request(method="get", user=None, **headers):
    request = getattr(RequestFactory(headers=headers), method)("/halaman/?a=1")
    request.user = user or AnonymousUser()
    request.htmx = False
    return request


def test_a_page_either_reads_or_writes():
    for both in (True, False):
        with pytest.raises(TypeError):
            page(who=everyone, reads=both, writes=both)


@pytest.mark.django_db
def test_a_get_that_writes_fails_also_in_a_writing_view():
    view = page(who=everyone, writes=True)(_touch)
    with pytest.raises(WritingGet):
        view(_request())
    assert view(_request("post")).content == b"ok"


def test_a_reading_view_refuses_post():
    view = page(who=everyone, reads=True)(lambda request: HttpResponse("ok"))
    assert view(_request("post")).status_code == 405
    assert view(_request("get")).status_code == 200


def test_strangers_go_to_the_login_and_come_back():
    view = page(who=signed_in, reads=True)(lambda request: HttpResponse("ok"))
    response = view(_request())
    assert response.status_code == 302
    assert response.url.endswith("?next=/halaman/%3Fa%3D1")


def test_a_script_learns_that_the_session_is_over():
    view = page(who=signed_in, reads=True)(lambda request: HttpResponse("ok"))
    response = view(_request(**{"X-Requested-With": "fetch"}))
    assert (response.status_code, response.headers["X-Login-Required"]) == (401, "1")


@pytest.mark.django_db
def test_a_refusal_is_a_sentence(cast):
    view = page(who=_nobody, reads=True)(lambda request: HttpResponse("ok"))
    with pytest.raises(Denied, match=r"Ditutup untuk semua\."):
        view(_request(user=cast.panitia))
