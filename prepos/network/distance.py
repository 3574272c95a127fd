"""How far it is: great circles, and what is travelled for one km of great circle."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from prepos.data.distance import EARTH_RADIUS_KM, Floats, great_circle_km

__all__ = ["EARTH_RADIUS_KM", "describe", "great_circle_km", "matrix_km"]


def matrix_km(origins: npt.ArrayLike, destinations: npt.ArrayLike) -> Floats:
    """Return great-circle distances from every origin to every destination, shape (origins, destinations).

    Parameters
    ----------
    origins, destinations
        Arrays of (lat, lon) rows, degrees.
    """
    a = np.asarray(origins, dtype=np.float64).reshape(-1, 2)
    b = np.asarray(destinations, dtype=np.float64).reshape(-1, 2)
    return great_circle_km(a[:, None, 0], a[:, None, 1], b[None, :, 0], b[None, :, 1])


def describe(detour: float) -> str:
    """Say how an estimated distance was made: ``"great circle x 1.35"``."""
    return "great circle" if detour == 1 else f"great circle x {detour:.3g}"
