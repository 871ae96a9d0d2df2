"""Airflow's Celery executors of docker-compose.yml: one for each worker, each over a broker that the other does not know."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from airflow.models.taskinstance import TaskInstance
from airflow.models.taskinstancekey import TaskInstanceKey
from airflow.providers.celery.executors.celery_executor import CeleryExecutor
from airflow.providers.celery.executors.celery_executor_utils import OPERATION_TIMEOUT, ExceptionWithTraceback
from airflow.providers.common.compat.sdk import AirflowTaskTimeout, timeout
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from celery.result import AsyncResult
from kombu.exceptions import EncodeError, OperationalError
from redis.exceptions import RedisError
from sqlalchemy import select

from lurewatch.app.schedule import RENDER_EXECUTOR

AWAY = (OperationalError, RedisError, OSError, AirflowTaskTimeout)
"""Exceptions of a broker that does not answer: Celery's, its Redis client's, and Airflow's own time limit."""


class WorkExecutor(CeleryExecutor):
    """Airflow's executor over a broker that may be away: a task that never began does not count as tried.

    Airflow's own executor calls a task failed when its message cannot be sent, or when a worker took it and could not begin
    it. Here such a message is sent again at each heartbeat, and such a task stays queued; ``task_queued_timeout`` queues it
    again without a try.
    """

    options: ClassVar[str | None] = None
    """Name in ``AIRFLOW__<NAME>___CELERY__…`` whose options it reads; None: the general ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"team_name": self.options})  # type: ignore[no-untyped-call]
        # Airflow's teams have options of their own; but a task of no team goes to executors of no team only.
        self.team_name = None
        self._away = False

    def _send_workloads_to_celery(self, workload_tuples_to_send: Sequence[Any]) -> list[Any]:
        """Send the first task, then the others when the broker accepts it; the rest stays queued here."""
        mine = [(key, workload, queue, self.options) for key, workload, queue, _ in workload_tuples_to_send]
        answers: list[Any] = []
        for some in filter(None, (mine[:1], mine[1:])):
            answers += super()._send_workloads_to_celery(some)
            unsent = [result.exception for _, _, result in answers if _is_unsent(result)]
            self._note_broker(unsent[0] if unsent else None)
            if unsent:
                break
        return [answer for answer in answers if not _is_unsent(answer[2])]

    def sync(self) -> None:
        """Ask for the state of sent tasks; while the broker is away nothing counts as failed."""
        with self._broker():
            super().sync()

    def revoke_task(self, *, ti: TaskInstance) -> None:
        """Revoke a task that did not begin; while the broker is away, only here."""
        if self._away:
            self.workloads.pop(ti.key, None)
        with self._broker():
            super().revoke_task(ti=ti)
        self.running.discard(ti.key)
        self.queued_tasks.pop(ti.key, None)

    def try_adopt_task_instances(self, tis: Sequence[TaskInstance]) -> Sequence[TaskInstance]:
        """Adopt tasks that another scheduler sent, and return the rest; the next ``sync`` asks for their state."""
        for ti in tis:
            if ti.external_executor_id:
                self.workloads[ti.key] = AsyncResult(ti.external_executor_id, app=self.celery_app)
                self.running.add(ti.key)
        return [ti for ti in tis if not ti.external_executor_id]

    def fail(self, key: Any, info: Any = None) -> None:
        """Report a failure, unless the task never began: then it is queued again when its time is over."""
        if isinstance(key, TaskInstanceKey) and _is_queued(key):
            self.log.warning("%s never began (%s): it is queued again, without a try", key, info)
            self.workloads.pop(key, None)
            self.running.discard(key)
        else:
            super().fail(key, info)

    @contextmanager
    def _broker(self) -> Iterator[None]:
        """Talk to the broker within Airflow's time limit; note whether it answers."""
        try:
            with timeout(seconds=OPERATION_TIMEOUT):  # type: ignore[no-untyped-call]
                yield
        except AWAY as exc:
            self._note_broker(exc)

    def _note_broker(self, problem: BaseException | None) -> None:
        """Log when the broker goes away and when it is back."""
        if problem and not self._away:
            self.log.error("The broker is away; what is queued waits for it, untried: %s", problem)
        elif self._away and not problem:
            self.log.warning("The broker is back; what waited is sent")
        self._away = problem is not None


class RenderExecutor(WorkExecutor):
    """The same executor over the broker of the browser's worker."""

    options = RENDER_EXECUTOR


def _is_unsent(result: object) -> bool:
    """Whether a message did not reach the broker and may be sent again; a message that cannot be written may not."""
    return isinstance(result, ExceptionWithTraceback) and not isinstance(result.exception, EncodeError)


def _is_queued(key: TaskInstanceKey) -> bool:
    """Whether this try of a task has not begun."""
    column = TaskInstance
    query = select(column.state).where(
        column.dag_id == key.dag_id,
        column.task_id == key.task_id,
        column.run_id == key.run_id,
        column.map_index == key.map_index,
        column.try_number == key.try_number,
    )
    with create_session() as session:
        return session.scalar(query) == TaskInstanceState.QUEUED
