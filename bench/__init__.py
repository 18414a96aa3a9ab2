"""Speed and size against the targets of the issue: `python -m bench [part …]`, or `make bench`."""
