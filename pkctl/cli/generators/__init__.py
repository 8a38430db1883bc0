"""The generators of `create KIND NAME`: flags to an object, printed or created. Not here: `create -f`."""
