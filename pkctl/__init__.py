"""Kubernetes in one command.

The floor plan is in README.md ("The house"). Packages may import only those to their right:

    __main__ > cli > tui | daemon > server > wiring > engine | client > controllers | runtime | net
             > api > kinds > store | printers > objects > errors
"""
