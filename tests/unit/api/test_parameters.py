"""Query parameters, read as the API reads them."""

from __future__ import annotations

import pytest

from pkctl import errors
from pkctl.api import parameters


def test_a_list_s_parameters_become_a_query() -> None:
    given = parameters.read("labelSelector=a%3Db&fieldSelector=x%3Dy&limit=7&continue=t&resourceVersion=3&resourceVersionMatch=Exact")
    query = parameters.query(given)
    assert (query.labels, query.fields, query.limit, query.continue_, query.revision, query.match) == ("a=b", "x=y", 7, "t", "3", "Exact")


def test_a_watch_of_one_object_is_narrowed_to_its_name() -> None:
    assert parameters.query({"fieldSelector": "a=b"}, "x").fields == "a=b,metadata.name=x"


@pytest.mark.parametrize(("text", "wanted"), [("", False), ("0", False), ("False", False), ("1", True), ("yes", True)])
def test_anything_but_empty_zero_and_false_is_true(text: str, wanted: bool) -> None:
    assert parameters.flag({"watch": text}, "watch") is wanted


def test_a_word_for_a_number_is_refused_as_go_does() -> None:
    with pytest.raises(errors.BadRequest) as caught:
        parameters.query({"limit": "x"})
    assert str(caught.value) == 'strconv.ParseInt: parsing "x": invalid syntax'


def test_a_request_that_says_nothing_of_validation_is_warned() -> None:
    assert parameters.write({}, "CreateOptions", "kubectl").validation == "Warn"


def test_an_unknown_dry_run_is_invalid() -> None:
    with pytest.raises(errors.Invalid) as caught:
        parameters.write({"dryRun": "Some"}, "CreateOptions", "kubectl")
    assert str(caught.value) == 'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: "Some": supported values: "All"'


def test_a_body_says_more_about_a_deletion_than_parameters_do() -> None:
    options = parameters.delete({"gracePeriodSeconds": "9"}, {"gracePeriodSeconds": 0, "propagationPolicy": "Orphan"})
    assert (options.grace, options.propagation) == (0, "Orphan")


def test_orphan_dependents_is_an_old_word_for_a_policy() -> None:
    assert parameters.delete({"orphanDependents": "true"}, {}).propagation == "Orphan"


def test_log_parameters_take_our_names() -> None:
    assert parameters.logs({"tailLines": "0", "follow": "true", "previous": "false"}) == {"tail_lines": 0, "follow": True}
