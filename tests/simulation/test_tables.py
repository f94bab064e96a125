"""What the simulator knows of our tables is true of them."""

import pytest
from sqlalchemy import Engine

from tests.forms import often
from tests.simulation.history import History
from tests.simulation.postgres import TablesBesideModel
from tests.simulation.script import draw


@pytest.mark.parametrize("seed", often(short=3, long=100))
def test_the_tables_answer_every_question_as_the_model_does(
    embedded_database: Engine, seed: int
) -> None:
    with embedded_database.begin() as connection:
        tables = TablesBesideModel(connection)
        history = History(draw(seed), tables=tables)
        history.run()
        assert tables.asked > 10
