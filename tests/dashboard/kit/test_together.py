"""What the page takes for the beginning and the end of a run is what Streamlit sends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.SessionStatus_pb2 import SessionStatus

from dashboard import kit

SCRIPT = (Path(kit.__file__).parent / "together.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("message", "field"),
    [(ForwardMsg, "new_session"), (ForwardMsg, "session_status_changed"), (SessionStatus, "script_is_running")],
)
def test_fields_have_the_numbers_of_the_protocol(message: type[ForwardMsg | SessionStatus], field: str) -> None:
    """A script reads them by their numbers, which a release of Streamlit could change."""
    (number,) = re.findall(rf"const {field.upper()} = (\d+);", SCRIPT)
    assert message.DESCRIPTOR.fields_by_name[field].number == int(number)
