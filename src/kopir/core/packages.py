"""Packages that kopir is installed with and that are not there after all: one fault with what to install."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kopir.core.errors import Fault, InputError

_CALLED: Mapping[str, str] = {
    "lxml_html_clean": "lxml-html-clean",
    "multipart": "python-multipart",
    "python_multipart": "python-multipart",
    "vl_convert": "vl-convert-python",
    "fontpkg_ibm_plex_sans": "fontpkg-ibm-plex-sans",
}
"""What is installed, by the name under which it is imported, where the two differ."""


def missing_package(error: ModuleNotFoundError) -> Fault | None:
    """Return the fault (K0605) of a package that is not installed, ``None`` where a module of kopir is meant."""
    module = (error.name or "").partition(".")[0]
    if module in {"", "kopir"}:
        return None
    name = _CALLED.get(module, module)
    why = f"the package {name} is not installed, and this needs it"
    return Fault("K0605", why, f"pip install {name}; or install kopir anew, which brings it", value=error.name)


@contextmanager
def packages_there() -> Iterator[None]:
    """Raise :class:`InputError` (K0605) where the block meets a package that is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        fault = missing_package(error)
        if fault is None:
            raise
        raise InputError(fault) from error
