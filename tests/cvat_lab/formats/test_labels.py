"""Attribute values on their way in and out."""

import pytest

from cvat_lab.errors import FormatError
from cvat_lab.formats.labels import Labels, accepted_value, find_sublabel, typed_value, value_text
from cvat_lab.model.label import InputType
from cvat_lab.testing.samples import attribute, sample_labels

CHECKBOX = attribute(1, "c", InputType.CHECKBOX, ["true", "false"], default="false")
NUMBER = attribute(2, "n", InputType.NUMBER, ["-1", "5", "0.5"], default="0")
SELECT = attribute(3, "s", InputType.SELECT, ["a", "b"], default="")
TEXT = attribute(4, "t", InputType.TEXT, [], default="")


@pytest.mark.req("R20.14")
@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("True", "true"),
        ("1", "true"),
        ("false", "false"),
        ("False", "false"),
        ("0", "false"),
        ("", "false"),
        ("x", None),
    ],
)
def test_checkboxes_are_normalized(given, stored):
    assert accepted_value(CHECKBOX, given) == stored


@pytest.mark.parametrize(
    ("spec", "given", "stored"),
    [
        (NUMBER, "2.50", "2.50"),
        (NUMBER, "6", None),
        (NUMBER, "many", None),
        (SELECT, "b", "b"),
        (SELECT, "", ""),
        (SELECT, "c", None),
        (TEXT, "any thing", "any thing"),
        (TEXT, "x" * 5000, None),
    ],
)
def test_values_that_the_attribute_does_not_allow_are_none(spec, given, stored):
    assert accepted_value(spec, given) == stored


@pytest.mark.req("R22.7")
def test_values_have_the_type_of_their_attribute():
    assert [typed_value(CHECKBOX, "true"), typed_value(CHECKBOX, "false")] == [True, False]
    assert typed_value(NUMBER, "3") == 3.0
    assert isinstance(typed_value(NUMBER, "3"), float)
    assert typed_value(TEXT, "3") == "3"


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (3.0, "3"), (2.5, "2.5"), (7, "7"), ("x", "x")])
def test_values_become_text(value, text):
    assert value_text(value) == text


@pytest.mark.req("R20.14")
def test_unknown_names_are_named_with_what_there_is():
    labels = Labels(sample_labels())
    with pytest.raises(FormatError, match=r"image 'a': the label 'dog' is unknown here.*'body', 'car'"):
        labels.find("dog", where="image 'a'")
    with pytest.raises(FormatError, match=r"'body' has no point 'foot'; it has: 'hand', 'head'"):
        find_sublabel(labels.find("body"), "foot", where="image 'a'")
