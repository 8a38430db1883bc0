"""`kustomize build`: a directory with a kustomization becomes a list of objects, as kubectl's kustomize 5.8 makes them.

`building` is the way in. Each step is a module of its own: `files` (what may be read), `repositories` (what git fetches),
`kustomizations` (the file and its errors), `nodes` (an object on its way), `generating`, `patching`, `transforming`, `replacing`,
`references` (names that follow renamed objects), `ordering`. What kustomize can do and this can't is refused by name
(`kustomizations.REFUSED`).
Not here: flags and output (cli/kustomize), what an object means (api). Imported by cli alone, and only for `kustomize` and `-k`.
"""
