"""Identity: who somebody is and how he or she logs in. What the person may do comes from positions (hats), kept elsewhere."""
