"""Public job lists in JSON: Greenhouse, Lever, Workable, SmartRecruiters, and APIs paged by a cursor, an offset or GraphQL."""

import html
import json
from typing import Any
from urllib.parse import quote

from tests.software.adverts import Advert, pages_of, slug

Pages = dict[str, str]


def greenhouse(items: list[Advert]) -> Pages:
    """Return the job board API with ``content=true``: HTML, escaped once."""
    jobs = [
        {
            "absolute_url": f"/sample/jobs/{4000000 + advert.number}", "internal_job_id": 3000000 + advert.number,
            "location": {"name": advert.place}, "metadata": None, "id": 4000000 + advert.number,
            "updated_at": f"{advert.day}T09:00:00-05:00", "requisition_id": f"R{advert.number}", "title": advert.title,
            "company_name": advert.company, "first_published": f"{advert.day}T09:00:00-05:00",
            "content": html.escape(f"<div><p>{advert.text}</p></div>"),
            "departments": [{"id": 1, "name": "Houses", "child_ids": [], "parent_id": None}],
            "offices": [{"id": 2, "name": advert.place, "location": advert.place, "child_ids": [], "parent_id": None}],
        } for advert in items
    ]  # fmt: skip
    return {"/v1/boards/sample/jobs?content=true": json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}})}


