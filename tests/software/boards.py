"""Job boards as WordPress plugins print them: WP Job Manager, Jobify, Simple Job Board."""

import json
from collections.abc import Callable

from tests.software.adverts import Advert, pages_of, slug

Pages = dict[str, str]

_MENU = (
    '<nav class="main-navigation"><ul class="menu"><li class="menu-item"><a href="/">Home</a></li><li class="menu-item">'
    '<a href="/jobs/">Jobs</a></li><li class="menu-item"><a href="/post-a-job/">Post a job</a></li><li class="menu-item">'
    '<a href="/about/">About us</a></li><li class="menu-item"><a href="/contact/">Contact</a></li></ul></nav>'
)
_ASIDE = (
    '<aside class="widget-area"><section class="widget widget_categories"><h2>Categories</h2><ul>'
    '<li class="cat-item"><a href="/category/hotel/">Hotel</a></li><li class="cat-item"><a href="/category/craft/">Craft</a></li>'
    '<li class="cat-item"><a href="/category/office/">Office</a></li><li class="cat-item"><a href="/category/care/">Care</a></li>'
    "</ul></section></aside>"
)


def wordpress(title: str, body: str, head: str = "") -> str:
    """Return a page of a WordPress theme."""
    return (
        f'<!DOCTYPE html><html lang="en-US"><head><title>{title} – Sample Work</title>'
        f'<meta name="generator" content="WordPress 6.6">{head}</head><body class="page wp-theme"><div id="page" class="site">'
        f'<header class="site-header"><p class="site-title"><a href="/" rel="home">Sample Work</a></p>{_MENU}</header>'
        f'<div id="content" class="site-content"><main class="site-main"><article class="page type-page hentry"><header '
        f'class="entry-header"><h1 class="entry-title">{title}</h1></header><div class="entry-content">{body}</div></article>'
        f'</main>{_ASIDE}</div><footer class="site-footer"><a href="/terms/">Terms of use</a> <a href="/privacy/">Privacy</a> '
        '<a href="https://wordpress.org/">Proudly powered by WordPress</a></footer></div></body></html>'
    )


def _listing(advert: Advert) -> str:
    """Return a card of WP Job Manager (templates/content-job_listing.php)."""
    return (
        f'<li class="post-{advert.number} job_listing type-job_listing status-publish hentry job-type-full-time" '
        f'data-longitude="" data-latitude=""><a href="/job/{slug(advert)}/"><img class="company_logo" src="/company.png" '
        f'alt="{advert.company}"><div class="position"><h3>{advert.title}</h3><div class="company"><strong>{advert.company}'
        f'</strong> </div></div><div class="location">{advert.place}</div><ul class="meta"><li class="job-type full-time">'
        f'Full Time</li><li class="date"><time datetime="{advert.day}">Posted 3 days ago</time></li></ul></a></li>'
    )


def _single(advert: Advert) -> str:
    """Return the page of an advert of WP Job Manager (templates/content-single-job_listing.php)."""
    body = (
        f'<div class="single_job_listing"><ul class="job-listing-meta meta"><li class="job-type full-time">Full Time</li>'
        f'<li class="location"><a class="google_map_link" href="https://maps.example/?q={advert.place}">{advert.place}</a></li>'
        f'<li class="date-posted"><time datetime="{advert.day}">Posted 3 days ago</time></li></ul><div class="company">'
        f'<img class="company_logo" src="/company.png" alt="{advert.company}"><p class="name"><strong>{advert.company}</strong>'
        f'</p></div><div class="job_description"><p>{advert.text}</p></div><div class="job_application application">'
        '<input type="button" class="application_button button" value="Apply for job"></div></div>'
    )
    return wordpress(advert.title, body)


def _wp_pages(items: list[Advert], size: int, card: Callable[[Advert], str] = _listing) -> Pages:
    """Return the answers of the plugin's own endpoint (includes/class-wp-job-manager-ajax.php) and the adverts."""
    pages = pages_of(items, size)
    site = {f"/job/{slug(advert)}/": _single(advert) for advert in items}
    for at, shown in enumerate(pages, 1):
        numbers = "".join(
            f'<li><span class="current" data-page="{n}">{n}</span></li>'
            if n == at
            else f'<li><a href="#" data-page="{n}">{n}</a></li>'
            for n in range(1, len(pages) + 1)
        )
        answer = {
            "found_jobs": True, "showing": "", "showing_links": '<a href="/?feed=job_feed" class="rss_link">RSS</a>',
            "max_num_pages": len(pages), "html": "".join(card(advert) for advert in shown),
            "pagination": f'<nav class="job-manager-pagination"><ul>{numbers}</ul></nav>',
        }  # fmt: skip
        site[f"/jm-ajax/get_listings/?page={at}&per_page={size}"] = json.dumps(answer)
    site["/jm-ajax/get_listings/"] = site[f"/jm-ajax/get_listings/?page=1&per_page={size}"]
    empty = {"found_jobs": False, "showing": "", "max_num_pages": 0, "html": '<li class="no_job_listings_found">There are no '
             "listings matching your search.</li>"}  # fmt: skip
    site[f"/jm-ajax/get_listings/?page={len(pages) + 1}&per_page={size}"] = json.dumps(empty)
    return site


_AJAX = (
    '<script id="wp-job-manager-ajax-filters-js-extra">var job_manager_ajax_filters = {"ajax_url":"\\/jm-ajax\\/%%endpoint%%\\/",'
    '"is_rtl":"","i18n_load_prev_listings":"Load previous listings"};</script>'
)


