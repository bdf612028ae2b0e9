"""Counts for Prometheus, told over HTTP on an address of this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from bot.replies import Outcome
from bot.settings import SettingsError

_KINDS = ("turn", "update", "aside", "postponed", "late", "flooded", "undelivered")
_OWN = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_WHOLE = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 600.0)


class Metrics:
    """A meter whose counts can be fetched."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.registry = CollectorRegistry()
        self._turns = Counter("zhuiwen_turns", "Turns by what they came to", ["outcome"], registry=self.registry)
        self._errors = Counter("zhuiwen_errors", "What went wrong", ["kind"], registry=self.registry)
        self._worked = Histogram("zhuiwen_work_seconds", "Own work on an update", registry=self.registry, buckets=_OWN)
        self._answered = Histogram(
            "zhuiwen_update_seconds", "From an update's arrival until it is settled", registry=self.registry, buckets=_WHOLE
        )
        self._queue = Gauge("zhuiwen_queue_updates", "Updates that wait to be worked on", registry=self.registry)
        # What never happened is 0 and not missing, so that rates can be computed from the start.
        for outcome in Outcome:
            self._turns.labels(outcome)
        for kind in _KINDS:
            self._errors.labels(kind)

    def turn(self, outcome: Outcome) -> None:
        """A turn came to this."""
        self._turns.labels(outcome).inc()

    def error(self, kind: str) -> None:
        """Something went wrong."""
        self._errors.labels(kind).inc()

    def worked(self, seconds: float) -> None:
        """So long took our own work on an update."""
        self._worked.observe(seconds)

    def answered(self, seconds: float) -> None:
        """So long after it came in was an update settled."""
        self._answered.observe(seconds)

    def queue(self, depth: Callable[[], float]) -> None:
        """This says how many updates wait."""
        self._queue.set_function(depth)

    @contextmanager
    def told(self, listen: str) -> Iterator[None]:
        """Meanwhile the counts can be fetched at ``host:port``.

        Raises:
            SettingsError: Nothing can listen there.
        """
        host, _, port = listen.rpartition(":")
        try:
            server, thread = start_http_server(int(port), host, self.registry)
        except OSError as fault:
            raise SettingsError(f"ZHUIWEN_TELEGRAM_METRICS: nothing can listen on {listen} ({fault.strerror})") from None
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
