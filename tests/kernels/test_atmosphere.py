import math

import numpy as np
import pytest

from mantlet.kernels.atmosphere import TOP_M, density_and_sound, standard_air

# U.S. Standard Atmosphere, 1976 (identical to ISO 2533 up to 80 km), tables I and III:
# geometric height [m], temperature [K], pressure [Pa], density [kg/m3], speed of sound [m/s].
PUBLISHED = [
    (0.0, 288.150, 1.01325e5, 1.2250e0, 340.294),
    (1_000.0, 281.651, 8.9876e4, 1.1117e0, 336.435),
    (5_000.0, 255.676, 5.4048e4, 7.3643e-1, 320.545),
    (10_000.0, 223.252, 2.6500e4, 4.1351e-1, 299.532),
    (15_000.0, 216.650, 1.2112e4, 1.9476e-1, 295.069),
    (20_000.0, 216.650, 5.5293e3, 8.8910e-2, 295.069),
    (30_000.0, 226.509, 1.1970e3, 1.8410e-2, 301.709),
    (50_000.0, 270.650, 7.9779e1, 1.0269e-3, 329.799),
    (70_000.0, 219.585, 5.2209e0, 8.2829e-5, 297.062),
]


@pytest.mark.parametrize("row", PUBLISHED)
def test_closed_formulas_give_the_published_table(row):
    height, temperature, pressure, density, _ = row
    # Half a unit of the last printed digit.
    assert standard_air(height) == pytest.approx((temperature, pressure, density), rel=5e-5)


@pytest.mark.parametrize("row", PUBLISHED)
def test_smooth_tables_give_the_published_table(row):
    height, _, _, density, sound = row
    assert density_and_sound(height, 0.0, 1.0) == pytest.approx((density, sound), rel=1e-4)


def test_rounding_of_the_corners_stays_below_a_tenth_of_a_percent_or_so():
    heights = np.arange(-900.0, 80_000.0, 37.0)
    exact = np.array([standard_air(h)[2] for h in heights])
    smooth = np.array([density_and_sound(h, 0.0, 1.0)[0] for h in heights])
    error = np.abs(smooth / exact - 1.0)
    assert error.max() < 1.5e-3
    assert np.median(error) < 1e-6


@pytest.mark.parametrize("column", [0, 1])
def test_tables_have_no_kinks(column):
    # Halving the step quarters the second difference of a smooth curve and halves that of a kink.
    for knot in (0.0, 11_000.0, 11_500.0, 20_000.0, 20_500.0, 32_000.0, 47_500.0, 51_500.0):
        coarse, fine = (
            abs(
                density_and_sound(knot + step, 0.0, 1.0)[column]
                - 2.0 * density_and_sound(knot, 0.0, 1.0)[column]
                + density_and_sound(knot - step, 0.0, 1.0)[column]
            )
            for step in (20.0, 10.0)
        )
        assert fine < 0.3 * coarse + 1e-12


def test_warmer_air_is_thinner_and_faster_by_the_gas_law():
    density, sound = density_and_sound(0.0, 15.0, 1.0)
    assert density == pytest.approx(1.225 * 288.15 / 303.15, rel=1e-6)
    assert sound == pytest.approx(340.294 * math.sqrt(303.15 / 288.15), rel=1e-6)


def test_pressure_multiplies_density_alone():
    density, sound = density_and_sound(3_000.0, 0.0, 1.0)
    assert density_and_sound(3_000.0, 0.0, 0.95) == pytest.approx((0.95 * density, sound))


def test_there_is_no_air_above_the_top_nor_for_a_height_that_is_no_number():
    assert density_and_sound(TOP_M, 0.0, 1.0)[0] == 0.0
    density, sound = density_and_sound(math.nan, 0.0, 1.0)
    assert density == 0.0
    assert sound > 0.0


def test_below_the_table_the_air_of_its_bottom_holds():
    assert density_and_sound(-5_000.0, 0.0, 1.0) == density_and_sound(-1_000.0, 0.0, 1.0)
