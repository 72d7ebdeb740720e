"""Facts of the bundled models without a place in their source: ``python -m benchmarks.facts_places [N]``.

A place is rows and column of a data set, or the characters of a text, with a quote where the text says the figure.
Facts of pages whose text is not at hand have none; the N sources (15) with the most of these are named.
"""

from __future__ import annotations

import sys
from collections import Counter

from kopir.core.folders.folder import read_folder
from kopir.model.bundled import bundled_path

MODELS = ("kazakhstan", "azerbaijan", "uzbekistan")


def main(most: int) -> None:
    for model in MODELS:
        path = bundled_path(model)
        assert path is not None, "the model comes with the package"
        folder = read_folder(path)
        sources = {row["source"]: row for row in folder.tables["sources"].records()}
        stated = [row for row in folder.tables["facts"].records() if row["sources"]]
        missing = [row["sources"].split()[0] for row in stated if not row["place"]]
        print(f"{model}: {len(stated)} stated, {len(stated) - len(missing)} with a place, {len(missing)} without")
        for kind, count in Counter(sources[one]["class"] for one in missing).most_common():
            print(f"    {count:4d} {kind or 'of no class'}")
        for one, count in Counter(missing).most_common(most):
            print(f"        {count:3d} {one} {sources[one]['title']}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
