from __future__ import annotations

import runpy
import threading
from pathlib import Path

import pytest
from jinja2 import Environment
from pseudo import pseudo_folder

from gcm_align.errors import ArtifactError
from gcm_align.translating import (
    gettext,
    language,
    languages,
    ngettext,
    speaking,
    translate_templates,
)

ROOT = Path(__file__).resolve().parents[1]


def test_the_list_of_messages_is_up_to_date() -> None:
    """data/locale/gcm_align.pot holds what scripts/extract_messages.py finds today."""
    script = runpy.run_path(str(ROOT / "scripts" / "extract_messages.py"))
    assert script["POT"].read_bytes() == script["pot_bytes"](), (
        "run python scripts/extract_messages.py"
    )


def test_english_needs_no_catalogue() -> None:
    """Without a language every message is itself, an empty one included."""
    assert language() == "en"
    assert gettext("Key messages") == "Key messages"
    assert gettext("") == ""
    assert [ngettext("one", "many", n) for n in (0, 1, 2)] == ["many", "one", "many"]
    assert languages()[0] == "en"


def test_a_language_is_spoken_within_its_block_and_thread_alone(tmp_path: Path) -> None:
    """The language ends with the block, also after an error, and other threads keep theirs."""
    folder = pseudo_folder(tmp_path)
    assert languages(folder) == ("en", "xx")
    heard: list[str] = []

    def fail_inside() -> None:
        with speaking("xx", folder):
            assert (language(), gettext("Key messages")) == ("xx", "⟦Key messages⟧")
            thread = threading.Thread(target=lambda: heard.append(gettext("Key messages")))
            thread.start()
            thread.join()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_inside()
    assert heard == ["Key messages"]
    assert gettext("Key messages") == "Key messages"


def test_one_compiled_template_speaks_every_language(tmp_path: Path) -> None:
    """A template is compiled once; what is filled in is escaped, in any language."""
    environment = Environment(autoescape=True)
    translate_templates(environment)
    page = environment.from_string("{{ _('Key messages') }}|{% trans x=x %}{{ x }}{% endtrans %}")
    assert page.render(x="<b>") == "Key messages|&lt;b&gt;"
    with speaking("xx", pseudo_folder(tmp_path)):
        assert page.render(x="<b>") == "⟦Key messages⟧|&lt;b&gt;"


@pytest.mark.parametrize("code", ["fr-xx", "../en", ""])
def test_an_unknown_language_is_refused(code: str) -> None:
    """A language without a catalogue is an error that names those there are."""
    with pytest.raises(ArtifactError, match="no translation"), speaking(code):
        pass


def test_a_broken_catalogue_is_an_error_of_ours(tmp_path: Path) -> None:
    """Bytes that are no catalogue give an ArtifactError."""
    path = tmp_path / "fr" / "LC_MESSAGES" / "gcm_align.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no catalogue")
    with pytest.raises(ArtifactError, match="cannot be read"), speaking("fr", tmp_path):
        pass
