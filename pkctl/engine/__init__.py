"""Runs controllers in write transactions and runtime actions in threads, for whoever holds the lead.

`queue` (which keys are due), `loop` (transactions), `view` (what a controller sees), `agent` (one node's pods), `due` (is
there anything to do? asked without importing the rest). Not here: decisions, which are the controllers'.
"""
