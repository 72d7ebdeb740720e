"""What PyPSA finds in an exported folder beside the value of the model: ``python -m benchmarks.pypsa_folder``."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import kopir
from kopir.model.bundled import bundled_models

WITHIN = 1e-9
"""Relative difference that two solvers of one programme may have."""


def optimum_of_pypsa(folder: Path) -> float:
    """Return the objective of the network in ``folder``, read and solved by PyPSA."""
    import pypsa

    network: pypsa.Network = pypsa.Network()
    network.import_from_csv_folder(folder)
    status, condition = network.optimize(solver_name="highs", log_to_console=False)
    if (status, condition) != ("ok", "optimal"):
        raise RuntimeError(f"{folder}: {status} {condition}")
    return float(network.objective)


def main(models: Sequence[str]) -> int:
    """Print a line for each model and return 1 where the two differ."""
    logging.disable(logging.WARNING)
    wrong = 0
    print(f"{'model':<14}{'kopir, million USD':>22}{'PyPSA, million USD':>22}{'difference':>14}")
    for model in models or bundled_models():
        project = kopir.open(model)
        worth = project.setup.valuation("short").usual().value
        with tempfile.TemporaryDirectory() as temporary:
            for name, data in project.exported("pypsa").files.items():
                (Path(temporary) / name).write_bytes(data)
            found = -optimum_of_pypsa(Path(temporary))
        difference = abs(found - worth) / max(1.0, abs(worth))
        wrong += difference > WITHIN
        print(f"{model:<14}{worth:>22,.6f}{found:>22,.6f}{difference:>14.1e}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
