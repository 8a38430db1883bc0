"""Kubeconfigs as data: their files, merged, and what their fields may hold. Not here: the commands about them (`config`)."""
