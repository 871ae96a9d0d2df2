"""Sections of forums whose threads are adverts: XenForo 1 and 2, Discourse, Flarum."""

from tests.software.adverts import Advert, pages_of, slug
from tests.software.forums import Pages, posts_of


def xenforo1(items: list[Advert]) -> Pages:
    """Return a forum of XenForo 1.5."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages, 1):
        rows = "".join(
            f'<li id="thread-{advert.number}" class="discussionListItem visible" data-author="sample_user{advert.number}"><div '
            f"class="
            f'"listBlock posterAvatar"><a href="members/sample-user.{advert.number}/" class="avatar"></a></div><div '
            f'class="listBlock main">'
            f'<div class="titleText"><h3 class="title"><a href="threads/{slug(advert)}.{advert.number}/" class="PreviewTooltip" '
            f'data-previewUrl="threads/{slug(advert)}.{advert.number}/preview">{advert.title}</a></h3><div class="secondRow">'
            f"<div class="
            f'"posterDate muted"><a href="members/sample-user.{advert.number}/" class="username">sample_user{advert.number}</a>'
            f", <a class="
            f'"faint" href="threads/{slug(advert)}.{advert.number}/"><span class="DateTime">{advert.day}</span></a></div></div>'
            f"</div></div>"
            f'<div class="listBlock lastPost"><dl class="lastPostInfo"><dt><a href="members/sample-asker.9/" class="username">'
            f"sample_asker"
            f'</a></dt><dd class="muted"><a href="posts/{advert.number + 5000}/" class="dateTime">{advert.day}</a></dd></dl>'
            f"</div></li>"
            for advert in shown
        )
        numbers = "".join(
            f'<a href="forums/vacancies.2/{f"page-{n}" if n > 1 else ""}" class="{"currentPage " if n == at else ""}">{n}</a>'
            for n in range(1, len(pages) + 1)
        )
        if at < len(pages):
            numbers += f'<a href="forums/vacancies.2/page-{at + 1}" class="text">Next &gt;</a>'
        body = (
            f'<div class="titleBar"><h1>Vacancies</h1></div><div class="pageNavLinkGroup"><div class="PageNav" data-page="{at}" '
            f"data-range="
            f'"2" data-start="2" data-end="3" data-last="{len(pages)}" data-sentinel="{{{{sentinel}}}}" '
            f'data-baseurl="forums/vacancies.2/'
            f'page-%7B%7Bsentinel%7D%7D"><span class="pageNavHeader">Page {at} of {len(pages)}</span><nav>{numbers}</nav></div>'
            f"</div><div "
            f'class="discussionList section sectionMain"><ol class="discussionListItems">{rows}</ol></div>'
        )
        site["/forums/vacancies.2/" if at == 1 else f"/forums/vacancies.2/page-{at}"] = _xf1("Vacancies", body)
    for advert in items:
        posts = "".join(
            f'<li id="post-{number}" class="message" data-author="{author}"><div class="messageUserInfo"><div '
            f'class="messageUserBlock"><h3 '
            f'class="userText"><a href="members/x.9/" class="username">{author}</a></h3></div></div><div class="messageInfo '
            f'primaryContent">'
            f'<div class="messageContent"><article><blockquote class="messageText SelectQuoteContainer ugc baseHtml">'
            f"{said}</blockquote>"
            f'</article></div><div class="messageMeta"><div class="privateControls"><span class="item muted"><a '
            f'href="members/x.9/" class='
            f'"username author">{author}</a>, <a href="threads/{slug(advert)}.{advert.number}/" class="datePermalink"><span '
            f"class="
            f'"DateTime" title="{advert.day} at 8:00 AM">{advert.day}</span></a></span></div></div></div></li>'
            for number, author, said in posts_of(advert)
        )
        body = f'<div class="titleBar"><h1>{advert.title}</h1></div><ol class="messageList" id="messageList">{posts}</ol>'
        site[f"/threads/{slug(advert)}.{advert.number}/"] = _xf1(advert.title, body)
    return site


def _xf1(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html id="XenForo" lang="en-US" class="Public LoggedOut"><head><base href="/"><title>{title} | Sample '
        f"Board</title>"
        f'</head><body class="node2"><header><nav class="navTabs"><ul class="publicTabs"><li class="navTab forums selected"><a '
        f"href="
        f'"forums/" class="navLink">Forums</a></li><li class="navTab members"><a href="members/" class="navLink">Members</a>'
        f"</li></ul></nav>"
        f'</header><div id="content" class="forum_view"><div class="breadBoxTop"><nav><a href="forums/" class="crumb">Forums</a>'
        f"</nav></div>"
        f'{body}</div><footer><ul class="footerLinks"><li><a href="help/terms">Terms and Rules</a></li></ul><div id="copyright">'
        f"Forum "
        f"software by XenForo&trade;</div></footer></body></html>"
    )


def xenforo2(items: list[Advert]) -> Pages:
    """Return a forum of XenForo 2.3, with its sort keys and its page box."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages, 1):
        rows = "".join(
            f'<div class="structItem structItem--thread js-threadListItem-{advert.number}" '
            f'data-author="sample_user{advert.number}"><div '
            f'class="structItem-cell structItem-cell--main"><div class="structItem-title"><a '
            f'href="/threads/{slug(advert)}.{advert.number}/" '
            f'data-tp-primary="on" data-xf-init="preview-tooltip">{advert.title}</a></div><div class="structItem-minor"><ul '
            f"class="
            f'"structItem-parts"><li><a href="/members/sample-user.{advert.number}/" class="username">'
            f"sample_user{advert.number}</a></li><li "
            f'class="structItem-startDate"><a href="/threads/{slug(advert)}.{advert.number}/" rel="nofollow"><time class="u-dt" '
            f"datetime="
            f'"{advert.day}T08:00:00+0000">{advert.day}</time></a></li></ul></div></div><div class="structItem-cell '
            f'structItem-cell--latest">'
            f'<a href="/threads/{slug(advert)}.{advert.number}/latest" rel="nofollow"><time class="structItem-latestDate u-dt" '
            f"datetime="
            f'"{advert.day}T09:00:00+0000">{advert.day}</time></a></div></div>'
            for advert in shown
        )
        numbers = "".join(
            f'<li class="pageNav-page {"pageNav-page--current" if n == at else ""}"><a '
            f'href="/forums/vacancies.2/{f"page-{n}" if n > 1 else ""}">'
            f"{n}</a></li>"
            for n in range(1, len(pages) + 1)
        )
        jump = (
            f'<a href="/forums/vacancies.2/page-{at + 1}" class="pageNav-jump pageNav-jump--next">Next</a>'
            if at < len(pages)
            else ""
        )
        body = (
            f'<div class="p-title"><h1 class="p-title-value">Vacancies</h1></div><div class="block-outer"><nav '
            f'class="pageNavWrapper"><div '
            f'class="pageNav"><ul class="pageNav-main">{numbers}</ul>{jump}</div></nav></div><div class="structItemContainer">'
            f"<div class="
            f'"structItemContainer-group js-threadList">{rows}</div></div>'
        )
        site["/forums/vacancies.2/" if at == 1 else f"/forums/vacancies.2/page-{at}"] = _xf2("Vacancies", body)
    for advert in items:
        posts = "".join(
            f'<article class="message message--post js-post" data-author="{author}" data-content="post-{number}" '
            f'id="js-post-{number}"><div '
            f'class="message-inner"><div class="message-cell message-cell--user"><h4 class="message-name"><a '
            f'href="/members/x.9/" class='
            f'"username">{author}</a></h4></div><div class="message-cell message-cell--main"><ul '
            f'class="message-attribution-main"><li><a '
            f'href="/threads/{slug(advert)}.{advert.number}/post-{number}" rel="nofollow"><time class="u-dt" '
            f'datetime="{advert.day}T08:00:00'
            f'+0000">{advert.day}</time></a></li></ul><article class="message-body js-selectToQuote"><div class="bbWrapper">'
            f"{said}</div>"
            f"</article></div></div></article>"
            for number, author, said in posts_of(advert)
        )
        body = (
            f'<div class="p-title"><h1 class="p-title-value">{advert.title}</h1></div><div class="block-body '
            f'js-replyNewMessageContainer">'
            f"{posts}</div>"
        )
        site[f"/threads/{slug(advert)}.{advert.number}/"] = _xf2(advert.title, body)
    return site


