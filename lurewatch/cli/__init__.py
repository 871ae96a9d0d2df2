from lurewatch.cli.contents import main as main
