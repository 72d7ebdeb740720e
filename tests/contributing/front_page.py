"""The first page of the bundled brief, for the README: ``python -m tests.contributing.front_page``."""

from __future__ import annotations

from pathlib import Path

import kopir
from kopir.report.forms.drawing import drawn
from kopir.report.forms.typeset import page_pictures

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "brief.png"
MODEL = "kazakhstan"


def main() -> None:
    """Write the picture."""
    brief = kopir.open(MODEL).brief()
    drawings = {figure.key: drawn(figure) for figure in brief.figures()}
    PICTURE.write_bytes(page_pictures(brief, drawings)[0])


if __name__ == "__main__":
    main()
