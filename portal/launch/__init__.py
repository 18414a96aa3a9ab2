"""Everything behind the Makefile: sets the portal up, runs it, tests it. Standard library only up to the virtual
environment; what needs installed packages runs as a process of its own inside it.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older Python does get here, and its user deserves a sentence
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 ...")
