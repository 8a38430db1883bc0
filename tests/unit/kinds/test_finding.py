"""Which row a word means, as kubectl's mappers read it."""

from __future__ import annotations

import pytest

from pkctl.kinds import table

WITH_CUSTOM = table.BUILTIN.with_rows(
    [
        table.Row("x.example.com", "v1", "Cup", "cups", singular="mug", short=("cu", "po")),
        table.Row("x.example.com", "v2", "Cup", "cups", singular="mug", short=("cu", "po")),
    ]
)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("pods", "v1 Pod"),
        ("PODS", "v1 Pod"),
        ("Pod", "v1 Pod"),
        ("po", "v1 Pod"),
        ("pods.v1.", "v1 Pod"),
        ("deployments.v1.", "apps/v1 Deployment"),
        ("deployments.v1.apps", "apps/v1 Deployment"),
        ("Deployment.apps", "apps/v1 Deployment"),
        ("deploy.ap", "apps/v1 Deployment"),
        ("horizontalpodautoscalers.v1.autoscaling", "autoscaling/v1 HorizontalPodAutoscaler"),
        ("hpa.v1.autoscaling", "autoscaling/v2 HorizontalPodAutoscaler"),
        ("ev", "v1 Event"),
        ("ev.events", "events.k8s.io/v1 Event"),
        ("cu.v2.x", "x.example.com/v2 Cup"),
        ("mug", "x.example.com/v1 Cup"),
        ("Cup.x.example.com", "x.example.com/v1 Cup"),
        ("Cup.v2.x.example.com", "x.example.com/v2 Cup"),
    ],
)
def test_a_word_means_a_row(word: str, found: str) -> None:
    row = WITH_CUSTOM.find(word)
    assert row is not None
    assert f"{row.api_version} {row.kind}" == found


@pytest.mark.parametrize(
    "word", ["PO", "pods.v1", "deployments.v9.apps", "deploy.nope", "DEPLOYMENTS.APPS", "Cup", "cups.v1.x", ".pods", "."]
)
def test_a_word_means_nothing(word: str) -> None:
    assert WITH_CUSTOM.find(word) is None


def test_a_short_name_of_two_kinds_hides_the_later_one() -> None:
    assert [row.id for row in WITH_CUSTOM.shadowed("ev")] == ["events.events.k8s.io"]
    assert [row.id for row in WITH_CUSTOM.shadowed("po")] == ["cups.x.example.com"]


@pytest.mark.parametrize("word", ["events", "cu", "hpa", "ev.events.k8s.io", "nope"])
def test_other_words_hide_nothing(word: str) -> None:
    assert WITH_CUSTOM.shadowed(word) == []
