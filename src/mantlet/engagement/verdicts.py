"""Why a track is or is not engaged: the codes held in state and their words in Decisions."""

(
    NONE,
    ENGAGE,
    OPEN_GROUND,
    YOUNG,
    COASTING,
    DECIDING,
    NO_ENVELOPE,
    NOT_YET,
    OUT_OF_TIME,
    MAGAZINE_EMPTY,
    IMPRECISE,
    AWAITING,
    SHOTS_SPENT,
    DEBRIS_LIKE,
    OUTBID,
    HIT,
) = range(16)

WORDS = (
    "",
    "engage",
    "hold: open ground",
    "hold: track young",
    "hold: track coasting",
    "hold: awaiting decision",
    "hold: no envelope",
    "hold: not yet in reach",
    "hold: out of time",
    "hold: magazine empty",
    "hold: track imprecise",
    "hold: awaiting assessment",
    "hold: shots spent",
    "hold: debris-like",
    "hold: launchers needed elsewhere",
    "done: assessed hit",
)
"""Text of each code, by its number."""
