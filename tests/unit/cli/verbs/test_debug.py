"""`debug`: what it asks the cluster for, and what it refuses."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from tests.unit.cli import lines

POD = """apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}, annotations: {a: b}}
spec:
  containers:
  - {name: web, image: "web:1", livenessProbe: {httpGet: {port: 80}}}
  - {name: side, image: "side:1"}
"""


@pytest.fixture
def pod(sh: lines.Shell) -> lines.Shell:
    sh("create", "-f", "-", text=POD)
    return sh


def got(sh: lines.Shell, what: str) -> Any:
    return json.loads(sh("get", *what.split("/"), "-o", "json").out)


def test_a_debugger_is_added_to_a_pod(pod: lines.Shell) -> None:
    pod("debug", "web", "--image=box", "-c", "dbg", "--env=a=b", "--", "sh", "-c", "x")
    made = got(pod, "pod/web")["spec"]["ephemeralContainers"][0]
    wanted = {"name": "dbg", "image": "box", "command": ["sh", "-c", "x"], "env": [{"name": "a", "value": "b"}]}
    assert {name: made[name] for name in wanted} == wanted
    assert made["securityContext"] == {"capabilities": {"add": ["SYS_PTRACE"]}}


def test_a_debugger_is_given_a_name_that_is_told(pod: lines.Shell) -> None:
    said = pod("debug", "web", "--image=box")
    name = got(pod, "pod/web")["spec"]["ephemeralContainers"][0]["name"]
    assert said.out == f"Defaulting debug container name to {name}.\n"


def test_words_behind_the_dashes_are_arguments_where_that_is_asked(pod: lines.Shell) -> None:
    pod("debug", "web", "--image=box", "--arguments-only", "-q", "--", "x")
    made = got(pod, "pod/web")["spec"]["ephemeralContainers"][0]
    assert (made.get("command"), made["args"]) == (None, ["x"])


def test_a_copy_is_stripped_and_shares_its_processes(pod: lines.Shell) -> None:
    pod("debug", "web", "--copy-to=two", "--image=box", "-q")
    made = got(pod, "pod/two")
    assert "labels" not in made["metadata"]
    assert [each.get("livenessProbe") for each in made["spec"]["containers"]] == [None, None, None]
    assert made["spec"]["shareProcessNamespace"] is True


def test_a_copy_keeps_what_is_asked_to_be_kept(pod: lines.Shell) -> None:
    pod("debug", "web", "--copy-to=two", "--image=box", "-q", "--keep-labels", "--keep-annotations", "--keep-liveness",
        "--share-processes=false")  # fmt: skip
    made = got(pod, "pod/two")
    assert (made["metadata"]["labels"], made["metadata"]["annotations"]) == ({"app": "web"}, {"a": "b"})
    assert "livenessProbe" in made["spec"]["containers"][0]
    assert made["spec"].get("shareProcessNamespace") is not True


def test_images_of_a_copy_are_changed_without_a_debugger(pod: lines.Shell) -> None:
    pod("debug", "web", "--copy-to=two", "--set-image=*=new:1,side=new:2")
    assert [each["image"] for each in got(pod, "pod/two")["spec"]["containers"]] == ["new:1", "new:2"]


def test_an_existing_container_of_a_copy_gets_the_command(pod: lines.Shell) -> None:
    pod("debug", "web", "--copy-to=two", "-c", "web", "--", "sleep", "9")
    assert [each.get("command") for each in got(pod, "pod/two")["spec"]["containers"]] == [["sleep", "9"], None]


def test_a_copy_takes_the_place_of_its_original(pod: lines.Shell) -> None:
    pod("debug", "web", "--copy-to=two", "--set-image=web=new:1", "--replace")
    assert pod("get", "pods", "-o", "name").out == "pod/two\n"


PROFILES = {
    "legacy": (None, True, True),
    "general": (None, True, True),
    "baseline": (None, None, False),
    "netadmin": ({"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}, True, False),
    "sysadmin": ({"privileged": True}, True, True),
}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_says_how_far_a_node_is_opened(sh: lines.Shell, profile: str) -> None:
    sh("apply", "-f", "-", text="{apiVersion: v1, kind: Node, metadata: {name: one}}")
    said = sh("debug", "node/one", "--image=box", "--profile", profile)
    name = said.out.split()[3]
    spec = got(sh, f"pod/{name}")["spec"]
    container = spec["containers"][0]
    mounted = any(each["mountPath"] == "/host" for each in container.get("volumeMounts", []))
    assert (container.get("securityContext"), spec.get("hostPID"), mounted) == PROFILES[profile]
    assert said.out == f"Creating debugging pod {name} with container debugger on node one.\n"


def test_a_custom_profile_is_merged_over_the_container(pod: lines.Shell, tmp_path: pathlib.Path) -> None:
    place = tmp_path / "custom.yaml"
    place.write_text("{securityContext: {runAsUser: 0}, env: [{name: other, value: z}]}")
    pod("debug", "web", "--image=box", "-q", f"--custom={place}", "--env=a=b")
    made = got(pod, "pod/web")["spec"]["ephemeralContainers"][0]
    assert made["securityContext"] == {"capabilities": {"add": ["SYS_PTRACE"]}, "runAsUser": 0}
    assert {each["name"] for each in made["env"]} == {"a", "other"}


def test_a_custom_profile_may_not_name_an_image(pod: lines.Shell, tmp_path: pathlib.Path) -> None:
    place = tmp_path / "custom.json"
    place.write_text('{"image": "other"}')
    said = pod("debug", "web", "--image=box", f"--custom={place}")
    assert said.err == "error: name, command, image, lifecycle and volume devices are not modifiable via custom profile\n"


def test_a_file_names_the_pod(pod: lines.Shell) -> None:
    assert pod("debug", "-f", "-", "--image=box", "-c", "dbg", text=POD).code == 0
    assert got(pod, "pod/web")["spec"]["ephemeralContainers"][0]["name"] == "dbg"


REFUSED = {
    ("debug",): "you must specify --image when not using --copy-to.",
    ("debug", "web"): "you must specify --image when not using --copy-to.",
    ("debug", "--image=box"): "NAME or filename is required for debug",
    ("debug", "web", "--image=A"): 'invalid image name "A": invalid reference format',
    ("debug", "web", "--image=a:ü"): 'invalid image name "a:ü": invalid reference format',
    ("debug", "web", "--image=box", "--profile=zz"): "unknown profile: zz",
    ("debug", "web", "--image=box", "--image-pull-policy=x"): "invalid image pull policy: x",
    ("debug", "web", "--image=box", "--custom=/nope"): (
        "must pass a container spec json file for custom profile: open /nope: no such file or directory"
    ),
    ("debug", "web", "--copy-to=y"): "you must specify --image, --set-image or command arguments.",
    ("debug", "web", "--copy-to=y", "--image=a", "--target=web"): (
        "--target is incompatible with --copy-to. Use --share-processes instead."
    ),
    ("debug", "web", "--image=a", "--same-node"): "--same-node may only be used with --copy-to.",
    ("debug", "web", "--image=a", "-t"): "-i/--stdin is required for containers with -t/--tty=true",
    ("debug", "web", "--copy-to=y", "--", "x"): "you must specify an existing container or a new image when specifying args.",
}


@pytest.mark.parametrize("argv", REFUSED)
def test_wrong_flags_are_refused_in_kubectls_words(sh: lines.Shell, argv: tuple[str, ...]) -> None:
    said = sh(*argv)
    assert (said.code, said.err) == (1, f"error: {REFUSED[argv]}\n")


def test_only_pods_and_nodes_are_debugged(sh: lines.Shell) -> None:
    sh("create", "deployment", "web", "--image=web")
    assert sh("debug", "deploy/web", "--image=a").err == 'error: "apps/v1, Kind=Deployment" not supported by debug\n'
