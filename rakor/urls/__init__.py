"""Addresses of the rakor: one list per aggregate."""

from rakor.urls import meetings, minutes

urlpatterns = [*meetings.urlpatterns, *minutes.urlpatterns]