def lever(items: list[Advert]) -> Pages:
    """Return the postings API: a bare list, and ``text`` is the title."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate([*pages, []]):
        postings = [
            {
                "additionalPlain": "",
                "categories": {
                    "commitment": "Full-time", "location": advert.place, "team": "Houses", "allLocations": [advert.place],
                },
                "createdAt": 1_790_000_000_000 + 86_400_000 * advert.number,
                "descriptionPlain": advert.text,
                "description": f"<div>{advert.text}</div>",
                "id": f"0a1b2c3d-0000-4000-8000-{advert.number:012d}",
                "lists": [{"text": "What you do", "content": "<li>Work</li>"}],
                "text": advert.title,
                "hostedUrl": f"/sample/0a1b2c3d-0000-4000-8000-{advert.number:012d}",
                "applyUrl": f"/sample/0a1b2c3d-0000-4000-8000-{advert.number:012d}/apply",
                "workplaceType": "on-site",
            } for advert in shown
        ]  # fmt: skip
        site[f"/v0/postings/sample?limit=10&mode=json&skip={10 * at}"] = json.dumps(postings)
    site["/v0/postings/sample?limit=10&mode=json"] = site["/v0/postings/sample?limit=10&mode=json&skip=0"]
    return site


def workable(items: list[Advert]) -> Pages:
    """Return the widget API with details, which gives all at once."""
    jobs = [
        {
            "title": advert.title, "shortcode": f"A{advert.number:05d}", "code": "", "employment_type": "Full-time",
            "telecommuting": False, "department": None, "url": f"/j/A{advert.number:05d}",
            "shortlink": f"/j/A{advert.number:05d}", "application_url": f"/j/A{advert.number:05d}/apply",
            "published_on": advert.day, "created_at": advert.day, "country": "Sampleland", "city": advert.place, "state": "",
            "description": f"<p>{advert.text}</p>",
        } for advert in items
    ]  # fmt: skip
    return {
        "/api/v1/widget/accounts/sample?details=true": json.dumps({"name": "Sample House", "description": None, "jobs": jobs})
    }


def smartrecruiters(items: list[Advert]) -> Pages:
    """Return the posting API: its list has no texts, ``ref`` leads to the posting in JSON."""
    pages, site = pages_of(items, 10), {}

    def posting(advert: Advert) -> dict[str, Any]:
        return {
            "id": str(744000000000000 + advert.number),
            "name": advert.title,
            "uuid": f"0a1b2c3d-0000-4000-9000-{advert.number:012d}",
            "refNumber": f"REF{advert.number}",
            "company": {"identifier": "Sample", "name": advert.company},
            "releasedDate": f"{advert.day}T06:00:00.000Z",
            "location": {"city": advert.place, "country": "xx", "remote": False},
            "industry": {"id": "hotels", "label": "Hotels"},
            "ref": f"/v1/companies/Sample/postings/{744000000000000 + advert.number}",
        }

    for at, shown in enumerate(pages):
        answer = {"offset": 10 * at, "limit": 10, "totalFound": len(items), "content": [posting(advert) for advert in shown]}
        site[f"/v1/companies/Sample/postings?limit=10&offset={10 * at}"] = json.dumps(answer)
    site["/v1/companies/Sample/postings?limit=10"] = site["/v1/companies/Sample/postings?limit=10&offset=0"]
    for advert in items:
        sections = {
            "companyDescription": {"title": "Company Description", "text": f"<p>{advert.company} runs houses.</p>"},
            "jobDescription": {"title": "Job Description", "text": f"<p>{advert.text}</p>"},
            "qualifications": {"title": "Qualifications", "text": "<p>Patience.</p>"},
            "additionalInformation": {"title": "Additional Information", "text": ""},
        }
        site[posting(advert)["ref"]] = json.dumps(
            posting(advert) | {"postingUrl": f"/Sample/{advert.number}-{slug(advert)}", "jobAd": {"sections": sections}}
        )
    return site


def _item(advert: Advert) -> dict[str, Any]:
    return {
        "id": advert.number, "title": advert.title, "description": f"<p>{advert.text}</p>", "company": {"name": advert.company},
        "location": advert.place, "salary": advert.pay, "url": f"/jobs/{slug(advert)}", "posted_at": f"{advert.day}T08:00:00Z",
    }  # fmt: skip


def cursor(items: list[Advert]) -> Pages:
    """Return an API whose answer gives a cursor for the next one."""
    pages, site = pages_of(items, 10), {}
    names = ["", *(f"c2VlayI6{at}" for at in range(1, len(pages)))]
    for at, shown in enumerate(pages):
        following = names[at + 1] if at + 1 < len(pages) else None
        answer = {
            "data": [_item(advert) for advert in shown],
            "meta": {"next_cursor": following, "has_more": following is not None},
        }
        site["/api/v2/jobs?cursor=" + names[at]] = json.dumps(answer)
    site["/api/v2/jobs"] = site["/api/v2/jobs?cursor="]
    return site


def offset(items: list[Advert]) -> Pages:
    """Return an API that takes an offset and a limit and gives its total."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages):
        answer = {"results": [_item(advert) for advert in shown], "total": len(items), "offset": 10 * at, "limit": 10}
        site[f"/api/jobs?limit=10&offset={10 * at}"] = json.dumps(answer)
        site[f"/api/jobs?offset={10 * at}"] = json.dumps(answer)
    site["/api/jobs"] = site["/api/jobs?offset=0"]
    return site


def _graphql_address(after: str | None) -> str:
    question = "query Jobs($first:Int!,$after:String){jobs(first:$first,after:$after){totalCount edges{node{id title}}}}"
    variables = json.dumps({"first": 10, "after": after}, separators=(",", ":"))
    return f"/graphql?query={quote(question, safe='')}&variables={quote(variables, safe='')}"


GRAPHQL_START = _graphql_address(None)


def graphql(items: list[Advert]) -> Pages:
    """Return a GraphQL connection (Relay), asked with GET."""
    pages, site = pages_of(items, 10), {}
    ends = [None, *(f"Y3Vyc29y{at}" for at in range(1, len(pages) + 1))]
    for at, shown in enumerate(pages):
        connection = {
            "totalCount": len(items),
            "edges": [{"cursor": f"n{advert.number}", "node": _item(advert)} for advert in shown],
            "pageInfo": {"hasNextPage": at + 1 < len(pages), "endCursor": ends[at + 1]},
        }
        site[_graphql_address(ends[at])] = json.dumps({"data": {"jobs": connection}})
    return site
