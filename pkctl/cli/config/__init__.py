"""`config`: kubeconfig files shown and changed. Not here: connecting by them."""
