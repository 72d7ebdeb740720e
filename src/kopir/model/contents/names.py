"""Names of codes in four languages: those of the folder first, then those of the registry."""

from __future__ import annotations

from kopir.core.codes import Language, registered_name
from kopir.model.contents.model import Model


def name_of(model: Model, code: str, language: Language) -> str:
    """Return the name of ``code`` in ``language``, else in English, else the code itself."""
    row = model.folder.tables["names"].by_code.get(code)
    if row is not None:
        return row[language] or row["en"]
    return registered_name(code, language) or code
