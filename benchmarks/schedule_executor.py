"""An executor that takes tasks and starts none: what is left is the scheduler's own work."""

from typing import Any

from airflow.executors.base_executor import BaseExecutor


class IdleExecutor(BaseExecutor):
    """Takes everything, does nothing."""

    def _process_workloads(self, workloads: Any) -> None:  # noqa: ARG002 - the base class asks for it
        self.queued_tasks.clear()

    def end(self) -> None:
        """Nothing runs."""

    def terminate(self) -> None:
        """Nothing runs."""
