"""Files that are no table themselves: what they are by how they begin, and what is packed in them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping

from core.errors import InputError
from core.table.limits import MAX_UNPACKED
from core.table.made import Question, short
from core.table.nested import MOST_OPTIONS

__all__ = ["inside", "refuse_foreign", "unzipped"]

_NUMBERS = "Bring its numbers as CSV, XLSX, JSON or NPY."
_UNPACK = "Unpack it and bring what is in it."
_PICKLE = ("a Python pickle", "It would have to be run to be read. Save the numbers as NPY or CSV.")
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save it as XLSX or CSV."),
    (b"PAR1", "a Parquet file", "Save it as CSV, such as pandas.read_parquet(…).to_csv(…)."),
    (b"\x89HDF", "an HDF5 file", "Save its table as NPY or CSV. Weights belong under Weights."),
    (b"%PDF", "a PDF", "Copy its numbers and paste them, or save them as CSV."),
    (b"{\\rtf", "a rich text document", "Copy its numbers and paste them, or save it as plain text."),
    (b"MATLAB 5.0 MAT", "a MATLAB file", "Save the matrix as text: writematrix(A, 'a.csv')."),
    (b"SQLite format 3", "a database", "Export the table as CSV."),
    (b"\x89PNG", "a picture", _NUMBERS),
    (b"\xff\xd8\xff", "a picture", _NUMBERS),
    (b"GIF8", "a picture", _NUMBERS),
    (b"ARROW1", "an Arrow file", "Save it as CSV."),
    (b"RDX", "an R workspace", "Save the table: write.csv(x, 'x.csv')."),
    (b"\x1f\x8b", "packed twice", _UNPACK),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    (b"7z\xbc\xaf", "packed with 7-Zip", _UNPACK),
    (b"Rar!", "packed with RAR", _UNPACK),
    *((bytes([0x80, protocol]), *_PICKLE) for protocol in (2, 3, 4, 5)),
)
_TABLES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".npy", ".xlsx", ".dat", ".tab")
_REMARKS = ("readme", "license", "licence", "metadata", "._")


def refuse_foreign(content: bytes) -> None:
    """Refuse a file of a kind that is known and not read.

    Raises:
        InputError: It is one; what it is, and the mend.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in content:
        raise InputError("The workbook is protected by a password. Save it without one.")
    begin = content[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
    for start, what, mend in _FOREIGN:
        if begin.startswith(start):
            raise InputError(f"This is {what}. {mend}")
    if content[257:262] == b"ustar":
        raise InputError(f"This is a tar archive. {_UNPACK}")


def unzipped(content: bytes) -> bytes:
    """What gzip packed, all its parts.

    Raises:
        InputError: It is damaged, or too much.
    """
    found = b""
    while content.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            found += unpacker.decompress(content, MAX_UNPACKED + 1 - len(found))
        except zlib.error as problem:
            raise InputError("The packed file is damaged. Pack it again, or bring it unpacked.") from problem
        if len(found) > MAX_UNPACKED:
            raise InputError(f"It unpacks to more than {MAX_UNPACKED // 1_000_000} MB. Save fewer rows or columns.")
        if not unpacker.eof:
            raise InputError("The packed file is damaged. Pack it again, or bring it unpacked.")
        content = unpacker.unused_data
    if not found:
        raise InputError("The packed file is empty. Pack it again, or bring it unpacked.")
    return found


def inside(archive: zipfile.ZipFile, chosen: Mapping[str, str]) -> tuple[bytes, str, list[Question]]:
    """The file of a ZIP archive that is likeliest the table, or the chosen one; its name, and which others there are.

    Raises:
        InputError: None can be the table, or it is too large.
    """
    found = {
        info.filename: info.file_size
        for info in archive.infolist()[:5_000]
        if info.filename.lower().endswith(_TABLES) and not info.filename.startswith("__MACOSX") and info.file_size
    }
    if not found:
        raise InputError("The ZIP file holds no table. Unpack it and choose the file with the numbers.")
    best = max(found, key=lambda name: (not _remark(name), not name.lower().endswith(".txt"), found[name]))
    taken = chosen.get("member", best) if chosen.get("member", best) in found else best
    with archive.open(taken) as member:
        content = member.read(MAX_UNPACKED + 1)
    if len(content) > MAX_UNPACKED:
        raise InputError(f"It unpacks to more than {MAX_UNPACKED // 1_000_000} MB. Save fewer rows.")
    if len(found) == 1:
        return content, taken, []
    others = [taken, *(name for name in found if name != taken)][:MOST_OPTIONS]
    options = tuple((name, short(name.rsplit("/", 1)[-1], 30)) for name in sorted(others))
    return content, taken, [Question("member", "Which file", options, taken)]


def _remark(name: str) -> bool:
    return name.rsplit("/", 1)[-1].lower().startswith(_REMARKS)
