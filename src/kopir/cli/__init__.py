"""The command line."""

import gc
import sys

NEW_OBJECTS = 50_000
"""Objects made before the collector looks through them: most of what a command makes stays to its end."""


def main() -> None:
    """Run the command line; the process ends with the exit code that ``kopir --help`` documents."""
    from kopir.core.errors import InputError
    from kopir.core.packages import packages_there

    gc.set_threshold(NEW_OBJECTS)
    try:
        with packages_there():
            from kopir.cli.application import application
            from kopir.cli.stdout import keep_stdout_for_data
    except InputError as error:  # nothing is there yet that could tell it better
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    keep_stdout_for_data()
    try:
        application()
    finally:
        gc.freeze()  # the process ends: what it made goes with it and need not be looked through once more
