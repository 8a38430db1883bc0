"""Admission plugins, in the order of `table.PLUGINS`: each may change (admit) or refuse (validate) one request."""
