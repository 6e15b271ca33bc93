"""What there is to be seen: true states, handed to radars and to nobody who decides."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NO_IDS = np.empty(0, np.int64)


@dataclass(frozen=True)
class Objects:
    """Everything that flies at one moment, true states: threats, debris, interceptors alike.

    `object_id` (n,) int64 is what plots are said to come from; `draw_key` (n,) int64 below 2**32
    is all that their draws hang on; `position_m` and `velocity_mps` (n, 3) ECEF; `rcs_m2` (n, 3)
    mean radar cross-section from the nose, the side and the tail, the nose being where the
    velocity points, or (n,) of bodies that look alike from everywhere.
    """

    object_id: NDArray[np.int64]
    draw_key: NDArray[np.int64]
    position_m: Floats
    velocity_mps: Floats
    rcs_m2: Floats

    @classmethod
    def none(cls) -> Self:
        """An empty sky."""
        return cls(_NO_IDS, _NO_IDS, np.empty((0, 3)), np.empty((0, 3)), np.empty((0, 3)))

    def followed_by(self, others: "Objects") -> "Objects":
        """These rows, then those of others."""
        return Objects(
            np.concatenate([self.object_id, others.object_id]),
            np.concatenate([self.draw_key, others.draw_key]),
            np.concatenate([self.position_m, others.position_m]),
            np.concatenate([self.velocity_mps, others.velocity_mps]),
            np.concatenate([self.rcs_m2, others.rcs_m2]),
        )

    def take(self, rows: NDArray[np.int64]) -> "Objects":
        """Some rows, in the order asked for."""
        return Objects(
            self.object_id[rows],
            self.draw_key[rows],
            self.position_m[rows],
            self.velocity_mps[rows],
            self.rcs_m2[rows],
        )


def from_all_sides(rcs_m2: Floats) -> Floats:
    """Cross-sections as (n, 3): nose, side and tail alike where only (n,) is given."""
    if rcs_m2.ndim == 2:
        return rcs_m2
    return np.repeat(rcs_m2[:, None], 3, axis=1)
