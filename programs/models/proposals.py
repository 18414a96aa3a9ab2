"""A proposal (usulan program) of a regency for year N+1, its cost lines, shares of funding and indicators.

A draft may be incomplete: what must be there before it is sent is the self-check's business, not the database's. What
is there must be possible: money and people are never negative, months are months, a rank is held once.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, F, Q
from django.db.models.functions import Cast, Round
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.kernel.workflow import Status
from programs import rules
from programs.models.price_key import stored_price_key
from programs.models.reference import FundingSource, HelpKind, Kbli, Sector, SubActivity, Tag
from programs.rules import AGREED, AT_DESK, BEFORE_SENDING, DECIDED, RETURNED, WRITABLE
from programs.workflow import PROPOSAL
from regencies.models import Regency
from regencies.rules import regency_ids

LARGEST_RUPIAH = 10**15
MONTH = [MinValueValidator(1), MaxValueValidator(12)]


def told(*statuses: str, path: str = "") -> Q:
    """Proposals that have one of these statuses as the province is told them (`Proposal.told_state`).

    `path` leads to the proposals from the rows that are asked: "proposals__".
    """
    has, never_sent = f"{path}status__in", f"{path}sent_at__isnull"
    own = [status for status in statuses if status in BEFORE_SENDING]
    found = Q(**{has: [status for status in statuses if status not in own]}) | Q(**{has: own, never_sent: True})
    return found | Q(**{has: BEFORE_SENDING, never_sent: False}) if RETURNED in statuses else found


class ProposalQuerySet(models.QuerySet):
    """Rows of proposals."""

    def visible_to(self, user: Any) -> ProposalQuerySet:
        """A regency sees all of its own; the province and observers what was ever sent to them, never a first draft."""
        own = Q(regency__in=regency_ids(user)) if regency_ids(user) else Q(pk__in=[])
        sent = Q(sent_at__isnull=False) if rules.province_readers(user) else Q(pk__in=[])
        return self.filter(own | sent)

    def kept(self) -> ProposalQuerySet:
        """Those not thrown away."""
        return self.filter(deleted_at__isnull=True)

    def received(self) -> ProposalQuerySet:
        """Those that were sent to the province, also the returned ones, and not withdrawn since."""
        return self.filter(sent_at__isnull=False).exclude(status="ditarik")

    def agreed(self) -> ProposalQuerySet:
        """Those the rakor agreed, as proposed or with changes."""
        return self.filter(status__in=AGREED)

    def in_paper_order(self) -> ProposalQuerySet:
        """By regency and priority, as every paper and every table of one year lists them."""
        return self.order_by("regency__code", F("rank").asc(nulls_last=True), "number")


class Proposal(models.Model):
    """One proposal. `rank` orders a regency's proposals of a year; `number` is never given again.

    `budget_rupiah` and `other_rupiah` are the sums of the cost lines in and outside the budget, kept by the verbs on
    lines; `change` rises with every change of the proposal or anything in it: pollers and late writers compare it.
    """

    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("kabupaten/kota")
    )
    year = models.PositiveSmallIntegerField(_("tahun anggaran"))
    number = models.PositiveSmallIntegerField(_("nomor usulan"))
    rank = models.PositiveSmallIntegerField(_("prioritas"), null=True, blank=True)
    title = models.CharField(_("judul"), max_length=250, blank=True)
    sub_activity = models.ForeignKey(
        SubActivity, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sub-kegiatan")
    )
    help_kind = models.ForeignKey(
        HelpKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("jenis kegiatan")
    )
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sektor industri")
    )
    product = models.CharField(_("produk"), max_length=150, blank=True)
    kbli = models.ForeignKey(
        Kbli, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("KBLI")
    )
    district = models.CharField(_("kecamatan"), max_length=80, blank=True)
    village = models.CharField(_("desa/kelurahan"), max_length=80, blank=True)
    address = models.CharField(_("alamat lokasi"), max_length=250, blank=True)
    latitude = models.DecimalField(
        _("lintang"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("bujur"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    center = models.CharField(_("sentra IKM"), max_length=150, blank=True)
    ikm_count = models.PositiveIntegerField(_("IKM penerima"), null=True, blank=True)
    group_count = models.PositiveIntegerField(_("kelompok penerima"), null=True, blank=True)
    male_workers = models.PositiveIntegerField(_("tenaga kerja laki-laki"), null=True, blank=True)
    female_workers = models.PositiveIntegerField(_("tenaga kerja perempuan"), null=True, blank=True)
    background = models.TextField(_("latar belakang"), max_length=8000, blank=True)
    problem = models.TextField(_("permasalahan"), max_length=8000, blank=True)
    purpose = models.TextField(_("maksud dan tujuan"), max_length=8000, blank=True)
    method = models.TextField(_("cara pelaksanaan"), max_length=8000, blank=True)
    executor = models.CharField(_("pelaksana dan penanggung jawab"), max_length=200, blank=True)
    policy_support = models.TextField(
        _("dukungan kebijakan"), max_length=2000, blank=True, help_text=_("RPIK, RPJMD, prioritas provinsi.")
    )
    special_note = models.TextField(_("catatan rezim khusus"), max_length=2000, blank=True)
    starts_month = models.PositiveSmallIntegerField(_("bulan mulai"), null=True, blank=True, validators=MONTH)
    ends_month = models.PositiveSmallIntegerField(_("bulan selesai"), null=True, blank=True, validators=MONTH)
    tags = models.ManyToManyField(Tag, blank=True, related_name="+", verbose_name=_("tanda"))

    status = models.CharField(_("status"), max_length=20, choices=PROPOSAL.choices, default=PROPOSAL.initial)
    budget_rupiah = models.BigIntegerField(_("pagu usulan"), default=0)
    other_rupiah = models.BigIntegerField(_("nonanggaran"), default=0)
    agreed_rupiah = models.BigIntegerField(_("pagu disepakati"), null=True, blank=True)
    score = models.DecimalField(_("nilai"), max_digits=6, decimal_places=2, null=True, blank=True)
    change = models.PositiveIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(_("dikirim ke provinsi"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("disetujui dan dikirim oleh"),
    )  # fmt: skip
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("verifikator"),
    )  # fmt: skip
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("penulis"))
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name=_("disalin dari")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dibuat oleh")
    )
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    deleted_at = models.DateTimeField(_("dibuang"), null=True, blank=True)
    client_key = models.UUIDField(
        null=True,
        unique=True,
        editable=False,
        help_text="Made with the form or the file row: sent twice is one proposal.",
    )

    objects = ProposalQuerySet.as_manager()

    TEXT_FIELDS = (
        "title", "product", "district", "village", "address", "center", "background", "problem", "purpose", "method",
        "executor", "policy_support", "special_note",
    )  # fmt: skip
    NUMBER_FIELDS = (
        "latitude", "longitude", "ikm_count", "group_count", "male_workers", "female_workers", "starts_month",
        "ends_month",
    )  # fmt: skip
    CHOICE_FIELDS = ("sub_activity", "help_kind", "sector", "kbli")
    FIELDS = (*TEXT_FIELDS, *NUMBER_FIELDS, *CHOICE_FIELDS)
    """What a regency fills in, beside tags, indicators, cost lines, shares and files."""

    class Meta:
        verbose_name = _("usulan program")
        verbose_name_plural = _("usulan program")
        ordering = ["regency__code", "year", F("rank").asc(nulls_last=True), "number"]
        constraints = [
            models.UniqueConstraint(fields=["regency", "year", "number"], name="proposal_number_once"),
            models.UniqueConstraint(
                fields=["regency", "year", "rank"], name="proposal_rank_once", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1), name="proposal_rank_from_one"
            ),
            models.CheckConstraint(
                condition=Q(starts_month__isnull=True) | Q(starts_month__range=(1, 12)), name="proposal_starts_in_month"
            ),
            models.CheckConstraint(
                condition=Q(ends_month__isnull=True) | Q(ends_month__range=(1, 12)), name="proposal_ends_in_month"
            ),
            models.CheckConstraint(
                condition=Q(budget_rupiah__gte=0, other_rupiah__gte=0), name="proposal_money_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["konsep", "menunggu_kadis"]) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="proposal_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DECIDED, agreed_rupiah__isnull=False) & Q(agreed_rupiah__gte=0)
                | ~Q(status__in=DECIDED) & Q(agreed_rupiah__isnull=True),
                name="proposal_decided_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(status="konsep", rank__isnull=True),
                name="proposal_only_drafts_thrown_away",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["year", "status"], name="proposal_by_year"),
            models.Index(fields=["year", "-budget_rupiah", "id"], name="proposal_by_money"),
            models.Index(fields=["verifier", "status"], name="proposal_by_verifier"),
        ]

    def __str__(self) -> str:
        return self.title or _("Usulan tanpa judul %(code)s") % {"code": self.code}

    def get_absolute_url(self) -> str:
        """The page of the proposal."""
        return reverse("proposal", args=[self.pk])

    @property
    def code(self) -> str:
        """What people call it: "BLU-2020-03". Needs `regency`."""
        return f"{self.regency.short or self.regency.code}-{self.year}-{self.number:02d}"

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return PROPOSAL.status(self.status)

    @property
    def told_state(self) -> Status:
        """Status as the province is told it: what was sent once and lies with its regency again is returned."""
        back = self.status in BEFORE_SENDING and self.sent_at is not None
        return PROPOSAL.status(RETURNED) if back else self.state

    @property
    def writable(self) -> bool:
        """Whether its regency may change it now."""
        return self.status in WRITABLE and self.deleted_at is None

    @property
    def decided(self) -> bool:
        """Whether the rakor has decided on it."""
        return self.status in DECIDED

    @property
    def locked(self) -> bool:
        """Whether nobody in the regency may change it any more."""
        return self.status in AT_DESK

    @cached_property
    def author_ids(self) -> frozenset[int]:
        """Everybody who wrote anything in it: none of them may approve it (approver ≠ author)."""
        return frozenset(self.authors.values_list("pk", flat=True))


class RowQuerySet(models.QuerySet):
    """Rows of a proposal that are put aside when they are deleted, so that nobody's words are lost."""

    def kept(self) -> RowQuerySet:
        """Those not deleted."""
        return self.filter(deleted_at__isnull=True)


