"""Great circles: how far two points of the Earth are apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of the GRS 80 ellipsoid (Moritz 2000)


def great_circle_km(lat1: npt.ArrayLike, lon1: npt.ArrayLike, lat2: npt.ArrayLike, lon2: npt.ArrayLike) -> Floats:
    r"""Return the great-circle distance in km by the haversine formula.

    .. math:: 2R \arcsin\sqrt{\sin^2\frac{\Delta\varphi}{2} + \cos\varphi_1\cos\varphi_2\sin^2\frac{\Delta\lambda}{2}}

    The sphere is within 0.6 % of the ellipsoid. Longitudes may lie on both sides of the antimeridian.

    Parameters
    ----------
    lat1, lon1, lat2, lon2
        Degrees; shapes are broadcast against each other. An unknown coordinate (NaN) gives NaN.
    """
    phi1, lambda1, phi2, lambda2 = (np.radians(np.asarray(x, dtype=np.float64)) for x in (lat1, lon1, lat2, lon2))
    half_chord = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin((lambda2 - lambda1) / 2) ** 2
    distance: Any = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half_chord, 0.0, 1.0)))
    return np.asarray(distance, dtype=np.float64)
