"""Tests of kopir, one folder a room. What is asked without a day is asked on 27 November 2026."""

import os

os.environ["SOURCE_DATE_EPOCH"] = "1795780800"
