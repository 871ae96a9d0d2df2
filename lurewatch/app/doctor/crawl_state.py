"""Whether the state of crawls can be kept where the settings say: in the state folder, or in PostgreSQL that workers share."""

from lurewatch.app.doctor.findings import Finding, missing, ok
from lurewatch.settings import Settings

RIGHTS = "SELECT has_database_privilege(current_database(), 'CREATE'), current_database(), current_user"


def crawl_state(settings: Settings) -> Finding:
    """Check that the database answers and that its role may make a schema for a new source; change nothing."""
    if not settings.crawl_state:
        return ok("crawl state", f"in {settings.state}: for workers of this machine")
    from crawlers.crawl_errors import StateError
    from crawlers.frontier.postgres_connection import connect

    try:
        with connect(settings.crawl_state) as db:
            allowed, database, role = db.execute(RIGHTS).fetchone() or (False, "", "")
    except StateError as exc:
        return missing("crawl state", str(exc), "start it and check LUREWATCH_CRAWL_STATE")
    if not allowed:
        return missing("crawl state", f"{role} may not make schemas", f"`GRANT CREATE ON DATABASE {database} TO {role}`")
    return ok("crawl state", f"database {database}, as {role}: for workers of any machine")
