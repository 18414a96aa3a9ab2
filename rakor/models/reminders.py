"""Reminders that the committee plans for those who have not answered, and the calendars that people subscribe to."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rakor.models.attendance import Registration
from rakor.models.meetings import Meeting


class Reminder(models.Model):
    """A reminder to the silent on a day: its text was looked at when it was planned, so it leaves by itself."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reminders")
    on = models.DateField(_("tanggal"))
    text = models.TextField(_("isi pengingat"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("dikirim"), null=True, blank=True)
    recipients = models.PositiveSmallIntegerField(_("penerima"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("pengingat")
        verbose_name_plural = _("pengingat")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "on"], name="reminder_once_a_day",
                violation_error_message=_("Sudah ada pengingat untuk hari itu."),
            ),
            models.CheckConstraint(condition=~Q(text=""), name="reminder_has_text"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, recipients__isnull=True)
                | Q(done_at__isnull=False, recipients__isnull=False),
                name="reminder_done_with_recipients",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"


class ToldProgramme(models.Model):
    """What the invited were told of an edition's days and sessions, from when the first letter was sent.

    Shape: `told` and `put` are snapshots (rakor.queries.calendars.snapshot_of); `put` is what unsent messages say, null
    when there are none. `seen` is the fingerprint of the last state that was looked at, `settling` of one that has to
    last for a minute first, so that a planner who moves ten sessions makes one message.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="told_programme")
    told = models.JSONField(default=dict)
    put = models.JSONField(null=True, blank=True)
    seen = models.CharField(max_length=64)
    settling = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("susunan acara yang diberitahukan")
        verbose_name_plural = _("susunan acara yang diberitahukan")

    def __str__(self) -> str:
        return str(self.meeting)


def new_key() -> str:
    """The secret in the address of a calendar."""
    return secrets.token_urlsafe(24)


class CalendarFeed(models.Model):
    """A calendar that a phone subscribes to: of an account, or of a participant without one. The address is secret."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar"
    )
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(_("terakhir dibaca"), null=True, blank=True)

    class Meta:
        verbose_name = _("kalender langganan")
        verbose_name_plural = _("kalender langganan")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, registration__isnull=True)
                | Q(user__isnull=True, registration__isnull=False),
                name="calendar_feed_of_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.user or self.registration)