def _xf2(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html id="XF" lang="en-US" data-app="public" data-template="forum_view"><head><title>{title} | Sample '
        f"Board</title>"
        f'</head><body data-template="forum_view"><div class="p-pageWrapper"><nav class="p-nav"><ul class="p-nav-list '
        f'js-offCanvasNavSource">'
        f'<li><a href="/forums/" class="p-navEl-link">Forums</a></li><li><a href="/whats-new/" class="p-navEl-link">What\'s '
        f"new</a></li></ul>"
        f'</nav><div class="p-body"><ul class="p-breadcrumbs"><li><a href="/forums/">Forums</a></li></ul><div '
        f'class="p-body-content">{body}'
        f'</div></div><footer class="p-footer"><a href="/help/terms/">Terms and rules</a> <a href="https://xenforo.com">'
        f"Community platform "
        f"by XenForo&reg;</a></footer></div></body></html>"
    )


def discourse(items: list[Advert]) -> Pages:
    """Return a category of Discourse as it is shown to crawlers."""
    pages, site = pages_of(items, 15), {}
    for at, shown in enumerate(pages):
        rows = "".join(
            f'<tr class="topic-list-item" id="topic-list-item-{advert.number}"><td class="main-link" itemprop="itemListElement" '
            f"itemscope "
            f'itemtype="http://schema.org/ListItem"><meta itemprop="name" content="{advert.title}"><meta itemprop="url" '
            f'content="/t/'
            f'{slug(advert)}/{advert.number}"><meta itemprop="position" content="{n}"><span class="link-top-line"><a '
            f'itemprop="item" href='
            f'"/t/{slug(advert)}/{advert.number}" class="title raw-link raw-topic-link">{advert.title}</a></span><div '
            f'class="link-bottom-'
            f'line"><a href="/c/vacancies/5" class="badge-wrapper bullet"><span class="badge-category">Vacancies</span></a>'
            f"</div></td><td "
            f'class="replies"><span class="posts" title="posts">1</span></td><td class="views"><span class="views">40</span>'
            f"</td><td>"
            f"{advert.day}</td></tr>"
            for n, advert in enumerate(shown)
        )
        pager = "".join(
            f'<span itemprop="name"><a rel="{rel}" itemprop="url" href="/c/vacancies/5?page={page}">{words}</a></span>'
            for rel, page, words in (("prev", at - 1, "← previous page"), ("next", at + 1, "next page →"))
            if 0 <= page < len(pages)
        )
        body = (
            f'<h1 class="crawler-h1">Vacancies</h1><div class="topic-list-container" itemscope '
            f'itemtype="http://schema.org/ItemList"><meta '
            f'itemprop="itemListOrder" content="http://schema.org/ItemListOrderDescending"><table class="topic-list"><thead><tr>'
            f"<th>Topic"
            f'</th><th></th><th class="replies">Replies</th><th class="views">Views</th><th>Activity</th></tr></thead><tbody>'
            f"{rows}</tbody>"
            f'</table></div><div role="navigation" itemscope itemtype="http://schema.org/SiteNavigationElement" '
            f'class="topic-list-bottom">'
            f"{pager}</div>"
        )
        site["/c/vacancies/5" if at == 0 else f"/c/vacancies/5?page={at}"] = _discourse("Vacancies", body)
    site["/c/vacancies/5?page=0"] = site["/c/vacancies/5"]
    for advert in items:
        posts = "".join(
            f'<div id="post_{n}" itemprop="{"text" if n == 1 else "comment"}" itemscope class="topic-body crawler-post"><div '
            f'class="crawler-post-'
            f'meta"><span class="creator" itemprop="author" itemscope itemtype="http://schema.org/Person"><a itemprop="url" '
            f'rel="nofollow" '
            f'href="/u/{author}"><span itemprop="name">{author}</span></a></span><link itemprop="mainEntityOfPage" '
            f'href="/t/{slug(advert)}/'
            f'{advert.number}"><span class="crawler-post-infos"><time datetime="{advert.day}T08:00:00Z" class="post-time">'
            f"{advert.day}</time>"
            f'<span itemprop="position">{n}</span></span></div><div class="post" itemprop="text"><p>{said}</p></div></div>'
            for n, (_, author, said) in enumerate(posts_of(advert), 1)
        )
        body = (
            f'<div id="topic-title"><h1><a href="/t/{slug(advert)}/{advert.number}">{advert.title}</a></h1></div><div itemscope '
            f"itemtype="
            f'"http://schema.org/DiscussionForumPosting">{posts}</div>'
        )
        site[f"/t/{slug(advert)}/{advert.number}"] = _discourse(advert.title, body)
    return site


