"""Electronic signatures: who signs with what, fields in a PDF, back ends that sign, checking. Knows no contracts."""