class Indicator(models.Model):
    """What comes out (keluaran) or what it brings (hasil), with target and unit."""

    class Kind(models.TextChoices):
        OUTPUT = "keluaran", _("Keluaran")
        OUTCOME = "hasil", _("Hasil")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="indicators")
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind, default=Kind.OUTPUT)
    name = models.CharField(_("indikator"), max_length=250, blank=True)
    baseline = models.DecimalField(_("kondisi awal"), max_digits=16, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("satuan"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    version = models.PositiveIntegerField(default=1)
    client_key = models.UUIDField(null=True, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    deleted_at = models.DateTimeField(_("dihapus"), null=True, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = _("indikator")
        verbose_name_plural = _("indikator")
        ordering = ["-kind", "position", "id"]  # keluaran before hasil
        constraints = [models.UniqueConstraint(fields=["proposal", "client_key"], name="indicator_sent_once")]

    def __str__(self) -> str:
        return self.name


class CostLine(models.Model):
    """A line of the RAB. `quantity_text` is what people wrote ("30 orang × 3 hari × 1 keg"), `quantity` its product.

    The amount is computed by the database: rounded to whole rupiah, half away from zero.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    account_code = models.CharField(_("kode rekening"), max_length=30, blank=True)
    description = models.CharField(_("uraian"), max_length=250, blank=True)
    quantity_text = models.CharField(_("volume"), max_length=120, blank=True)
    quantity = models.DecimalField(_("jumlah volume"), max_digits=14, decimal_places=2, default=0)
    unit = models.CharField(_("satuan"), max_length=40, blank=True)
    unit_price_rupiah = models.BigIntegerField(_("harga satuan"), default=0)
    amount_rupiah = models.GeneratedField(
        expression=Cast(Round(F("quantity") * F("unit_price_rupiah")), models.BigIntegerField()),
        output_field=models.BigIntegerField(_("jumlah")), db_persist=True,
    )  # fmt: skip
    source = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sumber dana")
    )
    note = models.CharField(_("keterangan"), max_length=250, blank=True)
    version = models.PositiveIntegerField(default=1)
    client_key = models.UUIDField(null=True, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    deleted_at = models.DateTimeField(_("dihapus"), null=True, blank=True)

    objects = RowQuerySet.as_manager()

    TEXT_FIELDS = ("account_code", "description", "quantity_text", "unit", "unit_price_rupiah", "source", "note")
    """What people fill in."""

    class Meta:
        verbose_name = _("rincian biaya")
        verbose_name_plural = _("rincian biaya")
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["proposal", "position"], name="line_by_proposal"),
            models.Index(stored_price_key(), name="line_by_price_key"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "client_key"], name="line_sent_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, unit_price_rupiah__range=(0, LARGEST_RUPIAH)), name="line_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.description


class Funding(models.Model):
    """One source's share of a proposal: what was proposed, and after the decision what was agreed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="shares")
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="+", verbose_name=_("sumber dana"))
    share_rupiah = models.BigIntegerField(_("pagu usulan"), default=0)
    agreed_rupiah = models.BigIntegerField(_("pagu disepakati"), null=True, blank=True)

    class Meta:
        verbose_name = _("porsi sumber dana")
        verbose_name_plural = _("porsi sumber dana")
        ordering = ["source__position"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "source"], name="share_once_per_source"),
            models.CheckConstraint(
                condition=Q(share_rupiah__range=(0, LARGEST_RUPIAH))
                & (Q(agreed_rupiah__isnull=True) | Q(agreed_rupiah__gte=0)),
                name="share_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.share_rupiah}"
