"""Identity: who somebody is, how he or she logs in. What one may do comes from positions (hats), kept elsewhere."""
