"""What every suite shares: properties are held by facts, never by a clock."""

from __future__ import annotations

import hypothesis

hypothesis.settings.register_profile("pkctl", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("pkctl")
