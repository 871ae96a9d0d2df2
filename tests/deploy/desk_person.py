"""What a person does at the desk's pages, for ``python - NAME PASSWORD ITEM WORDS`` inside its container: confirms an item."""

import sys

import httpx
from lxml import html


def confirm(name: str, password: str, item: str, words: str) -> str:
    """Log in, open the item's page, name the words that show it and send its form; return the page's headings after that."""
    with httpx.Client(base_url="http://127.0.0.1:8080", follow_redirects=True, timeout=300) as desk:
        desk.post("/login", data={"name": name, "password": password, "back": "/"}).raise_for_status()
        (form,) = html.fromstring(desk.get(f"/item/{item}").raise_for_status().text).xpath("//*[@id='confirm']//form")
        given = {field: value for field, value in form.form_values() if field != "whole"}
        for select in form.xpath(".//select"):
            given[select.name] = select.value_options[1]
        given["ground"] = words
        given["note"] = "The first kind and rule of the form, for a test."
        shown = desk.post(form.action, data=given).raise_for_status()
    return " / ".join(heading.text_content() for heading in html.fromstring(shown.text).xpath("//h2"))


if __name__ == "__main__":
    print(confirm(*sys.argv[1:]))  # noqa: T201 - what the test reads
