"""`lurewatch sources init`: the seeds of this release as files of one's own."""

from pathlib import Path

import click

from lurewatch.app.seeds.seed_commits import bring
from lurewatch.settings import SHIPPED_SEEDS

NEXT = """Next, in {folder}:
  lurewatch doctor           what is used, what is missing
  lurewatch demo --once      the whole pipeline on the sample sites of this machine
  lurewatch sources list     the sources; `enabled: true` in seeds/sources/NAME.yml turns one on
  lurewatch lures check      after an edit in seeds/lures
"""


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def init_command(folder: Path) -> None:
    """Copy sources, lures, places, platforms and sample sites of this release to FOLDER/seeds (default: the working folder).

    Commands run in FOLDER use these files. Run it again after an upgrade: a file you edited, removed or added stays as it is,
    all others become those of the new release.
    """
    seeds = folder / "seeds"
    if seeds.resolve() == SHIPPED_SEEDS.resolve():
        raise click.ClickException(f"{seeds} belongs to the source code and is used as it is; name another folder")
    try:
        seeds.mkdir(parents=True, exist_ok=True)
        changed, kept = bring(SHIPPED_SEEDS, seeds)
    except OSError as exc:
        raise click.ClickException(f"{exc.filename or seeds}: {exc.strerror}; name a folder that can be written") from exc
    click.echo(f"{seeds}: {len(changed)} files written, {len(kept)} of yours kept that this release ships otherwise")
    for name in kept:
        click.echo(f"  compare {seeds / name} with {SHIPPED_SEEDS / name}")
    click.echo(NEXT.format(folder=folder.resolve()), nl=False)
