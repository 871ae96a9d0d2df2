"""An address, a handle or a name stands for one venue, whatever way it is written."""

import pytest

from index.terms.venues import venue_of


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("https://t.me/s/Sample_Jobs", "telegram:sample_jobs"),
        ("https://telegram.me/sample_jobs/12?single", "telegram:sample_jobs"),
        ("@Sample_Jobs", "telegram:sample_jobs"),
        ("telegram:sample_jobs", "telegram:sample_jobs"),
        ("https://t.me/+AbCdEf", "group:t.me/+AbCdEf"),
        ("https://t.me/joinchat/AbCdEf", "group:t.me/+AbCdEf"),
        ("https://chat.whatsapp.com/AbC1", "group:chat.whatsapp.com/AbC1"),
        ("zalo.me/g/abc123", "group:zalo.me/g/abc123"),
        ("https://m.facebook.com/groups/ViecLam/posts/1", "login:facebook.com/groups/vieclam"),
        ("https://www.tiktok.com/@sample", "login:tiktok.com/@sample"),
        ("https://www.Jobs.example.org/list?page=2", "site:jobs.example.org"),
        ("jobs.example.org", "site:jobs.example.org"),
        ("site:jobs.example.org", "site:jobs.example.org"),
        ("http://127.0.0.1:8102/x", "site:127.0.0.1:8102"),
    ],
)
def test_a_venue_has_one_name(written, name):
    assert venue_of(written).name == name


@pytest.mark.parametrize(
    "written",
    [
        "https://t.me/", "https://t.me/share/url?url=x", "https://t.me/+84500000123", "@ab", "telegram:a b",
        "https://wa.me/84500000123",
        "https://www.google.com/maps", "https://youtu.be/x", "https://www.facebook.com/", "nothing", "",
        "https://chat.whatsapp.com/",
        "ftp://jobs.example.org/", "https://[::1", "site:t.me/sample_jobs", "https://x.example.org:99999/",
    ],
)  # fmt: skip
def test_what_is_nobodys_venue_is_none(written):
    assert venue_of(written) is None
