"""Addresses of the rakor: one list per aggregate."""

from rakor.urls import (
    agreements,
    attendance,
    attendance_papers,
    ceremonies,
    desks,
    door,
    invitations,
    letter_texts,
    letters,
    meetings,
    minutes,
    notices,
)

urlpatterns = [
    *meetings.urlpatterns, *minutes.urlpatterns, *desks.urlpatterns, *agreements.urlpatterns, *ceremonies.urlpatterns,
    *letters.urlpatterns, *letter_texts.urlpatterns, *invitations.urlpatterns, *notices.urlpatterns,
    *attendance.urlpatterns, *attendance_papers.urlpatterns, *door.urlpatterns,
]  # fmt: skip
