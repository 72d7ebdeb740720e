"""The house in one picture, drawn from the graph of imports: ``python -m tests.contributing.picture``.

The command writes the picture into CONTRIBUTING.md between its marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- picture:start -->\n```\n", "```\n<!-- picture:end -->"
PROGRAM = "kopir"
WIDTH = 18

Graph = dict[str, set[str]]


def rooms_of(graph: grimp.ImportGraph, house: str) -> Graph:
    """Return the rooms of ``house``, packages and files that are rooms of their own, with what each imports."""
    children = {name for name in graph.find_children(house) if _is_room(graph, house, name)}
    found: Graph = {name: set() for name in children}
    for name in children:
        for module in {name, *graph.find_descendants(name)}:
            for imported in graph.find_modules_directly_imported_by(module):
                other = ".".join(imported.split(".")[: house.count(".") + 2])
                if other in children and other != name:
                    found[name].add(other)
    return found


def _is_room(graph: grimp.ImportGraph, house: str, name: str) -> bool:
    """Return whether a child of ``house`` is a room: a package, or a file where a house has hardly any."""
    packages = {child for child in graph.find_children(house) if graph.find_children(child)}
    return name in packages or len(graph.find_children(house)) < 2 * len(packages)


def floors(rooms: Graph) -> list[str]:
    """Return the rooms from the top floor down: none imports one that stands before it."""
    depth: dict[str, int] = {}

    def of(name: str, above: tuple[str, ...] = ()) -> int:
        if name in above:
            raise ValueError(f"a circle of rooms: {' '.join((*above, name))}")
        if name not in depth:
            depth[name] = 1 + max((of(one, (*above, name)) for one in rooms[name]), default=0)
        return depth[name]

    return sorted(rooms, key=lambda name: (-of(name), name))


def picture() -> str:
    """Return the picture: a line for each room with what it imports, rooms inside rooms set in."""
    return "".join(
        f"{line.rstrip()}\n" for line in _lines(grimp.build_graph(PROGRAM, cache_dir=None), PROGRAM, "")
    )


def _lines(graph: grimp.ImportGraph, house: str, indent: str) -> Iterator[str]:
    rooms = rooms_of(graph, house)
    order = floors(rooms)
    for name in order:
        own = [one.rpartition(".")[2] for one in order if one in rooms[name]]
        head = f"{indent}{name.rpartition('.')[2]}"
        yield f"{head:<{WIDTH}} ► {' '.join(own)}" if own else head
        yield from _lines(graph, name, f"{indent}  ")


def main() -> None:
    """Draw the picture anew."""
    before, rest = GUIDE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    GUIDE.write_text(f"{before}{BEGIN}{picture()}{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
