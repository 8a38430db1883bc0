"""One pure module per controller: `reconcile(view, key) -> Plan`.

`plan` defines View and Plan, `table` lists the controllers and what wakes them. `pods` (the kubelet's part) and `scheduler`
are of the same make. Not here: stores, clients, threads, clocks. May import `pkctl.kinds` and lower, never `pkctl.api`.
"""
