"""Where the component's script is, and how Streamlit is told to serve it as a file and to import it.

Streamlit looks for components in the `pyproject.toml` of installed distributions. Ours is called `unrolled` and its
package `dashboard`, which that search does not find in an editable install, so the same manifest is handed to the
running server directly. It then works the same way installed, editable and from a checkout.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from streamlit.components.v2 import component
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

PACKAGE = Path(__file__).parent
BUILD = "build"
SCRIPT = "figure-*.js"
MOUNT = PACKAGE / "mount.js"
NAME = "unrolled.figure"
MANIFEST = ComponentManifest(name="unrolled", version="1", components=[ComponentConfig("figure", BUILD)])


_known: WeakKeyDictionary[BidiComponentManager, ComponentRenderer] = WeakKeyDictionary()
_registering = Lock()


def renderer() -> ComponentRenderer:
    """The function that mounts the component, registered once with each server: registering looks for the script."""
    manager = get_bidi_component_manager()
    with _registering:
        found = _known.get(manager)
        if found is None:
            if manager.get_component_asset_root(NAME) is None:
                manager.register_from_manifest(MANIFEST, PACKAGE)
            found = _known[manager] = component(NAME, js=_importing())
    return found


def _importing() -> str:
    """The module that imports the script."""
    (script,) = (PACKAGE / BUILD).glob(SCRIPT)
    return MOUNT.read_text(encoding="utf-8").replace("@NAME@", NAME).replace("@FILE@", script.name)
