"""Tables and dicts to text: table, json, yaml, kyaml, name, jsonpath, custom-columns, go-template, and the tab writer.

Not here: any kind's columns or describe text (those live in the kind's room). May import `pkctl.objects` and `pkctl.errors`.
"""
