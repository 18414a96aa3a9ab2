"""Plain Python without Django: decisions, workflows, money, dates, text. Nothing here knows a database or a request."""
