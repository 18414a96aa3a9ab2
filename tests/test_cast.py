"""The tests' own ground: the cast wears the right hats, strict templates bite, budgets count."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.template import Context, Engine, Template, engines

from regencies.rules import regency_ids, roles
from tests.cast import ANYBODY, PARTS, Cast, build_cast
from tests.conftest import TOGETHER, Scheduling
from tests.factories import regency
from tests.strict_templates import UndefinedVariable


def test_everybody_wears_the_hat_of_the_part(cast: Cast) -> None:
    for name, (_full_name, role, _title, _office) in PARTS.items():
        assert roles(cast[name]) == ({role} if role else set()), name
    assert regency_ids(cast.operator_belu) == {regency("53.04").pk}
    assert regency_ids(cast.operator_ende) == {regency("53.08").pk}
    assert cast["anonymous"] is None and len(ANYBODY) == 16


def test_a_person_of_the_cast_is_logged_in(cast: Cast, client_of, settings) -> None:
    session = client_of(cast.notulis).session
    assert session["_auth_user_id"] == str(cast.notulis.pk)


def test_the_cast_is_cheap(db, assert_queries) -> None:
    with assert_queries(5):
        build_cast()


def test_meetings_of_both_kinds(draft_meeting, published_meeting) -> None:
    assert not draft_meeting.published and published_meeting.published
    assert draft_meeting.sessions.count() == published_meeting.sessions.count() == 3


def test_our_templates_must_not_name_what_does_not_exist(tmp_path, settings) -> None:
    engine: Engine = engines["django"].engine
    ours = Template("{{ nothing }}", engine=engine)
    ours.nodelist[0].origin.name = str(settings.BASE_DIR / "templates" / "page.html")
    with pytest.raises(UndefinedVariable, match="nothing"):
        ours.render(Context())
    theirs = Template("{{ nothing }}", engine=engine)
    theirs.nodelist[0].origin.name = "/usr/lib/site-packages/crispy/field.html"
    assert theirs.render(Context()) == ""


@pytest.mark.django_db(transaction=True)
def test_initial_data_is_there_in_transactional_tests() -> None:
    assert regency("53.71").name == "Kota Kupang"


@pytest.mark.django_db(transaction=True)
def test_and_again_after_the_tables_were_emptied() -> None:
    assert regency("53.71").name == "Kota Kupang"


def test_tests_that_share_something_dear_stay_with_one_worker() -> None:
    dear = [file for file in Path(__file__).parent.rglob("test_*.py") if f'scope="{"module"}"' in file.read_text()]
    assert len(dear) > 2
    assert [file.name for file in dear if not file.name.endswith(TOGETHER)] == []
    scope_of = partial(Scheduling._split_scope, None)
    assert scope_of("tests/rakor/test_scenario.py::test_one[a]") == scope_of("tests/rakor/test_scenario.py::test_two")
    assert scope_of("tests/test_cast.py::test_one[a]") != scope_of("tests/test_cast.py::test_one[b]")
