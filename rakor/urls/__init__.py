"""Addresses of the rakor: one list per aggregate."""

from rakor.urls import agreements, desks, meetings, minutes

urlpatterns = [*meetings.urlpatterns, *minutes.urlpatterns, *desks.urlpatterns, *agreements.urlpatterns]
