"""Papers, people and pens for tests of electronic signatures."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from typing import Any

import pikepdf
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields as hanko_fields
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.documents import rendering
from portal.signing import actions
from portal.signing.authority import make_authority
from portal.signing.fields import Place, prepare
from portal.signing.models import SigningIdentity
from portal.signing.stamps import Card, stamps_pdf
from tests.portal.documents.papers import VERIFY, envelope

PASSPHRASE = "kuda terbang di bukit merah"
FIELDS = ("ttd-pihak-1", "ttd-pihak-2", "ttd-saksi-1")
"""Fields of three of the four signers of the sample contract, named as their places in the paper."""


def identity_of(user: Any, passphrase: str = PASSPHRASE) -> SigningIdentity:
    """A certificate of the tests' authority for this person."""
    make_authority("Otoritas Uji")
    return actions.issue_identity(user, passphrase, by=user)


@cache
def plain_paper() -> bytes:
    """The sample of an employment contract, as the press prints it."""
    return rendering.press().render(envelope("kontrak_tpl"), VERIFY).content


def places() -> list[Place]:
    """The boxes as places."""
    return [Place(name, name, 62, 24, f"Tanda tangan orang ke-{number}") for number, name in enumerate(FIELDS, 1)]


@cache
def prepared_paper() -> bytes:
    """The paper with its empty fields."""
    return prepare(plain_paper(), places())


@cache
def stamps() -> bytes:
    """Three stamps."""
    return stamps_pdf(
        [Card(f"Orang {n}", "Kepala Dinas", "Sertifikat portal (tidak tersertifikasi)", "7K3QM-9XPA2",
              f"{VERIFY}/v/7K3QM-9XPA2/") for n in (1, 2, 3)]
    )  # fmt: skip


def sign(content: bytes, user: Any, number: int = 1, **changes: Any) -> actions.Signed:
    """Sign field `number` (from 1) as this person."""
    values: dict[str, Any] = {
        "passphrase": PASSPHRASE, "field": FIELDS[number - 1], "stamp": stamps(), "stamp_page": number - 1,
        "first": number == 1, "reason": "Menandatangani naskah", "location": "Atambua",
    }  # fmt: skip
    return actions.sign(content, user=user, **{**values, **changes})


def paint_over(content: bytes) -> bytes:
    """The file with something appended that draws over its first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    from pyhanko.pdf_utils import generic

    stream = generic.StreamObject(stream_data=b"q 1 0 0 rg 100 400 200 40 re f Q")
    writer.add_stream_to_page(0, writer.add_object(stream))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def marks(content: bytes) -> dict[str, Any]:
    """What makes a PDF archival and accessible: the same before and after a signature."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        kinds = [str(item.get("/S", "")) for item in pdf.objects
                 if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == pikepdf.Name.StructElem]  # fmt: skip
        return {
            "pdfa": ('part="3"' in xmp and 'conformance="U"' in xmp)
            or ("<pdfaid:part>3" in xmp and "<pdfaid:conformance>U" in xmp),
            "pdfua": 'pdfuaid:part="1"' in xmp or "<pdfuaid:part>1" in xmp,
            "marked": bool(pdf.Root.MarkInfo.Marked),
            "language": str(pdf.Root.Lang),
            "title": str(pdf.docinfo.Title),
            "shows_title": bool(pdf.Root.ViewerPreferences.DisplayDocTitle),
            "attachments": {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()},
            "intents": len(pdf.Root.OutputIntents),
            "structure": sorted(kinds),
            "pages": [page.Contents.read_bytes() for page in pdf.pages],
        }


class Stranger:
    """An authority the portal does not know, and people with its certificates."""

    def __init__(self, name: str = "OSD LU Kelas 2", person: str = "Pejabat Contoh") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate(name, self.key, name, self.key, ca=True)
        self._pens: dict[tuple[str, str], signers.SimpleSigner] = {}
        self._person = person

    def _pen(self, person: str, nik: str) -> signers.SimpleSigner:
        """The certificate of that person with its key, issued when it is first asked for."""
        if (person, nik) not in self._pens:
            self._pens[person, nik] = self._issued(person, nik)
        return self._pens[person, nik]

    def _issued(self, person: str, nik: str) -> signers.SimpleSigner:
        own = ec.generate_private_key(ec.SECP256R1())
        issuer = str(self.root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        certificate = _certificate(person, own, issuer, self.key, ca=False, nik=nik)
        registry = SimpleCertificateStore()
        loaded = [
            asn1.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in (certificate, self.root)
        ]
        registry.register_multiple(loaded)
        der = own.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return signers.SimpleSigner(
            signing_cert=loaded[0], signing_key=keys.PrivateKeyInfo.load(der), cert_registry=registry
        )

    @property
    def root_pem(self) -> bytes:
        """The authority's certificate."""
        return self.root.public_bytes(serialization.Encoding.PEM)

    def sign(
        self, content: bytes, field: str, box: tuple[int, int, int, int] | None = None, page: int = 0, *,
        person: str = "", nik: str = "",
    ) -> bytes:  # fmt: skip
        """The file with that person's signature: in an empty field, or with `box` in a new one as BSrE does."""
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        spec = None
        if box:
            spec = hanko_fields.SigFieldSpec(field, on_page=page, box=box)
        meta = signers.PdfSignatureMetadata(field_name=field, subfilter=hanko_fields.SigSeedSubFilter.PADES)
        out = io.BytesIO()
        signers.PdfSigner(meta, signer=self._pen(person or self._person, nik), new_field_spec=spec).sign_pdf(
            writer, output=out
        )
        return out.getvalue()


def _certificate(
    name: str, key: Any, issuer: str, issuer_key: Any, *, ca: bool, nik: str = ""
) -> x509.Certificate:  # fmt: skip
    now = dt.datetime.now(dt.UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only", "decipher_only"), False
    )

    def named(text: str, number: str = "") -> x509.Name:
        parts = [(NameOID.COMMON_NAME, text), *([(NameOID.SERIAL_NUMBER, number)] if number else [])]
        return x509.Name([x509.NameAttribute(*part) for part in parts])

    return (
        x509.CertificateBuilder(named(issuer), named(name, nik), key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, **usage), critical=True
        )
        .sign(issuer_key, hashes.SHA256())
    )
