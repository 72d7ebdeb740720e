"""Names of codes in four languages, those of the folder first, then those of the registry; and its free texts."""

from __future__ import annotations

from kopir.core.codes import Language, registered_name
from kopir.model.contents.model import Model


def name_of(model: Model, code: str, language: Language) -> str:
    """Return the name of ``code`` in ``language``, else in English, else the code itself."""
    row = model.folder.tables["names"].by_code.get(code)
    if row is not None:
        return row[language] or row["en"]
    return registered_name(code, language) or code


def said_in(model: Model, text: str, language: Language) -> str:
    """Return a free text of the model in ``language``, part by part where it has parts; else as it stands.

    Parts are what semicolons separate. A model's own texts are English unless its makers wrote another language.
    """
    known = model.folder.tables["translations"].by_code
    if language == "en" or not text or not known:
        return text
    whole = known.get(text)
    if whole is not None and whole[language]:
        return whole[language]
    parts = text.split("; ")
    return "; ".join((known[part][language] or part) if part in known else part for part in parts)
