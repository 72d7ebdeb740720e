"""The command line."""


def main() -> None:
    """Run the command line; the process ends with the exit code that ``kopir --help`` documents."""
    from kopir.cli.application import application
    from kopir.cli.stdout import keep_stdout_for_data

    keep_stdout_for_data()
    application()
