"""Classifieds and shops whose goods are adverts: Osclass (theme bender), OpenCart 3, a Shopify theme."""

import json

from tests.software.adverts import Advert, pages_of, slug

Pages = dict[str, str]


def osclass(items: list[Advert]) -> Pages:
    """Return a search of Osclass, theme bender, whose pages are numbered with a comma."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages, 1):
        cards = "".join(
            f'<li class="listing-card"><a class="listing-thumb" href="/jobs/{slug(advert)}_i{advert.number}" '
            f'title="{advert.title}">'
            f'<img src="/no_photo.gif" title="" alt="{advert.title}" width="240" height="200"></a><div class="listing-detail">'
            f"<div "
            f'class="listing-cell"><div class="listing-data"><div class="listing-basicinfo"><a href="/jobs/{slug(advert)}_i'
            f'{advert.number}" class="title" title="{advert.title}">{advert.title}</a><div class="listing-attributes"><span '
            f'class="category">Jobs</span> - <span class="location">{advert.place}</span><span class="g-hide">-</span> '
            f"{advert.day}"
            f'<span class="currency-value">{advert.pay}</span></div><p>{advert.text[:100]} ...</p></div></div></div></div></li>'
            for advert in shown
        )
        numbers = "".join(
            f'<li><span class="searchPaginationSelected list-first">{n}</span></li>'
            if n == at
            else f'<li><a class="searchPaginationNonSelected" href="/search/category,jobs/iPage,{n}">{n}</a></li>'
            for n in range(1, len(pages) + 1)
        )
        if at < len(pages):
            numbers += f'<li><a class="searchPaginationNext list-last" href="/search/category,jobs/iPage,{at + 1}">&gt;</a></li>'
        body = (
            f'<div id="list_head"><div class="inner"><h1>Jobs</h1><p class="counter">{10 * at - 9} - '
            f'{min(10 * at, len(items))} of {len(items)} listings</p><div class="see_by"><span>Sort by</span><a '
            f'href="/search/category,jobs/sOrder,dt_pub_date/iOrderType,desc">Newly listed</a><a '
            f'href="/search/category,jobs/sOrder,i_price/iOrderType,asc">Lower price first</a></div></div></div><ul '
            f'class="listing-card-list listings_list">{cards}</ul><div class="paginate"><ul>{numbers}</ul></div>'
        )
        site["/search/category,jobs" if at == 1 else f"/search/category,jobs/iPage,{at}"] = _bender("Jobs", body)
    site["/search/category,jobs/iPage,1"] = site["/search/category,jobs"]
    for advert in items:
        body = (
            f'<div id="item-content"><h1>{advert.title}</h1><div class="item-header"><div><strong class="publish">Published '
            f"date: "
            f'{advert.day}</strong></div></div><ul class="item_location"><li>Location: <strong>{advert.place}</strong></li></ul>'
            f'<div id="description"><p>{advert.text}</p></div><div id="useful_info" class="bordered-box"><h2>Useful information'
            f"</h2><ul><li>Avoid scams by acting locally or paying with PayPal</li><li>Never pay with Western Union</li></ul>"
            f"</div>"
            f'</div><div id="related"><h2>Related listings</h2></div>'
        )
        site[f"/jobs/{slug(advert)}_i{advert.number}"] = _bender(advert.title, body)
    return site


def _bender(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en-US"><head><title>{title} - Sample Market</title><meta name="generator" content="Osclass '
        f'8.2.0"></head><body class="search"><div id="header"><a id="logo" href="/">Sample Market</a><ul class="nav"><li><a id='
        f'"login_open" href="/user/login">Login</a></li><li><a href="/user/register">Register for a free account</a></li><li '
        f'class="publish"><a href="/item/new">Publish your ad for free</a></li></ul></div><div class="breadcrumb"><a href="/">'
        f"Sample "
        f'Market</a> » {title}</div><div id="main">{body}</div><div id="sidebar"><ul class="category"><li><a '
        f'href="/search/category,for-sale">For sale</a></li><li><a href="/search/category,vehicles">Vehicles</a></li><li><a '
        f'href="/search/category,housing">Housing</a></li></ul></div><div id="footer"><a href="/terms-p23">Terms of use</a></div>'
        f"</body></html>"
    )


def opencart(items: list[Advert]) -> Pages:
    """Return a category of OpenCart 3, default theme."""
    pages, site = pages_of(items, 12), {}
    start = "/index.php?route=product/category&path=20"
    for at, shown in enumerate(pages, 1):
        cards = "".join(
            f'<div class="product-layout product-list col-xs-12"><div class="product-thumb"><div class="image"><a '
            f'href="/index.php?route=product/product&amp;path=20&amp;product_id={advert.number}"><img '
            f'src="/p{advert.number}.jpg" '
            f'alt="{advert.title}" title="{advert.title}" class="img-responsive"></a></div><div><div class="caption"><h4><a '
            f'href="/index.php?route=product/product&amp;path=20&amp;product_id={advert.number}">{advert.title}</a></h4><p>'
            f'{advert.text[:100]}..</p><p class="price">{advert.pay}</p></div><div class="button-group"><button type="button" '
            f"onclick=\"cart.add('{advert.number}', '1');\"><span>Add to Cart</span></button></div></div></div></div>"
            for advert in shown
        )
        numbers = "".join(
            f'<li class="active"><span>{n}</span></li>'
            if n == at
            else f'<li><a href="{start.replace("&", "&amp;")}{f"&amp;page={n}" if n > 1 else ""}">{n}</a></li>'
            for n in range(1, len(pages) + 1)
        )
        if at < len(pages):
            numbers += (
                f'<li><a href="{start.replace("&", "&amp;")}&amp;page={at + 1}">&gt;</a></li><li><a '
                f'href="{start.replace("&", "&amp;")}&amp;page={len(pages)}">&gt;|</a></li>'
            )
        body = (
            f'<h2>Vacancies</h2><div class="row"><div class="col-md-4"><select id="input-sort" class="form-control" '
            f'onchange="location = this.value;"><option value="{start}&amp;sort=p.sort_order&amp;order=ASC" selected>'
            f"Default</option>"
            f'<option value="{start}&amp;sort=pd.name&amp;order=ASC">Name (A - Z)</option></select><select id="input-limit" '
            f'class="form-control" onchange="location = this.value;"><option value="{start}&amp;limit=12" selected>12</option>'
            f'<option value="{start}&amp;limit=25">25</option></select></div></div><div class="row">{cards}</div><div '
            f'class="row">'
            f'<div class="col-sm-6 text-left"><ul class="pagination">{numbers}</ul></div><div class="col-sm-6 text-right">'
            f"Showing "
            f"{12 * at - 11} to {min(12 * at, len(items))} of {len(items)} ({len(pages)} Pages)</div></div>"
        )
        site[start if at == 1 else f"{start}&page={at}"] = _opencart("Vacancies", body)
    for advert in items:
        body = (
            f'<div class="row"><div class="col-sm-8"><ul class="nav nav-tabs"><li class="active"><a href="#tab-description">'
            f'Description</a></li></ul><div class="tab-content"><div class="tab-pane active" id="tab-description"><p>'
            f"{advert.text}</p>"
            f'</div></div></div><div class="col-sm-4"><h1>{advert.title}</h1><ul class="list-unstyled"><li>Brand: <a '
            f'href="/index.php?route=product/manufacturer&amp;manufacturer_id={advert.number}">{advert.company}</a></li><li>'
            f"Product "
            f'Code: V{advert.number}</li><li>Availability: In Stock</li></ul><ul class="list-unstyled"><li><h2>{advert.pay}</h2>'
            f"</li>"
            f"</ul></div></div>"
        )
        site[f"/index.php?route=product/product&path=20&product_id={advert.number}"] = _opencart(advert.title, body)
    return site


def _opencart(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html dir="ltr" lang="en"><head><title>{title}</title></head><body><nav id="top"><ul '
        f'class="list-inline">'
        f'<li><a href="/index.php?route=account/login">Login</a></li><li><a href="/index.php?route=checkout/cart">Shopping '
        f"Cart</a>"
        f'</li></ul></nav><header><div id="logo"><h1><a href="/index.php?route=common/home">Sample Store</a></h1></div></header>'
        f"<nav "
        f'id="menu" class="navbar"><ul class="nav navbar-nav"><li><a href="/index.php?route=product/category&amp;path=20">'
        f"Vacancies"
        f'</a></li><li><a href="/index.php?route=product/category&amp;path=24">Phones</a></li><li><a '
        f'href="/index.php?route=product/category&amp;path=33">Cameras</a></li></ul></nav><div id="product-category" '
        f'class="container">'
        f'<ul class="breadcrumb"><li><a href="/index.php?route=common/home"><i class="fa fa-home"></i></a></li><li><a '
        f'href="/index.php?route=product/category&amp;path=20">Vacancies</a></li></ul><div id="content" class="col-sm-9">'
        f"{body}</div>"
        f'<column id="column-left"><div class="list-group"><a href="/index.php?route=product/category&amp;path=24" '
        f'class="list-group-'
        f'item">Phones</a><a href="/index.php?route=product/category&amp;path=33" class="list-group-item">Cameras</a></div>'
        f"</column>"
        f'</div><footer><ul><li><a href="/index.php?route=information/information&amp;information_id=5">Terms &amp; '
        f"Conditions</a>"
        f"</li></ul><p>Powered By <a href='https://www.opencart.com'>OpenCart</a></p></footer></body></html>"
    )


def shopify(items: list[Advert]) -> Pages:
    """Return a collection of a Shopify theme of the kind Dawn."""
    pages, site = pages_of(items, 8), {}
    for at, shown in enumerate(pages, 1):
        cards = "".join(
            f'<li class="grid__item"><div class="card-wrapper product-card-wrapper underline-links-hover"><div class="card card--'
            f'standard"><div class="card__inner"><div class="card__media"><img src="/p{advert.number}.jpg" alt="{advert.title}">'
            f"</div>"
            f'<div class="card__content"><div class="card__information"><h3 class="card__heading"><a '
            f'href="/products/{slug(advert)}" '
            f'id="StandardCardNoMediaLink-{advert.number}" class="full-unstyled-link">{advert.title}</a></h3></div></div></div>'
            f"<div "
            f'class="card__content"><div class="card__information"><h3 class="card__heading h5"><a '
            f'href="/products/{slug(advert)}" '
            f'id="CardLink-{advert.number}" class="full-unstyled-link">{advert.title}</a></h3><div class="card-information"><div '
            f'class="price"><span class="price-item price-item--regular">{advert.pay}</span></div></div></div></div></div></div>'
            f"</li>"
            for advert in shown
        )
        numbers = "".join(
            f'<li><a role="link" aria-disabled="true" class="pagination__item pagination__item--current light" '
            f'aria-current="page" '
            f'aria-label="Page {n}">{n}</a></li>'
            if n == at
            else f'<li><a href="/collections/all?page={n}" class="pagination__item link" aria-label="Page {n}">{n}</a></li>'
            for n in range(1, len(pages) + 1)
        )
        if at < len(pages):
            numbers += (
                f'<li><a href="/collections/all?page={at + 1}" class="pagination__item pagination__item--prev '
                f"pagination__item-arrow "
                f'link motion-reduce" aria-label="Next page"><svg class="icon"></svg></a></li>'
            )
        body = (
            f'<div class="collection-hero"><h1 class="collection-hero__title">Vacancies</h1></div><div class="facets-container">'
            f'<h2 class="product-count__text">{len(items)} products</h2></div><div class="product-grid-container" '
            f'id="ProductGridContainer"><ul id="product-grid" class="grid product-grid">{cards}</ul><div '
            f'class="pagination-wrapper">'
            f'<nav class="pagination" role="navigation" aria-label="Pagination"><ul class="pagination__list list-unstyled" '
            f'role="list">{numbers}</ul></nav></div></div>'
        )
        site["/collections/all" if at == 1 else f"/collections/all?page={at}"] = _shopify("Vacancies", body)
    site["/collections/all?page=1"] = site["/collections/all"]
    for advert in items:
        linked = {
            "@context": "http://schema.org/", "@type": "Product", "name": advert.title, "description": advert.text,
            "brand": {"@type": "Brand", "name": advert.company},
            "offers": [{"@type": "Offer", "price": 500.0, "priceCurrency": "USD"}],
        }  # fmt: skip
        body = (
            f'<section id="MainProduct" class="product"><div class="product__info-container"><p class="product__text caption">'
            f'{advert.company}</p><div class="product__title"><h1>{advert.title}</h1></div><div class="price"><span '
            f'class="price-item">'
            f'{advert.pay}</span></div><div class="product__description rte quick-add-hidden"><p>{advert.text}</p></div></div>'
            f"</section>"
            f'<script type="application/ld+json">{json.dumps(linked)}</script>'
        )
        site[f"/products/{slug(advert)}"] = _shopify(advert.title, body)
    return site


def _shopify(title: str, body: str) -> str:
    return (
        f'<!doctype html><html class="no-js" lang="en"><head><title>{title} – Sample Store</title></head><body class="gradient">'
        f'<header class="header"><h1 class="header__heading"><a href="/" class="header__heading-link">Sample Store</a></h1><nav '
        f'class="header__inline-menu"><ul class="list-menu"><li><a href="/" class="header__menu-item">Home</a></li><li><a '
        f'href="/collections/all" class="header__menu-item">Catalog</a></li><li><a href="/pages/contact" '
        f'class="header__menu-item">'
        f'Contact</a></li></ul></nav><a href="/cart" class="header__icon">Cart</a></header><main id="MainContent" role="main">'
        f"{body}"
        f'</main><footer class="footer"><ul><li><a href="/search">Search</a></li><li><a href="/policies/terms-of-service">Terms '
        f"of "
        f"service</a></li></ul></footer></body></html>"
    )
