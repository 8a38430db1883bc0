"""The same command by a real kubectl against an endpoint and by pkctl on the same cluster, their outputs compared.

Every file of `cases/` is a group: files, and command lines that are run in order on a cluster of its own, which begins with what
`setup.yaml` says. kubectl talks to `endpoint.py`, a stand-in REST endpoint over a cluster file; pkctl works on a copy of that file, so
that both sides write the same things to clusters that began alike. kubectl is the one on the PATH, or PKCTL_KUBECTL; it should be of the
version that pkctl is (1.36), since `describe` says more in 1.37.

    PKCTL_ENDPOINT=http://127.0.0.1:8001 PKCTL_COMPARED=/path/of/cluster.db pytest tests/compare

runs all groups, one after the other, against an endpoint that serves that very file.

Not here: what kubectl's typed clients send as protobuf, which the stand-in refuses (`create TYPE`, `autoscale`, `auth can-i|whoami`,
`certificate`, `create token`, evictions); `top`, for which it has no figures; `explain`, for which it has no OpenAPI documents.
"""
