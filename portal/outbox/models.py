"""One message per topic and recipient while it has not left: what it has to say, who reads it, what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.documents.models import Document
from portal.kernel.workflow import Status
from portal.outbox import rules
from portal.outbox.facts import persons_in, subject_of, text_of
from portal.outbox.workflow import DROPPED, FAILED, MESSAGE, OPEN, RELEASED, SENDING, SENT, SHOWN, WAITING


class MessageQuerySet(models.QuerySet):
    """Rows of messages."""

    def visible_to(self, user: Any) -> MessageQuerySet:
        """The keepers see all; everybody else what was released to them."""
        return self if rules.keepers(user) else self.received_by(user)

    def received_by(self, user: Any) -> MessageQuerySet:
        """What this user reads in the portal."""
        mine = Audience.objects.filter(message=OuterRef("pk"), key__in=rules.audiences_of(user))
        return self.filter(Exists(mine), status__in=SHOWN)

    def open_for(self, topic_type: str, topic_id: str, recipient_key: str) -> MessageQuerySet:
        """The message that what is put now joins: at most one."""
        return self.filter(
            topic_type=topic_type, topic_id=topic_id, recipient_key=recipient_key, status__in=OPEN
        )  # fmt: skip


class Message(models.Model):
    """A message. `parts` are keyed sentences (portal.outbox.facts.Part); `version` rises with what it says.

    In the portal it is read from when it was released. E-mail is tried where there is an address and a mail server;
    what somebody copied for WhatsApp stands among its attempts.
    """

    topic_type = models.CharField(max_length=60)
    topic_id = models.CharField(max_length=40)
    topic_label = models.CharField(_("perihal"), max_length=250)
    recipient_key = models.CharField(max_length=80)
    name = models.CharField(_("penerima"), max_length=200)
    email = models.EmailField(_("surel"), blank=True)
    phone = models.CharField(_("telepon/WhatsApp"), max_length=30, blank=True)
    parts = models.JSONField(_("isi"), default=list)
    status = models.CharField(_("status"), max_length=10, choices=MESSAGE.choices, default=MESSAGE.initial)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    changed_at = models.DateTimeField(_("berubah"), default=timezone.now)
    released_at = models.DateTimeField(_("dilepas"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dilepas oleh")
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_at = models.DateTimeField(_("dicoba lagi"), null=True, blank=True)
    hinted_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("terkirim"), null=True, blank=True)
    emailed_at = models.DateTimeField(_("surel diterima server"), null=True, blank=True)
    error = models.TextField(_("sebab kegagalan"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("pesan")
        verbose_name_plural = _("pesan")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic_type", "topic_id", "recipient_key"], name="message_once_while_open",
                condition=Q(status__in=OPEN),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[WAITING, DROPPED]) | Q(released_at__isnull=False), name="message_was_released"
            ),
            models.CheckConstraint(
                condition=~Q(status=SENDING) | Q(claimed_at__isnull=False, attempts__gt=0), name="message_was_claimed"
            ),
            models.CheckConstraint(condition=~Q(status=SENT) | Q(sent_at__isnull=False), name="message_sent_at"),
            models.CheckConstraint(
                condition=Q(status=FAILED) & ~Q(error="") | ~Q(status=FAILED) & Q(error=""),
                name="message_failed_with_reason",
            ),
            models.CheckConstraint(condition=Q(status=DROPPED) | ~Q(parts=[]), name="message_says_something"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["status"], condition=Q(status__in=[RELEASED, SENDING]), name="message_at_work"),
            models.Index(fields=["topic_type", "topic_id", "recipient_key"], name="message_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_label}: {self.name}"[:250]

    def get_absolute_url(self) -> str:
        """The page of the message for its keepers."""
        return reverse("outbox_message", args=[self.pk])

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return MESSAGE.status(self.status)

    @property
    def subject(self) -> str:
        """The subject by e-mail, the title in the portal."""
        return subject_of(self.parts)

    @property
    def text(self) -> str:
        """The whole message as e-mail and WhatsApp carry it."""
        return text_of(self.name, self.parts, site=settings.PUBLIC_URL)

    @property
    def by_email(self) -> bool:
        """Whether e-mail is tried: there is an address and a mail server."""
        return bool(self.email and settings.EMAIL_HOST)

    def people(self) -> list[User]:
        """The accounts that read it in the portal today, by name."""
        keys = list(self.audience.values_list("key", flat=True))
        found = {person.pk: person for person in rules.people_behind(keys)}
        if named := persons_in(keys):
            found |= {person.pk: person for person in User.objects.filter(pk__in=named, is_active=True)}
        return sorted(found.values(), key=lambda person: (person.display_name, person.pk))


class Audience(models.Model):
    """Who reads a message in the portal: a person, a post or an office by its key, so whoever holds it that day."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="audience")
    key = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("alamat di portal")
        verbose_name_plural = _("alamat di portal")
        constraints = [models.UniqueConstraint(fields=["key", "message"], name="message_audience_once")]

    def __str__(self) -> str:
        return self.key


class Reading(models.Model):
    """That somebody put a message aside as read."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(_("dibaca"), default=timezone.now)

    class Meta:
        verbose_name = _("pembaca pesan")
        verbose_name_plural = _("pembaca pesan")
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="message_reader_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.message}"


class Attachment(models.Model):
    """A file that goes with a part by e-mail: a paper of the portal, or bytes."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    part_key = models.CharField(max_length=40)
    name = models.CharField(_("nama berkas"), max_length=150)
    mime = models.CharField(max_length=80)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    content = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("lampiran pesan")
        verbose_name_plural = _("lampiran pesan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "part_key", "name"], name="message_attachment_once"),
            models.CheckConstraint(
                condition=Q(document__isnull=False, content__isnull=True)
                | Q(document__isnull=True, content__isnull=False),
                name="message_attachment_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Attempt(models.Model):
    """One try on one channel. Without an outcome it is running, or its worker was lost."""

    class Channel(models.TextChoices):
        EMAIL = "surel", _("Surel")
        WHATSAPP = "whatsapp", _("WhatsApp")

    class Outcome(models.TextChoices):
        RUNNING = "", _("Sedang dicoba")
        SENT = "terkirim", _("Diterima server")
        FAILED = "gagal", _("Gagal")
        UNCERTAIN = "tak_pasti", _("Tidak pasti")
        COPIED = "disalin", _("Disalin")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tries")
    channel = models.CharField(_("saluran"), max_length=10, choices=Channel)
    address = models.CharField(_("alamat"), max_length=254, blank=True)
    started_at = models.DateTimeField(_("mulai"), default=timezone.now)
    ended_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    outcome = models.CharField(_("hasil"), max_length=10, choices=Outcome, default=Outcome.RUNNING, blank=True)
    answer = models.CharField(_("keterangan"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("percobaan pengiriman")
        verbose_name_plural = _("percobaan pengiriman")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.started_at:%Y-%m-%d %H:%M}"
