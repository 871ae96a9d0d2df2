"""`lurewatch train`: a challenger from analysts' decisions; it judges nothing until a person promotes it."""

from pathlib import Path

import click

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


@click.command(no_args_is_help=True)
@click.option("--decisions", is_flag=True, required=True, help="Learn from the desk's decisions and the carried texts.")
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
def command(
    decisions: bool,  # noqa: ARG001 - says what is learned from; click asks for it
    files: tuple[Path, ...], without: tuple[str, ...], no_shadow: bool, data: Path | None, folder: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Learn a challenger from what analysts decided, compare it with the champion, and let it run in shadow.

    \b
    lurewatch train --decisions
    lurewatch train --decisions --without mallory

    Copies of one text count once; what two people decided differently is left out; a text nobody opened is a weak label. One
    person's decisions have at most a tenth of the learning weight. A fifth of the decisions is kept from training to judge with.
    The report says what each person weighs, and every figure that is worse than the champion's or the shipped model's. Nothing is
    promoted: `lurewatch models promote` is a person's.
    """
    from lurewatch.app import training
    from lurewatch.app.texts import encoded
    from lurewatch.cli.administer.users import whoami
    from lurewatch.cli.errors import one_line_errors
    from lurewatch.evaluation.text_sets import carried
    from lurewatch.models.tables import comparison

    settings, actor = load_settings(), whoami()
    with one_line_errors():
        texts = carried(folder)
        material = training.Material(texts=texts, carried=files or tuple(texts.learned()), data=data)
        result = training.train(settings, material, without=without, by=actor, progress=lambda text: click.echo(text, err=True))
        if not no_shadow:
            training.run_in_shadow(settings, result.challenger, by=actor)
        known = training.tried(settings, result.challenger)
    click.echo(encoded(known) if as_json else comparison(known.comparison, known.findings))
