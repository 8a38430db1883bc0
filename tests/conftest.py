"""What every suite shares: properties are tried with the same examples in each run (--hypothesis-profile=exploring: others), by no clock,
and an interrupt means the same however the run was started."""

from __future__ import annotations

import signal

import hypothesis

hypothesis.settings.register_profile("exploring", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("pkctl", hypothesis.settings.get_profile("exploring"), derandomize=True)
hypothesis.settings.load_profile("pkctl")

signal.signal(signal.SIGINT, signal.default_int_handler)
