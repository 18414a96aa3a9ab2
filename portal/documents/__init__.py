"""Stored facts become PDF bytes, a file with its sha256, and a page where anybody can check them (design §6).

Other apps use `actions.order_document`, `kinds.DocumentKind` with `kinds.register`, `shapes` (what facts look like),
`queries` and the model. Only `rendering` knows WeasyPrint.
"""
