"""Addresses of messages."""

from __future__ import annotations

from django.urls import path

from portal.outbox.views import inbox, outbox

urlpatterns = [
    path("pesan/", outbox.outbox, name="outbox"),
    path("pesan/lepas/", outbox.outbox_release, name="outbox_release"),
    path("pesan/untuk-saya/", inbox.inbox, name="inbox"),
    path("pesan/untuk-saya/<int:pk>/", inbox.inbox_message, name="inbox_message"),
    path("pesan/untuk-saya/<int:pk>/dibaca/", inbox.inbox_read, name="inbox_read"),
    path("pesan/<int:pk>/", outbox.outbox_message, name="outbox_message"),
    path("pesan/<int:pk>/lampiran/<int:file_id>/", outbox.message_file, name="message_file"),
    path("pesan/<int:pk>/<slug:step>/", outbox.outbox_step, name="outbox_step"),
]
