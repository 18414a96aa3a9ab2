"""Signs with a certificate of the portal's own authority: PAdES B-B, appended to the file (pyHanko)."""

from __future__ import annotations

import io

from asn1crypto import keys, pem, x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyHankoError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signing import authority
from portal.signing.backends.base import Sheet, WrongPassphrase
from portal.signing.errors import SigningError
from portal.signing.models import SigningIdentity

FILLING = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID,
    y_align=AxisAlignment.ALIGN_MID,
    margins=Margins.uniform(0),
    inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
)
"""The stamp fills its field: both are made to the same measure."""


class StampPage(PdfContent):
    """One page of a PDF in memory as appearance (pyHanko's own class wants a file)."""

    def __init__(self, content: bytes, page: int) -> None:
        self._content, self._page = content, page
        super().__init__()

    def render(self) -> bytes:
        """The drawing command; the page becomes a resource."""
        stamp = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._content)), self._page)
        self.set_resource(category=ResourceType.XOBJECT, name="/Tera", value=stamp)
        left, bottom, right, top = stamp.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Tera Do"


class LocalPen:
    """An opened key of a person. Lives as long as one signing."""

    def __init__(self, certificate: str, key: bytes) -> None:
        own = x509.Certificate.load(pem.unarmor(certificate.encode())[2])
        registry = SimpleCertificateStore()
        registry.register(own)
        if root := authority.authority_certificate():
            registry.register(x509.Certificate.load(root.public_bytes(Encoding.DER)))
        self._signer = signers.SimpleSigner(
            signing_cert=own, signing_key=keys.PrivateKeyInfo.load(key), cert_registry=registry
        )

    def sign(self, sheet: Sheet) -> bytes:
        """The PDF with the signature appended.

        Errors: SigningError when the field is not there or not empty, or the file is broken.
        """
        style = StaticStampStyle(
            border_width=0,
            background=StampPage(sheet.stamp, sheet.stamp_page),
            background_layout=FILLING,
            background_opacity=1,
        )
        meta = signers.PdfSignatureMetadata(
            field_name=sheet.field,
            certify=sheet.certify,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            name=sheet.name,
            reason=sheet.reason,
            location=sheet.location,
        )
        out = io.BytesIO()
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(sheet.content))
            signer = signers.PdfSigner(meta, signer=self._signer, stamp_style=style)
            signer.sign_pdf(writer, existing_fields_only=True, output=out)
        except (PyHankoError, PdfError) as error:
            raise SigningError(
                _("Naskah tidak dapat ditandatangani di tempat itu: kolomnya sudah terisi atau berkasnya rusak.")
            ) from error
        return out.getvalue()


class LocalBackend:
    """Certificates of the portal."""

    kind = "lokal"

    def open(self, identity: SigningIdentity, passphrase: str) -> LocalPen:
        """The pen of this person.

        Errors: WrongPassphrase.
        """
        key = authority.open_key(identity.private_key, identity.serial, passphrase)
        if key is None:
            raise WrongPassphrase
        return LocalPen(identity.certificate, key)

    def confirm(self, content: bytes, field: str) -> None:
        """Nothing more to ask: the portal's own check is the check."""
