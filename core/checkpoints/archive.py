"""Zip archives from anybody: their sizes are known before anything is unpacked, and no name becomes a path."""

from __future__ import annotations

import io
import zipfile

from core.checkpoints.limits import MAX_BYTES, quoted
from core.errors import InputError

__all__ = ["MAX_ENTRIES", "entries", "names"]

MAX_ENTRIES = 10_000
_AGAIN = "Save it again and bring the new file."
_DAMAGED = f"The file is cut short, damaged or encrypted: it begins like a zip archive and does not open. {_AGAIN}"


def names(content: bytes) -> tuple[str, ...]:
    """The names in the archive; nothing is unpacked.

    Raises:
        InputError: Not an archive that can be opened, or more entries than are read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = tuple(entry.filename for entry in archive.infolist() if not entry.is_dir())
    except Exception as problem:  # zipfile raises some ten kinds for a damaged or unusual archive
        raise InputError(_DAMAGED) from problem
    if len(found) > MAX_ENTRIES:
        raise InputError(
            f"The file holds {len(found):,} parts; at most {MAX_ENTRIES:,} are read. Save one small model."
        )
    if len(set(found)) != len(found):
        raise InputError(f"The file holds two parts of the same name, which no library writes. {_AGAIN}")
    return found


def entries(content: bytes) -> dict[str, bytes]:
    """Every entry by its name, in memory.

    A small archive can unpack into a huge one: the sizes that it states are added up first, and zipfile never gives
    more bytes of an entry than stated.

    Raises:
        InputError: Not an archive that can be opened, too large once unpacked, or packed in an unusual way.
    """
    names(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in found) > MAX_BYTES:
                raise InputError(
                    f"The file unpacks to more than {MAX_BYTES // 1_000_000} MB. Save the weights of a smaller model, "
                    "without the optimiser."
                )
            for entry in found:
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise InputError(
                        f"The file's {quoted(entry.filename)} is packed in a way that no library of networks uses. "
                        f"{_AGAIN}"
                    )
            return {entry.filename: archive.read(entry) for entry in found}
    except InputError:
        raise
    except Exception as problem:
        raise InputError(_DAMAGED) from problem
