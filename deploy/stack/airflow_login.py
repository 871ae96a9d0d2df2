"""Airflow's log-in: settings that its FAB auth manager reads from this file, which ``[fab] config_file`` names.

FAB limits how often its form may be sent from an address. ``LimitedLogIns`` also limits wrong passwords of an account in every
way to log in: ``/auth/token`` and FAB's API ask for a password too and have no limit.
"""

from airflow.configuration import conf
from airflow.providers.fab.auth_manager.models import User
from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

WRONG = RateLimitItemPerMinute(25, 15)
"""Wrong passwords of an account after which even the right one waits, in minutes: the desk's ``NAME_LIMIT`` in its ``WINDOW``."""
limiter = MovingWindowRateLimiter(MemoryStorage())


class LimitedLogIns(FabAirflowSecurityManagerOverride):
    """FAB's security manager, which takes no more than ``WRONG`` wrong passwords of an account."""

    def auth_user_db(self, username: str, password: str, rotate_session_id: bool = True) -> User | None:
        """Return the user of a right password; None for a wrong one, and for any when too many were wrong."""
        owner = self.find_user(username=username) or self.find_user(email=username)
        account = owner.username if owner else ""
        if not limiter.test(WRONG, account):
            return None
        user = super().auth_user_db(username, password, rotate_session_id)
        if user is None:
            limiter.hit(WRONG, account)
        return user


SECURITY_MANAGER_CLASS = LimitedLogIns
RATELIMIT_STORAGE_URI = "memory://"
# A browser sends it over TLS alone where people reach Airflow so.
SESSION_COOKIE_SECURE = conf.get("api", "base_url", fallback="/").startswith("https://")
