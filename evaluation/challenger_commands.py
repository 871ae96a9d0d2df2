"""`python -m evaluation challenger`: a challenger from analysts' decisions; it judges nothing until a person promotes it."""

from pathlib import Path

import click

from evaluation import challenger as training
from evaluation.text_sets import carried_texts
from lurewatch.app import challengers
from lurewatch.app.texts import encode_line
from lurewatch.cli.one_line_errors import OneLineGroup
from lurewatch.cli.sign_in import whoami
from lurewatch.models.text_tables import comparison
from lurewatch.settings import load_settings

data_option = click.option(
    "--data", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that holds texts/ with real texts, to judge with and, in training, to learn from; they are not carried.",
)  # fmt: skip
texts_option = click.option(
    "--texts", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
    show_default="benchmarks/texts of the source code", help="Folder with authored texts: training/, held_out/ and labels/.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="The whole report as one JSON object.")


@click.group(cls=OneLineGroup, no_args_is_help=True)
def challenger() -> None:
    """Learn a model from analysts' decisions and compare it with the one that judges."""


@challenger.command()
@click.option(
    "--carried", "files", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
    help="Labelled file to learn from besides, may be repeated; default: listings-*.jsonl and terse*.jsonl of --texts. Fewer "
    "texts are learned sooner, and hold the challenger less.",
)  # fmt: skip
@click.option("--without", multiple=True, metavar="NAME", help="Pass over the decisions of this person; may be repeated.")
@click.option("--no-shadow", is_flag=True, help="Do not let it run in shadow from now on.")
@data_option
@texts_option
@json_option
def train(
    files: tuple[Path, ...], without: tuple[str, ...], no_shadow: bool, data: Path | None, folder: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Learn a challenger from what analysts decided, compare it with the champion, and let it run in shadow.

    \b
    python -m evaluation challenger train
    python -m evaluation challenger train --without mallory

    Copies of one text count once; what two people decided differently is left out; a text nobody opened is a weak label. One
    person's decisions have at most a tenth of the learning weight. A fifth of the decisions is kept from training to judge with.
    The report says what each person weighs, and every figure that is worse than the champion's or the shipped model's. Nothing is
    promoted: `lurewatch models promote` is a person's.
    """
    settings, actor = load_settings(), whoami()
    texts = carried_texts(folder)
    material = training.Material(texts=texts, carried=files or tuple(texts.training_files()), data=data)
    result = training.train(settings, material, without=without, by=actor, progress=lambda text: click.echo(text, err=True))
    if not no_shadow:
        challengers.run_in_shadow(settings, result.challenger, by=actor)
    known = challengers.challenger_report(settings, result.challenger)
    click.echo(encode_line(known) if as_json else comparison(known.comparison, known.findings))


@challenger.command()
@click.argument("version")
@data_option
@texts_option
@json_option
def compare(version: str, data: Path | None, folder: Path | None, as_json: bool) -> None:
    """Compare VERSION anew with the champion of now, on the decisions of now."""
    settings = load_settings()
    texts = carried_texts(folder)
    material = training.Material(texts=texts, carried=tuple(texts.training_files()), data=data)
    training.compare(settings, version, material, progress=lambda text: click.echo(text, err=True))
    known = challengers.challenger_report(settings, version)
    click.echo(encode_line(known) if as_json else comparison(known.comparison, known.findings))
