"""Steps 1–5, 9 and 10 of the acceptance scenario with their volumes, through the real screens (domain §8.2).

One test, because each step stands on what the one before left. The server's clock shows the days of the scenario; the
worker that prints is a process of its own. What people do 22 times is done by screen once or twice, then by the same
forms; each step says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import scenario_guests_answers as answers
from tests.browser import scenario_guests_door as door
from tests.browser import scenario_guests_letters as letters
from tests.browser import scenario_guests_office as office
from tests.browser.scenario_guests_world import Stage, moment, people, printing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


@pytest.fixture
def stage(
    open_window: Callable[..., Page], be: Callable, look: Callable, time_machine: Any, tmp_path: Path
) -> Iterator[Stage]:  # fmt: skip
    """The demo's people, Ende as the edition before, two screens, a worker."""
    time_machine.move_to(moment("2019-02-20", 9), tick=True)
    people()
    with printing(tmp_path):
        made = Stage(open_window, be, look, time_machine)
        yield made
        made.close()
    print("\n".join(["", *made.times]))


def test_from_the_new_edition_to_the_full_hall(stage: Stage, complaints: Any) -> None:
    complaints.allow("409", "ERR_INTERNET_DISCONNECTED")  # a clash is told; a door loses its link
    with stage.step("1 edition", moment("2019-02-22", 9)):
        office.create_edition(stage)
    with stage.step("2 decree", moment("2019-02-28", 10)):
        office.draft_decree(stage)
    with stage.step("3 programme", moment("2019-03-08", 9)):
        office.plan_programme(stage)
    with stage.step("4 recipients and letters", moment("2019-03-13", 9)):
        letters.list_recipients(stage)
        letters.write_letters(stage)
        letters.send_letters(stage)
    with stage.step("4 papers, ZIP, print file", moment("2019-03-13", 14)):
        letters.assert_all_invited()
        letters.read_papers(stage)
        letters.take_all(stage)
    with stage.step("5 two answer by phone, 18 by form", moment("2019-03-18", 9)):
        answers.answer_by_phone(stage)
        answers.change_the_answer(stage)
        answers.answer_by_forms(stage, *answers.others())
    with stage.step("5 reminder, the last two", moment("2019-04-03", 9)):
        answers.remind_the_silent(stage)
        answers.answer_by_forms(stage, *answers.LATE)
        answers.all_coloured(stage)
    with stage.step("9 participants and papers", moment("2019-04-22", 9)):
        door.register_others(stage)
        codes = door.prepare_papers(stage)
    with stage.step("10 doors", moment("2019-04-24", 7, 30)):
        door.keep_doors(stage, codes)
    with stage.step("10 lists", moment("2019-04-24", 8, 30)):
        door.compare_lists(stage)
