"""Groups of account codes that budget lines of an IKM program begin with: hints while typing, no closed list.

Source: Kepmendagri 050-5889/2021 and its updates (kode rekening belanja daerah).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACCOUNT_GROUPS = (
    ("5.1.01", _("Belanja pegawai")),
    ("5.1.02.01", _("Belanja barang")),
    ("5.1.02.02", _("Belanja jasa")),
    ("5.1.02.03", _("Belanja pemeliharaan")),
    ("5.1.02.04", _("Belanja perjalanan dinas")),
    ("5.1.02.05", _("Belanja uang/jasa untuk pihak ketiga atau masyarakat")),
    ("5.1.05", _("Belanja hibah")),
    ("5.1.06", _("Belanja bantuan sosial")),
    ("5.2.01", _("Belanja modal tanah")),
    ("5.2.02", _("Belanja modal peralatan dan mesin")),
    ("5.2.03", _("Belanja modal gedung dan bangunan")),
    ("5.2.04", _("Belanja modal jalan, jaringan, dan irigasi")),
    ("5.2.05", _("Belanja modal aset tetap lainnya")),
)