def _holder(size: int, shown: str, *, filters: bool) -> str:
    """Return what the ``[jobs]`` shortcode prints around the list."""
    form = (
        '<form class="job_filters"><div class="search_jobs"><input type="text" name="search_keywords" placeholder="Keywords">'
        '<input type="text" name="search_location" placeholder="Location"></div><ul class="job_types"><li><label><input '
        'type="checkbox" name="filter_job_type[]" value="full-time" checked>Full Time</label></li></ul></form>'
    )
    hidden = ' style="display:none;"' if filters else ""
    return (
        f'<div class="job_listings" data-location="" data-keywords="" data-show_filters="{str(filters).lower()}" '
        f'data-show_pagination="false" data-per_page="{size}" data-orderby="featured" data-order="DESC" data-categories="">'
        f'{form if filters else ""}<ul class="job_listings">{shown}</ul><a class="load_more_jobs" href="#"'
        f"{hidden}><strong>Load more listings</strong></a></div>"
    )


def wp_job_manager(items: list[Advert]) -> Pages:
    """Return a board whose first adverts are in the page; a script loads the others."""
    site = _wp_pages(items, 8)
    site["/jobs/"] = wordpress("Jobs", _holder(8, "".join(map(_listing, items[:8])), filters=False), _AJAX)
    return site


def wp_job_manager_filters(items: list[Advert]) -> Pages:
    """Return a board with the filter form, where a script loads every advert."""
    return _wp_pages(items, 10) | {"/jobs/": wordpress("Jobs", _holder(10, "", filters=True), _AJAX)}


def _jobify_card(advert: Advert) -> str:
    """Return a card of the theme Jobify: its link is empty and lies over the card."""
    return (
        f'<li id="job_listing-{advert.number}" class="post-{advert.number} job_listing type-job_listing job-type-full-time" '
        f'data-title="{advert.title}" data-href="/job/{slug(advert)}/"><a href="/job/{slug(advert)}/" '
        f'class="job_listing-clickbox">'
        f'</a><div class="job_listing-logo"><img class="company_logo" src="/company.png" alt="{advert.company}"></div><div '
        f'class="job_listing-about"><div class="job_listing-position job_listing__column"><h3 class="job_listing-title">'
        f'{advert.title}</h3><div class="job_listing-company"><strong>{advert.company}</strong></div></div><div '
        f'class="job_listing-location job_listing__column"><a class="google_map_link" '
        f'href="https://maps.example/?q={advert.place}">'
        f'{advert.place}</a></div><ul class="job_listing-meta job_listing__column"><li class="job_listing-type job-type '
        f'full-time">Full Time</li><li class="job_listing-date"><time datetime="{advert.day}">3 days ago</time></li></ul></div>'
        f"</li>"
    )


def jobify(items: list[Advert]) -> Pages:
    """Return a board with the theme Jobify over WP Job Manager."""
    site = _wp_pages(items, 10, _jobify_card)
    site["/find-a-job/"] = wordpress("Find a Job", _holder(10, "".join(map(_jobify_card, items[:10])), filters=False), _AJAX)
    return site


def simple_job_board(items: list[Advert]) -> Pages:
    """Return a board of Simple Job Board, list view, with numbered pages."""
    pages, site = pages_of(items, 9), {}
    for at, shown in enumerate(pages, 1):
        cards = "".join(
            f'<div class="list-data"><div class="v1"><div class="job-info"><h4><a href="/jobs/{slug(advert)}/"><span '
            f'class="job-title">{advert.title}</span></a></h4><div class="company-tagline"><span class="company-name">'
            f'{advert.company}</span></div></div><div class="job-type"><i class="fa fa-briefcase"></i>Full Time</div><div '
            f'class="job-location"><i class="fa fa-map-marker"></i>{advert.place}</div><div class="job-date"><i class="fa '
            f'fa-calendar-times"></i>Posted 3 days ago</div><div class="job-description"><p>{advert.text[:90]}… <a '
            f'class="btn btn-primary" href="/jobs/{slug(advert)}/">Read more</a></p></div></div></div>'
            for advert in shown
        )
        pager = "".join(
            f'<li><span aria-current="page" class="page-numbers current">{n}</span></li>'
            if n == at
            else f'<li><a class="page-numbers" href="/jobs/page/{n}/">{n}</a></li>'
            for n in range(1, len(pages) + 1)
        )
        body = (
            f'<div class="sjb-page"><div class="sjb-listing"><div class="list-view">{cards}</div></div><div '
            f'class="sjb-pagination"><ul class="page-numbers">{pager}</ul></div></div>'
        )
        site["/jobs/" if at == 1 else f"/jobs/page/{at}/"] = wordpress("Job Board", body)
    for advert in items:
        body = (
            f'<div class="sjb-page sjb-detail"><div class="list-data"><div class="v1"><div class="job-detail"><h3><span '
            f'class="job-title">{advert.title}</span></h3><div class="company-name">{advert.company}</div><div '
            f'class="job-location">'
            f'{advert.place}</div><div class="job-date">Posted on {advert.day}</div></div><div class="job-description"><p>'
            f'{advert.text}</p></div><div class="job-features"><h3>Job Features</h3><table class="table"><tr><td '
            f'class="sjb-title-'
            f'value"><h4>Salary</h4></td><td>{advert.pay}</td></tr></table></div></div></div></div>'
        )
        site[f"/jobs/{slug(advert)}/"] = wordpress(advert.title, body)
    return site
