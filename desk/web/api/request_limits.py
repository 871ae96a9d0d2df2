"""How often a token may ask, and how an API answers what it refuses."""

import logging

from fastapi import FastAPI, HTTPException, Request
from fastapi.dependencies.utils import get_flat_dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from desk.web.guard import log_failure

LOG = logging.getLogger("lurewatch.desk")


class RequestRates:
    """Counts the requests of each token, and the refused ones of each address, in this process."""

    def __init__(self, a_minute: int) -> None:
        self._most = RateLimitItemPerMinute(a_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, key: str) -> None:
        """Count one request; raise 429 when the minute has had its share."""
        if not self._limiter.hit(self._most, key):
            detail = f"more than {self._most.amount} requests in a minute; wait"
            raise HTTPException(429, detail, headers={"Retry-After": "60"})


def add_error_replies(api: FastAPI) -> None:
    """Let an API answer refusals, faulty questions and failures as JSON."""
    api.add_exception_handler(HTTPException, _answer_refusal)
    api.add_exception_handler(RequestValidationError, _answer_unreadable)
    api.add_exception_handler(Exception, _answer_failure)


def refuse_unknown(request: Request) -> None:
    """Refuse a question whose address names a parameter that its operation does not know, for it is a misspelt one."""
    known = {field.alias for field in get_flat_dependant(request.scope["route"].dependant).query_params}
    if unknown := sorted(request.query_params.keys() - known):
        raise HTTPException(422, f"query.{unknown[0]}: no such parameter; there are {', '.join(sorted(known)) or 'none'}")


def _answer_refusal(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    if exc.status_code == 204:
        return Response(status_code=204)
    return JSONResponse({"detail": str(exc.detail)}, exc.status_code, exc.headers)


def _answer_unreadable(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    first = exc.errors()[0]
    return JSONResponse({"detail": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}, 422)


def _answer_failure(request: Request, exc: Exception) -> Response:
    number = log_failure(LOG, request, exc)
    return JSONResponse({"detail": f"something went wrong; the log has the rest under {number}"}, 500)
