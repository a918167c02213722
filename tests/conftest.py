"""Settings for every test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A slow or busy machine is not a failure, and the same commit gives the same result everywhere.
settings.register_profile("unrolled", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unrolled")