def _discourse(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title} - Sample Board</title><meta name="generator" content="Discourse '
        f'3.3.0"></head>'
        f'<body class="crawler"><header><a href="/">Sample Board</a></header><div id="main-outlet" class="wrap" role="main">'
        f"{body}</div>"
        f'<footer class="container wrap"><nav class="crawler-nav"><ul><li itemscope><span><a href="/" itemprop="url">Home</a>'
        f"</span></li><li>"
        f'<a href="/categories">Categories</a></li><li><a href="/guidelines">Guidelines</a></li><li><a href="/tos">Terms of '
        f"Service</a></li>"
        f'</ul></nav><p class="powered-by-link">Powered by <a href="https://www.discourse.org">Discourse</a></p></footer></body>'
        f"</html>"
    )


def flarum(items: list[Advert]) -> Pages:
    """Return a tag of Flarum 1.8; what a reader without JavaScript sees stands in a noscript."""
    pages, site = pages_of(items, 20), {}
    for at, shown in enumerate(pages, 1):
        rows = "".join(f'<li><a href="/d/{advert.number}-{slug(advert)}">{advert.title}</a></li>' for advert in shown)
        more = f'<a href="/t/vacancies?page={at + 1}">Next Page &raquo;</a>' if at < len(pages) else ""
        before = f'<a href="/t/vacancies?page={at - 1}">&laquo; Previous Page</a>' if at > 1 else ""
        body = f'<div class="container"><h2>Vacancies</h2><ul>{rows}</ul>{before}{more}</div>'
        site["/t/vacancies" if at == 1 else f"/t/vacancies?page={at}"] = _flarum("Vacancies", body)
    site["/t/vacancies?page=1"] = site["/t/vacancies"]
    for advert in items:
        posts = "".join(
            f'<article><div class="PostUser"><h3 class="PostUser-name">{author}</h3></div><div class="Post-body"><p>{said}</p>'
            f"</div></article><hr>"
            for _, author, said in posts_of(advert)
        )
        body = f'<div class="container"><h1>{advert.title}</h1><div>{posts}</div></div>'
        site[f"/d/{advert.number}-{slug(advert)}"] = _flarum(advert.title, body)
    return site


def _flarum(title: str, body: str) -> str:
    return (
        f'<!doctype html><html dir="ltr" lang="en"><head><meta charset="utf-8"><title>{title} - Sample Board</title></head>'
        f'<body><div id="app" '
        f'class="App"><div id="app-navigation" class="App-navigation"></div><div id="drawer" class="App-drawer"><header '
        f'id="header" class='
        f'"App-header"><div class="container"><div class="Header-title"><a href="/" id="home-link">Sample Board</a></div></div>'
        f"</header>"
        f'</div><main class="App-content"><div id="content"></div><div id="flarum-loading" style="display: none">'
        f"Loading...</div><noscript>"
        f'<div class="Alert"><div class="container">This site is best viewed in a modern browser with JavaScript enabled.</div>'
        f"</div>"
        f'</noscript><noscript id="flarum-content">{body}</noscript></main></div><script>'
        f'document.getElementById("flarum-loading").style.'
        f'display = "block"; var flarum = {{extensions: {{}}}};</script></body></html>'
    )
