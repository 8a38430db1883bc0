from pkctl.objects import hashes


def test_the_same_template_gives_the_same_hash_whatever_the_order_of_its_keys() -> None:
    assert hashes.template_hash({"a": 1, "b": {"c": 2}}) == hashes.template_hash({"b": {"c": 2}, "a": 1})


def test_another_template_gives_another_hash() -> None:
    assert hashes.template_hash({"a": 1}) != hashes.template_hash({"a": 2})


def test_a_collision_count_gives_another_hash_of_the_same_template() -> None:
    assert len({hashes.template_hash({"a": 1}, count) for count in (None, 0, 1)}) == 3


def test_a_hash_is_made_of_letters_that_make_no_words() -> None:
    assert set(hashes.template_hash({"a": 1})) <= set("bcdfghjklmnpqrstvwxz2456789")


def test_fnv_32a_is_the_published_function() -> None:
    assert hashes.fnv32a(b"foobar") == 0xBF9CF968


def test_safe_encoding_maps_each_character_by_its_code() -> None:
    assert hashes.safe("0123") == "".join("bcdfghjklmnpqrstvwxz2456789"[ord(one) % 27] for one in "0123")
