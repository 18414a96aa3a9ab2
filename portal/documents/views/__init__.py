"""Pages of papers: those for who may read them, and the public ones behind the QR code."""
