"""What else is chosen by mistake, by how it begins or what it is called; and the sentence that says what to bring."""

from __future__ import annotations

import re

from core.checkpoints.limits import SAVE_STATE
from core.errors import InputError

__all__ = ["refuse", "refuse_archive"]

_KERAS = 'Save the weights with model.save_weights("model.weights.h5") and bring that file.'
_ARRAYS = "Save the weights by name with numpy.savez and bring that file."
_BEGINS = (
    (b"\x93NUMPY", "a single array (.npy), and one array is no layer", _ARRAYS),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file itself", "Fetch the file with git lfs pull."),
    (b"<", "a web page or XML, not the file itself", "Download the raw file again, from its own link."),
    (b"GGUF", "a GGUF file of a language model", "Bring the weights of an RNN, LSTM or GRU."),
    (b"%PDF", "a PDF", SAVE_STATE),
    (b"\x89PNG", "a picture", SAVE_STATE),
    (b"\xff\xd8\xff", "a picture", SAVE_STATE),
    (b"\x1f\x8b", "a gzip file", "Unpack it and bring the file of weights inside."),
    (b"BZh", "a bzip2 file", "Unpack it and bring the file of weights inside."),
    (b"\xfd7zXZ", "an xz file", "Unpack it and bring the file of weights inside."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it and bring the file of weights inside."),
    (b"Rar!", "a RAR archive", "Unpack it and bring the file of weights inside."),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "Unpack it and bring the file of weights inside."),
    (b"MATLAB 5.0", "a MATLAB file", _ARRAYS),
    (b"RDX", "a file of R", _ARRAYS),
)  # fmt: skip
_ENDS = (
    (r"\.onnx", "an ONNX file, which is not read here", SAVE_STATE),
    (r"\.(msgpack|flax)", "a msgpack file, as Flax writes, which is not read here",
     "Save the parameters with numpy.savez or safetensors.flax.save_file and bring that."),
    (r"\.(pb|pbtxt|tflite|lite|index|data-\d+-of-\d+)", "part of a TensorFlow model, which is not read here", _KERAS),
    (r"\.(tar)", "a tar archive, which is not read here", "Unpack it and bring the file of weights inside."),
    (r"\.(pt2|ptl|mlmodel|engine|trt)", "a compiled model, which is not read here", SAVE_STATE),
    (r"\.(csv|tsv|txt|py|ipynb|md|yaml|yml|toml)", "text, not weights", SAVE_STATE),
)  # fmt: skip
_KINDS = "Weights can be .pt, .pth, .ckpt, .safetensors, .npz, .json, .weights.h5 or .keras."


def refuse(content: bytes, filename: str) -> InputError:
    """The error for a file of another kind: what it is, as far as can be told, and what to bring."""
    if not content:
        return InputError("The file is empty: it has 0 bytes. Save it again and bring the new file.")
    if len(content) > 8 and content[4:8] == b"TFL3":
        return InputError(f"This is part of a TensorFlow model, which is not read here. {_KERAS}")
    if not content.strip(b"\0"):
        return InputError("The file holds nothing but zeros: it was not written to the end. Save it again.")
    if len(content) > 262 and content[257:262] == b"ustar":
        return InputError("This is a tar archive. Unpack it and bring the file of weights inside.")
    for begin, what, mend in _BEGINS:
        if content.lstrip(b"\xef\xbb\xbf \r\n\t")[: len(begin)] == begin:
            return InputError(f"This is {what}. {mend}")
    for end, what, mend in _ENDS:
        if re.search(end + r"$", filename.casefold()):
            return InputError(f"This is {what}. {mend}")
    if content[:1] in (b"\x81", b"\x82", b"\x83", b"\xde") and b"params" in content[:200]:
        return InputError(f"This is {_ENDS[1][1]}. {_ENDS[1][2]}")
    if content[:1] == b"\x08" and (b"onnx" in content[:300] or b"pytorch" in content[:300]):
        return InputError(f"This is an ONNX file, which is not read here. {SAVE_STATE}")
    return InputError(f"Nothing here tells what this file is, or it is cut off at its beginning. {_KINDS}")


def refuse_archive(names: tuple[str, ...]) -> InputError:
    """The error for a zip archive that no library of networks writes."""
    if "[Content_Types].xml" in names:
        return InputError(f"This is an Office file (such as .xlsx), which belongs under Sequence. {_KINDS}")
    if any(name.endswith(("archive_format", "models/model.json")) for name in names):
        return InputError(f"This is a model that torch.export wrote, which is not read here. {SAVE_STATE}")
    inside = next((n for n in names if re.search(r"\.(pt|pth|ckpt|bin|npz|safetensors|h5|keras)$", n)), "")
    if inside:
        return InputError(f"This zip archive holds {inside[-60:]!r}. Unpack it and bring that file.")
    if not names:
        return InputError(f"The archive holds nothing. {_KINDS}")
    return InputError(f"This zip archive holds {names[0][:60]!r} and no weights. {_KINDS}")
