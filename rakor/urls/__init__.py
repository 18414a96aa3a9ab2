"""Addresses of the rakor: one list per aggregate."""

from rakor.urls import agreements, ceremonies, desks, meetings, minutes

urlpatterns = [
    *meetings.urlpatterns, *minutes.urlpatterns, *desks.urlpatterns, *agreements.urlpatterns, *ceremonies.urlpatterns,
]  # fmt: skip
