"""HTTP manners for views: who may, read or write, errors as sentences, htmx, navigation. Knows no domain."""
