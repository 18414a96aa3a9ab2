"""Program proposals, decisions, realisation and contracts of the regencies (opens with the next issue)."""
