"""`python3 -m portal.launch COMMAND`: what the Makefile calls."""

import sys
from importlib import import_module

from portal.embedded import EmbeddedError
from portal.launch import layout
from portal.launch.console import LaunchError, say

COMMANDS = {
    "install": ("install", "install"),
    "run": ("portal_run", "run"),
    "stop": ("portal_run", "stop"),
    "status": ("portal_run", "status"),
    "servers": ("portal_run", "servers"),
    "clean": ("clean", "clean"),
    "test": ("checks", "test"),
    "test-browser": ("checks", "test_browser"),
    "lint": ("checks", "lint"),
    "bench": ("checks", "bench"),
    "requirements": ("checks", "requirements"),
    "messages": ("checks", "messages"),
    "demo": ("demo_run", "demo"),
    "scenario": ("scenario_run", "scenario"),
    "demo-jatim": ("scenario_run", "east_java"),
}


def main(arguments: list[str]) -> int:
    """Runs one command; returns the exit status: 0 done, 1 a sentence was printed, 130 interrupted."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        return _help(status=0 if arguments == ["help"] else 2)
    if not sys.platform.startswith("linux"):
        say("The portal runs on Linux (on Windows: inside WSL).")
        return 1
    layout.load_dotenv()
    module, function = COMMANDS[arguments[0]]
    try:
        return getattr(import_module(f"portal.launch.{module}"), function)() or 0
    except (LaunchError, EmbeddedError) as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def _help(status: int) -> int:
    say("Portal rakor: make COMMAND\n")
    for line in (layout.ROOT / "Makefile").read_text().splitlines():
        name, colon, text = line.partition(":")
        if colon and "##" in text:
            say(f"  {name:<14}{text.partition('##')[2].strip()}")
    say("\nBegin with `make run`; it sets everything up by itself. README.md tells the rest.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
