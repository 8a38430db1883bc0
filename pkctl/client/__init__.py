"""How commands and screens reach a cluster: `base` is the protocol, `local` calls the API in this process."""
