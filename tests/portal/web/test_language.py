"""Indonesian unless chosen otherwise, whatever the browser says."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_an_english_phone_still_reads_indonesian():
    response = Client(headers={"accept-language": "en"}).get(reverse("account_login"))
    assert response.headers["Content-Language"] == "id"


@pytest.mark.django_db
def test_english_is_a_choice_that_stays():
    client = Client()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert client.get(reverse("account_login")).headers["Content-Language"] == "en"


@pytest.mark.django_db
def test_an_unknown_language_is_ignored():
    client = Client()
    client.cookies["bahasa"] = "xx"
    assert client.get(reverse("account_login")).headers["Content-Language"] == "id"
