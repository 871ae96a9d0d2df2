"""What a monitoring system reads: figures for whoever holds the token, and no page at all where none is set."""

import hmac

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse, Response

from desk.web.guard import Here

router = APIRouter()


@router.get("/metrics")
def metrics(request: Request, desk: Here) -> Response:
    """Answer in OpenMetrics to the bearer of the token; 404 without a token in the settings, 401 for another."""
    if desk.metrics is None or not desk.metrics_token:
        raise HTTPException(404, "Nothing has an address like that")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), desk.metrics_token.encode()):
        return PlainTextResponse(
            "give the token of LUREWATCH_METRICS_TOKEN as a bearer token\n", 401, headers={"WWW-Authenticate": "Bearer"}
        )
    text, content_type = desk.metrics()
    return Response(text, headers={"Content-Type": content_type})
