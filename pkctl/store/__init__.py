"""A revisioned log of (key, text), on SQLite by the standard library or on any SQLAlchemy engine.

Knows keys, text and revisions; knows nothing of Kubernetes. The protocol is `base`; the logic and statements are `sql`;
`sqlite` and `alchemy` run them; `schema` defines and migrates the tables; `lead` elects. May import `pkctl.errors` only.
"""
