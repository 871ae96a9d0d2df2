"""``python -m evaluation``: how good each part is on labelled data, and the training of the models. Needs the source code."""

from enrichment.errors import ModelError, SeedsError
from evaluation.challenger_commands import challenger
from evaluation.commands import command
from lurewatch.settings import SettingsError

command.add_command(challenger)

if __name__ == "__main__":
    try:
        command(prog_name="python -m evaluation")
    except (SettingsError, SeedsError, ModelError) as exc:
        raise SystemExit(f"evaluation: {exc}") from exc
