"""Addresses of the journal."""

from django.urls import path

from portal.journal.views import journal

urlpatterns = [
    path("jurnal/", journal.journal, name="journal"),
    path("jurnal/jurnal.xlsx", journal.journal_excel, name="journal_excel"),
    path("jurnal/jurnal.csv", journal.journal_csv, name="journal_csv"),
    path("jurnal/<int:pk>/", journal.entry, name="journal_entry"),
    path("jurnal/riwayat/<str:kind>/<str:pk>/", journal.history, name="history"),
]
