"""The command line."""

import sys


def main() -> None:
    """Run the command line; the process ends with the exit code that ``kopir --help`` documents."""
    from kopir.core.errors import InputError
    from kopir.core.packages import packages_there

    try:
        with packages_there():
            from kopir.cli.application import application
            from kopir.cli.stdout import keep_stdout_for_data
    except InputError as error:  # nothing is there yet that could tell it better
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    keep_stdout_for_data()
    application()
