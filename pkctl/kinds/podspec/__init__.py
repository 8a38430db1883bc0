"""The rules of a PodSpec, shared by Pod and every kind with a pod template: defaults, validation, describe, requests."""
