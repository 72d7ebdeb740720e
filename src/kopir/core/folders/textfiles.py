"""Reading untrusted text files of a folder: inside it, of bounded size, in an encoding that is certain."""

from __future__ import annotations

from pathlib import Path

from kopir.core.encoding import decoded
from kopir.core.errors import Fault

MAX_TABLE_BYTES = 32 * 2**20


def read_text(root: Path, name: str, *, limit: int = MAX_TABLE_BYTES) -> str | Fault:
    """Return the text of ``root/name``, or the fault that prevents reading it.

    The file must lie inside ``root`` after links are followed, be a plain file of at most ``limit`` bytes,
    and hold UTF-8 (a byte-order mark is dropped). A table (``.csv``) may also be in the encoding that a
    spreadsheet saved it in, UTF-16 or a code page, where only one reading fits.
    """
    path = root / name
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root.resolve(strict=True)):
            return Fault("K0106", "the file lies outside the folder", "copy the file into the folder", name)
        if not real.is_file():
            return Fault("K0102", "not a plain file", "remove it from the folder", name)
        size = real.stat().st_size
        if size <= limit:
            with real.open("rb") as file:
                data = file.read(limit + 1)
            size = len(data)
        if size > limit:
            why = f"{size / 2**20:,.0f} MiB, more than the {limit / 2**20:,.0f} MiB it may have"
            return Fault("K0103", why, "split it, or keep bulk data in Parquet beside the folder", name)
    except (OSError, RuntimeError) as error:  # RuntimeError: Python 3.11 and 3.12 meet a circle of links
        reason = getattr(error, "strerror", None) or "a circle of links"
        return Fault("K0102", f"cannot be read: {reason}", "check that the file exists and may be read", name)
    mend = "save the file as CSV UTF-8 (in Excel: «CSV UTF-8 (comma delimited)»)"
    try:
        if b"\0" not in data:
            return data.decode("utf-8-sig")
        bad = data.index(b"\0")
    except UnicodeDecodeError as error:
        bad = error.start
    if name.endswith(".csv") and (text := decoded(data).text) is not None:
        return text
    line = data.count(b"\n", 0, bad) + 1
    if data[bad] == 0:
        return Fault("K0104", "holds zero bytes, as UTF-16 does", mend, name, line)
    return Fault("K0104", "not UTF-8", mend, name, line, value=f"byte {data[bad]:#04x}")
