"""The libraries of the system that WeasyPrint loads: looked for before anything else, installed where we may."""

import ctypes
import os
import shutil
import subprocess

from portal.launch import console
from portal.launch.console import LaunchError

# Name for the dynamic loader, and the Debian package it comes in.
NEEDED = {
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libfontconfig.so.1": "libfontconfig1",
}
FASTER = {"libharfbuzz-subset.so.0": "libharfbuzz-subset0"}  # without it WeasyPrint falls back to a slower way


def missing(libraries: dict[str, str]) -> list[str]:
    """The packages of those libraries that this machine cannot load."""
    packages = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    return packages


def ensure() -> str:
    """Installs what is missing where that needs no password; returns a remark for the console.

    Errors: LaunchError with the exact command to type when a library is missing that we may not install.
    """
    needed, faster = missing(NEEDED), missing(FASTER)
    if not needed and not faster:
        return ""
    installer = apt_get()
    if installer and apt_install(installer, needed + faster) and not missing(NEEDED):
        return "installed " + " ".join(needed + faster)
    if installer and needed and apt_install(installer, needed) and not missing(NEEDED):
        return "installed " + " ".join(needed)
    if not needed:
        return f"slower without {' '.join(faster)}"
    raise LaunchError(
        "The PDF engine needs libraries of the system that are not there. Type this, then start again:\n\n"
        f"    {command(needed + faster)}\n"
    )


def command(packages: list[str]) -> str:
    """What an administrator types to install the packages."""
    if shutil.which("apt-get"):
        return f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
    if shutil.which("dnf"):
        return "sudo dnf install -y pango harfbuzz fontconfig"
    return "install Pango 1.44 or newer with its FreeType part, HarfBuzz and Fontconfig by your system's package tool"


def apt_get() -> list[str]:
    """The beginning of an apt-get command that asks for no password; empty where there is none."""
    if not shutil.which("apt-get"):
        return []
    if os.getuid() == 0:
        return ["apt-get"]
    may = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n", "apt-get"] if may and may.returncode == 0 else []


def apt_install(installer: list[str], packages: list[str]) -> bool:
    """Installs Debian packages, with fresh lists if need be; returns whether that succeeded."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = [*installer, "install", "-y", "--no-install-recommends", *packages]
    for attempt in (install, [*installer, "update"], install):
        try:
            console.run(attempt, env=environment)
        except LaunchError:
            continue
        if attempt is install:
            return True
    return False
