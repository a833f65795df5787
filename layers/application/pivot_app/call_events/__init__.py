"""What KAZOO tells of calls: the webhooks' door, and the workers that settle, sweep, compare and control."""

from pivot_app.call_events._crossbar import CrossbarCalls as CrossbarCalls
