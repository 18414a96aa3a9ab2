"""Sample facts and a kind for tests of papers."""

from __future__ import annotations

import copy
import hashlib
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image, ImageDraw

from portal.documents import kinds
from portal.documents.facts import Envelope
from portal.kernel.decision import ALLOW, Decision, deny

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "pdf"
VERIFY = "https://rakor.contoh.go.id"
EMBLEM = "Lambang Provinsi Nusa Tenggara Timur"


def versions(kind: str) -> list[int]:
    """The template versions there are of a kind, the newest last."""
    return sorted(int(folder.name[1:]) for folder in (TEMPLATES / kind).glob("v*"))


@cache
def _sample(kind: str, version: int) -> dict[str, Any]:
    return json.loads((TEMPLATES / kind / f"v{version}" / "sample.json").read_text())


def sample(kind: str, version: int = 0) -> dict[str, Any]:
    """The published example of that kind's facts, free to be changed; of the newest version if none is named."""
    return copy.deepcopy(_sample(kind, version or versions(kind)[-1]))


def envelope(kind: str, paper: str = "A4", template_version: int = 0, **changes: Any) -> Envelope:
    """The sample as an envelope, some facts replaced; in the newest version if none is named."""
    version = template_version or versions(kind)[-1]
    return Envelope(kind, version, paper, {**sample(kind, version), **changes})


def crowned(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with an emblem in every kop; its picture (half transparent, as emblems are) lies where papers look."""
    drawn = io.BytesIO()
    picture = Image.new("RGBA", (500, 600))
    ImageDraw.Draw(picture).polygon([(20, 20), (480, 20), (480, 380), (250, 580), (20, 380)], fill=(20, 60, 140, 255))
    picture.save(drawn, "PNG")
    digest = hashlib.sha256(drawn.getvalue()).hexdigest()
    file = Path(settings.MEDIA_ROOT) / "emblems" / f"{digest}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(drawn.getvalue())
    for head in [facts["letterhead"]] if "letterhead" in facts else facts.get("letterheads", []):
        head["emblem"] = {"sha256": digest, "name": EMBLEM}
    return facts


def only_staff(user: Any, document: Any) -> Decision:
    """Test rule: the committee reads."""
    return ALLOW if user.username == "panitia" else deny("Hanya panitia.")


def panitia_reads(user: Any, documents: Any) -> Any:
    """The same rule over rows."""
    return documents if user.username == "panitia" else documents.none()


AGENDA = kinds.DocumentKind(
    key="agenda",
    version=1,
    title="Susunan Acara",
    may_read=only_staff,
    readable=panitia_reads,
    public_summary=lambda document: [("Kegiatan", document.facts["meeting"])],
)
