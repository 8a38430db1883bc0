"""`config`: kubeconfig files shown and changed. Not here: the files themselves (`kubeconfigs`), connecting by them (`contexts`)."""
