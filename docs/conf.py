"""Settings of the documentation: ``make docs`` builds it into ``out/docs``; search works without a network.

Pages are Markdown that also reads well where it lies. Another language needs catalogues in ``docs/locale`` (``make
docs-texts`` writes what is to be translated) and ``make docs DOCS_LANG=ru``.
"""

import re

from kopir.core.version import __version__

project = "kopir"
author = "kopir contributors"
copyright = author
version = release = __version__
extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["locale"]
# Tables of cells have no lexer, and measured pages begin at the third level.
suppress_warnings = ["misc.highlighting_failure", "myst.header"]
locale_dirs = ["locale"]
gettext_compact = False
html_theme = "furo"
html_title = f"kopir {__version__}"
html_show_sphinx = False
html_last_updated_fmt = ""

OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./((?!methods|model-folder|trade)[^)]+)\)")
FILE = re.compile(r"^```([\w-]+) (\S+\.\w+)( add)?$", re.MULTILINE)


def _without_links_outside(_: object, __: str, source: list[str]) -> None:
    """Name files that lie outside the documentation instead of linking to them, and those that blocks hold."""
    source[0] = FILE.sub(lambda found: f"`{found[2]}`{', more rows' * bool(found[3])}\n\n```{found[1]}", source[0])
    source[0] = OUTSIDE.sub(lambda found: f"{found[1].strip('`')} (`{found[2]}`)", source[0])


def setup(app):  # noqa: ANN001, ANN201, D103 - called by Sphinx
    app.connect("source-read", _without_links_outside)
