"""The words of a scenario file: keys, types and ranges, one class per block.

`None` means "as the component's own default": defaults live with the components, once. Numbers are
strict (no quoted numbers, no booleans), finite, and carry their unit in the key.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field
from pydantic import Tag as PydanticTag


class Block(BaseModel):
    """A mapping in the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    def given(self, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """The plain values the file states, for the component's constructor."""
        keys = [key for key in type(self).model_fields if key not in without]
        return {key: getattr(self, key) for key in keys if getattr(self, key) is not None}


def _utc(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("no point in time; write it like 2021-05-09T21:00:00Z")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("no point in time; write it like 2021-05-09T21:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone; end it with Z for UTC")
    return moment.astimezone(UTC)


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("more than one line; keep it to one line of text")
    return text


def _on_earth(point: list[float]) -> list[float]:
    if len(point) != 2:
        raise ValueError("a corner has two numbers; write [lat, lon]")
    if abs(point[0]) > 90 or abs(point[1]) > 180:
        raise ValueError(f"[{point[0]:g}, {point[1]:g}] is not on the Earth; write [lat, lon]")
    return point


def _rising(span: list[float]) -> list[float]:
    if len(span) != 2 or not span[0] < span[1]:
        raise ValueError("no span of time; write [start, end] in seconds, the end later")
    return span


Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Height = Annotated[float, Field(ge=-500, le=9_000)]
NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Seconds = Annotated[float, Field(ge=0, le=366 * 86_400)]
Probability = Annotated[float, Field(ge=0, le=1)]
Degrees = Annotated[float, Field(ge=-360, le=360)]
Elevation = Annotated[float, Field(ge=-90, le=90)]
Epoch = Annotated[datetime, BeforeValidator(_utc)]
Mixture = Annotated[dict[str, NotNegative], Field(min_length=1)]
Span = Annotated[list[Seconds], AfterValidator(_rising)]
Point = Annotated[list[float], AfterValidator(_on_earth)]


class SiteBlock(Block):
    """Where something stands."""

    lat: Latitude
    lon: Longitude
    height_m: Height = 0.0


class _Coverage(Block):
    """What all radars have in common."""

    id: Name
    site: SiteBlock
    period_s: Annotated[float, Field(ge=0.05, le=60)] | None = None
    offset_s: NotNegative | None = None
    range_min_m: NotNegative | None = None
    range_max_m: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    elevation_min_deg: Elevation | None = None
    elevation_max_deg: Elevation | None = None
    sigma_range_m: Positive | None = None
    sigma_azimuth_rad: Annotated[float, Field(gt=0, le=0.5)] | None = None
    sigma_elevation_rad: Annotated[float, Field(gt=0, le=0.5)] | None = None
    sigma_range_rate_mps: Positive | None = None
    azimuth_centre_deg: Degrees | None = None
    azimuth_width_deg: Annotated[float, Field(gt=0, le=360)] | None = None
    false_plots_per_scan: Annotated[float, Field(ge=0, le=10_000)] | None = None
    tolerance_range_m: Annotated[float, Field(ge=0, le=10_000)] | None = None
    tolerance_azimuth_rad: Annotated[float, Field(ge=0, le=0.5)] | None = None
    tolerance_elevation_rad: Annotated[float, Field(ge=0, le=0.5)] | None = None


class FaultsBlock(Block):
    """What goes wrong between a radar and whoever uses its plots."""

    bias_range_m: Annotated[float, Field(ge=-10_000, le=10_000)] | None = None
    bias_azimuth_deg: Degrees | None = None
    bias_elevation_deg: Elevation | None = None
    bias_time_s: Annotated[float, Field(ge=0, le=60)] | None = None
    outages: list[Span] | None = None
    loss_probability: Probability | None = None
    loss_burst_scans: Annotated[int, Field(ge=0, le=1_000)] | None = None
    duplicate_probability: Probability | None = None
    late_probability: Probability | None = None
    late_min_s: Annotated[float, Field(gt=0, le=60)] | None = None
    late_max_s: Annotated[float, Field(gt=0, le=60)] | None = None


class EquationBlock(Block):
    """Figures of a radar for the radar equation, in place of an SNR at a range."""

    peak_power_w: Positive | None = None
    gain_db: Annotated[float, Field(ge=-20, le=80)] | None = None
    wavelength_m: Annotated[float, Field(gt=0, le=10)] | None = None
    pulse_s: Annotated[float, Field(gt=0, le=10)] | None = None
    noise_figure_db: Annotated[float, Field(ge=0, le=50)] | None = None
    losses_db: Annotated[float, Field(ge=0, le=100)] | None = None


class ClutterBlock(Block):
    """A place where a radar shows more false plots."""

    false_plots_per_scan: Annotated[float, Field(ge=0, le=10_000)]
    range_min_m: NotNegative | None = None
    range_max_m: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    azimuth_centre_deg: Degrees | None = None
    azimuth_width_deg: Annotated[float, Field(gt=0, le=360)] | None = None
    elevation_min_deg: Elevation | None = None
    elevation_max_deg: Elevation | None = None


class JammingBlock(Block):
    """Raised noise in a sector for a while."""

    azimuth_centre_deg: Degrees | None = None
    azimuth_width_deg: Annotated[float, Field(gt=0, le=360)] | None = None
    from_s: Seconds | None = None
    until_s: Seconds | None = None
    noise_db: Annotated[float, Field(ge=0, le=100)] | None = None


class SearchRadarBlock(_Coverage):
    """A simulated three-dimensional radar: one that turns, or one fixed array."""

    kind: Literal["search-3d", "staring-3d"] = "search-3d"
    reference_range_m: Positive | None = None
    reference_snr_db: Annotated[float, Field(ge=-50, le=100)] | None = None
    equation: EquationBlock | None = None
    swerling: Literal[0, 1, 3] | None = None
    pulses: Annotated[int, Field(ge=1, le=100)] | None = None
    false_alarm_probability: Annotated[float, Field(ge=1e-15, lt=0.1)] | None = None
    range_resolution_m: Positive | None = None
    azimuth_beamwidth_deg: Annotated[float, Field(gt=0, le=90)] | None = None
    elevation_beamwidth_deg: Annotated[float, Field(gt=0, le=90)] | None = None
    range_rate_resolution_mps: NotNegative | None = None
    refraction: Literal["corrected", "apparent", "none"] | None = None
    false_alarms: Literal["stated", "by-cell"] | None = None
    clutter: Annotated[list[ClutterBlock], Field(max_length=100)] | None = None
    jamming: JammingBlock | None = None
    faults: FaultsBlock | None = None


class GivenRadarBlock(_Coverage):
    """Somebody else's radar, known only by its figures."""

    kind: Literal["given"] = "given"
    detection_probability: Annotated[float, Field(gt=0, lt=1)] | None = None
    typical_snr_db: Annotated[float, Field(ge=-50, le=150)] | None = None
    threshold_snr_db: Annotated[float, Field(ge=-50, le=150)] | None = None
    floor_range_m: NotNegative | None = None
    floor_azimuth_rad: NotNegative | None = None
    floor_elevation_rad: NotNegative | None = None


class GivenRadars(Block):
    """The file of `mantlet track --radar`."""

    radars: Annotated[list[GivenRadarBlock], Field(min_length=1)]


class EnvelopeBlock(Block):
    """What an interceptor can reach, and how fast."""

    range_min_m: NotNegative | None = None
    range_max_m: Positive | None = None
    height_min_m: NotNegative | None = None
    height_max_m: Positive | None = None
    flyout_range_m: Annotated[list[NotNegative], Field(min_length=2, max_length=100)] | None = None
    flyout_time_s: Annotated[list[NotNegative], Field(min_length=2, max_length=100)] | None = None


class BatteryBlock(Block):
    """A battery of interceptors."""

    id: Name
    site: SiteBlock
    launchers: Annotated[int, Field(ge=1, le=100)] | None = None
    interceptors: Annotated[int, Field(ge=0, le=100_000)] | None = None
    reload_min: NotNegative | None = None
    stock: Annotated[int, Field(ge=-1)] | None = None
    envelope: EnvelopeBlock | None = None


class WarningBlock(Block):
    """When zones are alerted."""

    policy: Literal["cost-threshold"] = "cost-threshold"
    cost_ratio: Annotated[float, Field(gt=0, le=1)] | None = None
    margin_m: Annotated[float, Field(ge=0, le=20_000)] | None = None
    confirm_s: Seconds | None = None
    update_s: Seconds | None = None
    update_gap_s: Seconds | None = None
    cancel_ratio: Annotated[float, Field(gt=0, le=1)] | None = None
    cancel_after_s: Seconds | None = None
    hold_s: Seconds | None = None
    delivery_s: Seconds | None = None


class EngagementBlock(Block):
    """Which tracks are engaged, and how."""

    policy: Literal["shoot-look-shoot"] = "shoot-look-shoot"
    defend: Literal["populated"] = "populated"
    threat_probability: Probability | None = None
    kill_probability: Probability | None = None
    reach_m: NotNegative | None = None
    age_min_s: Seconds | None = None
    decision_s: Seconds | None = None
    launch_delay_s: Seconds | None = None
    look_s: Seconds | None = None
    assessment_patience_s: Seconds | None = None
    salvo: Annotated[int, Field(ge=1, le=20)] | None = None
    shots_max: Annotated[int, Field(ge=1, le=20)] | None = None
    reach_probability_min: Probability | None = None
    debris_coefficient_kgm2: NotNegative | None = None
    debris_sigmas: NotNegative | None = None
    debris_near_m: NotNegative | None = None
    debris_near_s: Seconds | None = None
    debris_speed_mps: NotNegative | None = None
    scarcity: NotNegative | None = None


class LethalityBlock(Block):
    """What a shot truly does to what it reaches."""

    kill_probability: Probability | None = None
    common_cause: Probability | None = None
    reach_m: Positive | None = None


class ObservationBlock(Block):
    """How well the outcome of a shot is seen."""

    look_s: Seconds | None = None
    unknown: Probability | None = None
    false_hit: Probability | None = None
    false_miss: Probability | None = None


class WindLevel(Block):
    """Wind at one height, blowing towards east and north."""

    height_m: Annotated[float, Field(ge=-500, le=100_000)]
    east_mps: Annotated[float, Field(ge=-150, le=150)]
    north_mps: Annotated[float, Field(ge=-150, le=150)]


class AirBlock(Block):
    """Deviations from the standard atmosphere."""

    temperature_offset_k: Annotated[float, Field(ge=-80, le=80)] | None = None
    pressure_factor: Annotated[float, Field(ge=0, le=2)] | None = None
    wind: list[WindLevel] | None = None
    wind_sigma_mps: Annotated[float, Field(ge=0, le=100)] | None = None
    density_sigma: Probability | None = None


class PlacesBlock(Block):
    """Where people are: one of a bundled set or a file of zones."""

    bundled: str | None = None
    file: str | None = None


class ZoneBlock(Block):
    """A zone drawn in the scenario itself: an outline ([lat, lon] corners) and its people."""

    id: Annotated[int, Field(ge=0, le=2**53)]
    name: Line
    names: dict[str, Line] | None = None
    population: Annotated[float, Field(ge=0, le=1e9)]
    shelter_time_s: Annotated[float, Field(ge=0, le=3600)]
    polygon: Annotated[list[Point], Field(min_length=3)]


class CoastBlock(Block):
    """Named territories around the scenario, everything outside them sea: bundled or a file."""

    bundled: str | None = None
    file: str | None = None


class TerrainBlock(Block):
    """Heights of the ground: a GeoTIFF or an SRTM tile."""

    file: str
    geoid_m: Annotated[float, Field(ge=-150, le=150)] | None = None


class AreaBlock(Block):
    """Where raids start: one of an outline ([lat, lon] corners) or a named territory."""

    id: Name
    polygon: Annotated[list[Point], Field(min_length=3)] | None = None
    territory: str | None = None


class TowardBlock(Block):
    """Where the falls of a volley are spread."""

    lat: Latitude
    lon: Longitude
    spread_km: NotNegative = 2.0


class VolleyBlock(Block):
    """A stated number of flights within a stated time."""

    kind: Literal["volley"]
    id: Name
    at_s: Seconds
    duration_s: Seconds
    count: Annotated[int, Field(ge=1, le=100_000)]
    mixture: Mixture
    area: str
    toward: TowardBlock
    misfire_share: Probability | None = None


class CampaignBlock(Block):
    """Days of raids after a published profile of launches, or one of the scenario's own."""

    kind: Literal["campaign"]
    profile: Literal["published-2021"] | None = None
    file: str | None = None
    mixture: Mixture | None = None
    areas: Annotated[list[str], Field(min_length=1)]
    towards: list[str] = []


class TableBlock(Block):
    """Volleys as rows of a CSV file."""

    kind: Literal["table"]
    file: str


class RecordBlock(Block):
    """Falls as rows of a CSV file, made from an alert record by `mantlet import alerts`."""

    kind: Literal["record"]
    file: str
    areas: list[str] = []


Raid = Annotated[
    Annotated[VolleyBlock, PydanticTag("volley")]
    | Annotated[CampaignBlock, PydanticTag("campaign")]
    | Annotated[TableBlock, PydanticTag("table")]
    | Annotated[RecordBlock, PydanticTag("record")],
    Discriminator("kind"),
]


class ScenarioBlock(Block):
    """A whole scenario file."""

    name: Name
    title: Line
    epoch: Epoch
    notes: list[Line] = []
    places: PlacesBlock | None = None
    zones: Annotated[list[ZoneBlock], Field(max_length=10_000)] = []
    coast: CoastBlock | None = None
    terrain: TerrainBlock | None = None
    air: AirBlock = AirBlock()
    radars: Annotated[list[SearchRadarBlock], Field(min_length=1, max_length=200)]
    batteries: Annotated[list[BatteryBlock], Field(max_length=1_000)] = []
    warning: WarningBlock = WarningBlock()
    engagement: EngagementBlock = EngagementBlock()
    lethality: LethalityBlock = LethalityBlock()
    observation: ObservationBlock = ObservationBlock()
    areas: list[AreaBlock] = []
    raids: Annotated[list[Raid], Field(min_length=1, max_length=10_000)]
