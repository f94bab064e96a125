"""The words that are stored: each has its sentence, and the documentation has them all."""

from datetime import timedelta

import pytest

from deploy.list_words import PAGE, TERMS, fill_in
from newsrust_spider.blogger.entry import SUSPICIOUS
from newsrust_spider.blogger.labels import LONGEST_LABEL, MOST_LABELS
from newsrust_spider.blogger.moment import FUTURE
from newsrust_spider.flags import Flag
from newsrust_spider.glossary import Term
from newsrust_spider.owed import MOST_CRAWLS
from newsrust_spider.reasons import Reason
from pipelines.source_link import LONGEST_HEADLINE

EVERY = [term for terms in TERMS.values() for term in terms]


def test_the_documentation_has_the_words_of_the_code() -> None:
    page = PAGE.read_text()
    assert fill_in(page) == page, "make words"


@pytest.mark.parametrize("term", EVERY, ids=lambda term: f"{type(term).__name__}-{term}")
def test_a_sentence_stands_on_its_own_in_a_table(term: Term) -> None:
    sentence = term.sentence
    assert (sentence[0].isupper(), sentence[-1]) == (True, ".")
    assert not set("|\n`") & set(sentence)


@pytest.mark.parametrize("terms", TERMS.values())
def test_a_word_is_the_name_of_its_member(terms: type[Term]) -> None:
    assert [term.name.lower() for term in terms] == list(terms)


def test_a_sentence_that_tells_a_limit_tells_the_one_that_is_kept() -> None:
    limits: dict[Term, int | str] = {
        Flag.HEADLINE_CUT: LONGEST_HEADLINE,
        Flag.LABEL_CUT: LONGEST_LABEL,
        Flag.LABELS_CUT: MOST_LABELS,
        Flag.SUSPICIOUS_DATE: str(SUSPICIOUS.year),
        Reason.FUTURE_DATE: FUTURE // timedelta(hours=1),
        Reason.OWED: {3: "three"}[MOST_CRAWLS],
    }
    for term, limit in limits.items():
        told = f"{limit:,}" if isinstance(limit, int) else limit
        assert told in term.sentence, term
