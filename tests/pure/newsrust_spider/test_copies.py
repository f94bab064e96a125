"""Words, sketches, overlaps and clusters: the pure part of stories."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsrust_spider.copies.clusters import Link, cluster
from newsrust_spider.copies.overlap import is_copy, measure_overlap
from newsrust_spider.copies.sketch import KEYS, sketch
from newsrust_spider.copies.words import read_text, words_of
from tests.pure.newsrust_spider.texts import cut, edit, make_dice, make_text

STORY = make_text(1)
OTHER = make_text(2)

texts = st.text(max_size=300) | st.lists(st.sampled_from("abcd"), max_size=120).map(" ".join)
ids = st.integers(1, 9)
pairs = st.sets(st.tuples(ids, ids).filter(lambda pair: pair[0] > pair[1]), max_size=12)


def copies(first: str, second: str) -> bool:
    text, other = read_text(first), read_text(second)
    return is_copy(text, other, measure_overlap(text, other))


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY.upper().replace(".", ";").replace("\n\n", " "),
        "PORT CALLOW (Agency) \N{EM DASH} " + STORY + " The agency contributed to this report.",
        cut(STORY, 0.3),
        cut(STORY, 0.15),
        edit(STORY, 12),
        edit(cut(STORY, 0.6), 12),
        cut(STORY, 0.7) + " " + cut(OTHER, 0.15),
        " ".join(reversed(STORY.split("\n\n"))),
    ],
    ids=[
        "equal", "set anew", "dateline", "cut", "cut short", "edited", "cut and edited",
        "with a paragraph of its own", "paragraphs in another order",
    ],
)  # fmt: skip
def test_a_print_of_the_same_text_is_a_copy(copy: str) -> None:
    assert copies(STORY, copy)
    assert copies(copy, STORY)


@pytest.mark.parametrize("shared", [0.15, 0.3, 0.45])
def test_a_text_that_takes_some_of_another_is_no_copy(shared: float) -> None:
    reuse = cut(OTHER, 1 - shared) + " " + cut(STORY, shared)
    assert not copies(STORY, reuse)
    assert not copies(OTHER + " " + cut(STORY, shared), STORY)


def test_unrelated_texts_are_no_copies() -> None:
    stories = [make_text(seed, 60 + 40 * seed) for seed in range(30)]
    assert not [a for n, a in enumerate(stories) for b in stories[:n] if copies(a, b)]


def test_a_short_text_is_a_copy_of_its_equal_alone() -> None:
    brief = cut(STORY, 0.1)
    assert copies(brief, brief.upper())
    assert not copies(brief, brief + " more")
    assert not copies(brief, STORY)


@pytest.mark.parametrize("text", ["", "Watch the video.", "!?", "This video is not available."])
def test_a_text_that_says_next_to_nothing_has_no_copies(text: str) -> None:
    assert not copies(text, text)


def test_a_script_without_blanks_is_compared_by_its_characters() -> None:
    signs = [chr(code) for code in make_dice(3).choices(range(0x4E00, 0x9000), k=300)]
    story, other = "".join(signs), "".join(reversed(signs))
    assert copies(story, story[:120] + "。")
    assert not copies(story, other)


@given(texts, texts)
def test_an_overlap_is_the_same_from_both_sides(first: str, second: str) -> None:
    text, other = read_text(first), read_text(second)
    overlap = measure_overlap(text, other)
    back = measure_overlap(other, text)
    assert (back.other_share, back.share, back.head) == overlap
    assert all(0 <= part <= 1 for part in overlap)
    assert copies(first, second) == copies(second, first)


@given(texts)
def test_case_and_punctuation_make_no_difference(text: str) -> None:
    assert words_of(text.replace(" ", "\n- ")) == words_of(text)


@given(texts)
def test_keys_are_few_sorted_and_fit_a_bigint(text: str) -> None:
    keys = sketch(read_text(text))
    assert keys == sorted(set(keys))
    assert len(keys) <= KEYS
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_keys_are_the_same_for_ever() -> None:
    # They are stored: another hash, run or form of a word would find no copy of what we hold.
    # A change needs a migration that empties story_keys and fills story_backlog.
    text = read_text("It\u2019s the agency\u2019s text, printed by two publishers.")
    assert sketch(text) == [
        -735187639172055182, 999488860779757646, 4550950346189280354,
    ]  # fmt: skip


@pytest.mark.parametrize("share", [0.2, 0.3, 0.5])
def test_a_cut_copy_shares_keys_with_its_original(share: float) -> None:
    for seed in range(50):
        story = make_text(seed, 500)
        shared = set(sketch(read_text(story))) & set(sketch(read_text(cut(story, share))))
        assert shared, (seed, share)


@given(pairs, pairs, st.randoms())
def test_clusters_depend_on_what_is_linked_not_on_its_order(
    linked: set[tuple[int, int]], apart: set[tuple[int, int]], dice: Random
) -> None:
    links = [Link(a, b, 1.1 + (a * b) % 5 / 10) for a, b in sorted(linked)]
    found = cluster(links, apart)
    dice.shuffle(links)
    assert cluster(links, [pair[::-1] for pair in sorted(apart)]) == found


@given(pairs, pairs)
def test_a_cluster_is_named_after_its_first_and_never_holds_what_is_kept_apart(
    linked: set[tuple[int, int]], apart: set[tuple[int, int]]
) -> None:
    found = cluster([Link(a, b, 1.5) for a, b in linked], apart)
    assert all(story == min(i for i in found if found[i] == story) for story in found.values())
    assert not [pair for pair in apart if pair[0] in found and found[pair[0]] == found.get(pair[1])]


@given(pairs)
def test_without_splits_all_that_links_lead_to_is_one_story(linked: set[tuple[int, int]]) -> None:
    found = cluster([Link(a, b, 1.5) for a, b in linked], [])
    assert all(found[a] == found[b] for a, b in linked)


def test_who_resembles_both_sides_of_a_split_goes_with_the_stronger() -> None:
    links = [Link(3, 1, 1.2), Link(3, 2, 1.9), Link(2, 1, 1.5)]
    assert cluster(links, [(2, 1)]) == {1: 1, 2: 2, 3: 2}
