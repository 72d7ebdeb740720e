"""Side-by-side measurements against named peers: ``python -m benchmarks``.

One thread for linear algebra, which is read when numpy loads: peers that multiply matrices would otherwise be
charged for threads that wait for one another.
"""

import os

os.environ |= dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
