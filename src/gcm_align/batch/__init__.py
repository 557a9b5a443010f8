"""Many documents into one dataset: resumable, over processes of one machine or a cluster."""

from __future__ import annotations
