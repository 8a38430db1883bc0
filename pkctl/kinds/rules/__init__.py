"""What the API refuses of the kinds that hold a pod template, one module per room, imported by the room when something is written.

Not here: rules shared by all kinds (`generic`, `checks`), rules of a PodSpec (`podspec.validation`), and what a read needs (the rooms).
"""
