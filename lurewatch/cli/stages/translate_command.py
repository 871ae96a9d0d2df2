"""`lurewatch translate`: translate the titles of the queue ahead."""

import click

from desk.people.accounts import LANGUAGES
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.translate import translate_ahead
from lurewatch.cli.presenter import json_option, print_json, show_progress
from lurewatch.settings import load_settings


@click.command()
@click.option("--most", type=click.IntRange(1, 100_000), default=500, show_default=True, help="Items of the queue, from its top.")
@click.option(
    "--into", "languages", type=click.Choice(list(LANGUAGES)), multiple=True,
    help="Language; may be repeated. Without it those that the people of the desk read.",
)  # fmt: skip
@click.option("--forget", is_flag=True, help="Delete every kept translation first, as after a change of the service's models.")
@json_option
def command(most: int, languages: tuple[str, ...], forget: bool, as_json: bool) -> None:
    """Translate the titles of undecided items ahead, so that the queue can be read.

    They go to the service of LUREWATCH_TRANSLATION_URL alone, with contacts and names masked, and are kept; what is kept is not
    sent again. An item in which a victim speaks is never sent. Broken off, the same command carries on.

    \b
    lurewatch translate --most 2000 --into vi
    """
    settings = load_settings()
    with desk_and_index_opened(settings) as (engine, store), show_progress("titles", most) as tell:
        done = translate_ahead(settings, engine, store, most=most, languages=languages, forget=forget, progress=tell)
    if as_json:
        print_json(done)
        return
    click.echo(f"{done.titles} titles translated of {done.looked_at} items, into {', '.join(done.languages)}")
    for sentence in done.without:
        click.echo(sentence)
