"""What every suite shares: properties are held by facts, never by a clock, and an interrupt means the same however the run was started."""

from __future__ import annotations

import signal

import hypothesis

hypothesis.settings.register_profile("pkctl", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("pkctl")

signal.signal(signal.SIGINT, signal.default_int_handler)
