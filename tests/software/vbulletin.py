"""Sections of vBulletin 3, 4 and 5 whose threads are adverts."""

from tests.software.adverts import Advert, pages_of, slug
from tests.software.forums import Pages, posts_of


def vbulletin3(items: list[Advert]) -> Pages:
    """Return a forum of vBulletin 3.8; every address carries a session."""
    pages, site = pages_of(items, 10), {}
    s = "s=0123456789abcdef0123456789abcdef&amp;"
    for at, shown in enumerate(pages, 1):
        rows = "".join(
            f'<tr><td class="alt1" id="td_threadstatusicon_{advert.number}"><img src="thread.gif" '
            f'id="thread_statusicon_{advert.number}" '
            f'alt=""></td><td class="alt1" id="td_threadtitle_{advert.number}" title="{advert.text[:60]}"><div><a '
            f'href="showthread.php?{s}'
            f't={advert.number}" id="thread_title_{advert.number}">{advert.title}</a></div><div class="smallfont"><span '
            f'style="cursor:'
            f"pointer\" onclick=\"window.open('member.php?{s}u={advert.number}', '_self')\">sample_user{advert.number}</span>"
            f"</div></td>"
            f'<td class="alt2" title="Replies: 1, Views: 40"><div class="smallfont" style="text-align:right">{advert.day} <span '
            f"class="
            f'"time">08:00 AM</span><br>by <a href="member.php?{s}find=lastposter&amp;t={advert.number}" rel="nofollow">'
            f"sample_asker</a> "
            f'<a href="showthread.php?{s}p={advert.number + 5000}#post{advert.number + 5000}"><img class="inlineimg" '
            f'src="lastpost.gif" '
            f'alt="Go to last post"></a></div></td><td class="alt1" align="center"><a '
            f'href="misc.php?do=whoposted&amp;t={advert.number}" '
            f'onclick="who({advert.number}); return false;">1</a></td></tr>'
            for advert in shown
        )
        numbers = "".join(
            f'<td class="alt2"><span class="smallfont" title="Showing results"><strong>{n}</strong></span></td>'
            if n == at
            else f'<td class="alt1"><a class="smallfont" href="forumdisplay.php?{s}f=2&amp;order=desc&amp;page={n}">{n}</a></td>'
            for n in range(1, len(pages) + 1)
        )
        if at < len(pages):
            numbers += (
                f'<td class="alt1"><a rel="next" class="smallfont" '
                f'href="forumdisplay.php?{s}f=2&amp;order=desc&amp;page={at + 1}" '
                f'title="Next Page">&gt;</a></td>'
            )
        body = (
            f'<div class="pagenav" align="right"><table class="tborder"><tr><td class="vbmenu_control">Page {at} of '
            f"{len(pages)}</td>"
            f'{numbers}</tr></table></div><table class="tborder" id="threadslist" width="100%"><tbody><tr><td class="thead" '
            f'colspan="2">'
            f'<a href="forumdisplay.php?{s}f=2&amp;sort=title&amp;order=asc" rel="nofollow">Thread</a></td></tr></tbody><tbody '
            f"id="
            f'"threadbits_forum_2">{rows}</tbody></table>'
        )
        site["/forumdisplay.php?f=2" if at == 1 else f"/forumdisplay.php?f=2&order=desc&page={at}"] = _vb3("Vacancies", body)
    site["/forumdisplay.php?f=2&order=desc&page=1"] = site["/forumdisplay.php?f=2"]
    for advert in items:
        posts = "".join(
            f'<div id="edit{number}"><table id="post{number}" class="tborder" width="100%"><tr><td class="thead"><div '
            f'class="normal" '
            f'style="float:right">#<a href="showpost.php?{s}p={number}&amp;postcount=1" rel="nofollow"><strong>1</strong></a>'
            f"</div><div "
            f'class="normal"><a name="post{number}"></a>{advert.day}, 08:00 AM</div></td></tr><tr><td class="alt2"><div '
            f'id="postmenu_'
            f'{number}"><a class="bigusername" href="member.php?{s}u=9">{author}</a></div></td></tr><tr><td class="alt1" '
            f'id="td_post_'
            f'{number}"><div class="smallfont"><strong>{advert.title}</strong></div><hr size="1"><div '
            f'id="post_message_{number}">{said}'
            f"</div></td></tr></table></div>"
            for number, author, said in posts_of(advert)
        )
        body = f'<div class="navbar"><strong>{advert.title}</strong></div><div id="posts">{posts}</div>'
        site[f"/showthread.php?t={advert.number}"] = _vb3(advert.title, body)
    return site


def _vb3(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><html dir="ltr" lang="en"><head><meta name="generator" '
        f"content="
        f'"vBulletin 3.8.11"><title>{title} - Sample Board</title></head><body><div class="tborder"><a href="index.php">Sample '
        f"Board</a>"
        f'</div><table class="tborder"><tr><td class="vbmenu_control"><a href="register.php">Register</a></td><td '
        f'class="vbmenu_control">'
        f'<a rel="help" href="faq.php">FAQ</a></td><td class="vbmenu_control"><a href="memberlist.php">Members List</a></td>'
        f"</tr></table>"
        f'{body}<div class="smallfont" align="center">Powered by vBulletin&reg; Version 3.8.11</div></body></html>'
    )


def vbulletin4(items: list[Advert]) -> Pages:
    """Return a forum of vBulletin 4.2."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages, 1):
        rows = "".join(
            f'<li class="threadbit" id="thread_{advert.number}"><div class="rating0 nonsticky"><div class="threadinfo" '
            f'title="{advert.text[:40]}">'
            f'<a class="threadstatus" rel="vB::AJAX"></a><div class="inner"><h3 class="threadtitle"><a class="title" '
            f'href="showthread.php?'
            f'{advert.number}-{slug(advert)}" id="thread_title_{advert.number}">{advert.title}</a></h3><div class="threadmeta">'
            f"<div class="
            f'"author"><span class="label">Started by <a href="member.php?{advert.number}-sample_user" class="username '
            f'understate">sample_user'
            f'{advert.number}</a>, {advert.day}</span></div></div></div></div><ul class="threadstats td"><li>Replies: <a '
            f'href="misc.php?do='
            f'whoposted&amp;t={advert.number}" class="understate">1</a></li><li>Views: 40</li></ul><dl class="threadlastpost '
            f'td"><dd>by '
            f'<a href="member.php?9-sample_asker" class="username">sample_asker</a></dd><dd>{advert.day} <a href="showthread.php?'
            f'{advert.number}-{slug(advert)}&amp;p={advert.number + 5000}#post{advert.number + 5000}" class="lastpostdate '
            f'understate">'
            f'<img src="lastpost.png" alt="Go to last post"></a></dd></dl></div></li>'
            for advert in shown
        )
        numbers = "".join(
            f'<span class="selected"><a href="javascript://" title="Results">{n}</a></span>'
            if n == at
            else f'<span><a href="forumdisplay.php?2-Vacancies{f"/page{n}" if n > 1 else ""}" title="Show results">{n}</a></span>'
            for n in range(1, len(pages) + 1)
        )
        if at < len(pages):
            following = f'<a rel="next" href="forumdisplay.php?2-Vacancies/page{at + 1}"><img src="next.png" alt="Next"></a>'
            numbers += f'<span class="prev_next">{following}</span>'
        body = (
            f'<div id="pagetitle"><h1>Forum: <span class="forumtitle">Vacancies</span></h1></div><div id="above_threadlist" '
            f"class="
            f'"above_threadlist"><div class="threadpagenav"><form class="pagination popupmenu nohovermenu"><span><a '
            f'href="javascript://" '
            f'class="popupctrl">Page {at} of {len(pages)}</a></span>{numbers}</form><div id="threadpagestats" '
            f'class="threadpagestats">'
            f'Threads {10 * at - 9} to {min(10 * at, len(items))} of {len(items)}</div></div></div><div id="threadlist" class='
            f'"threadlist"><ol id="threads" class="threads">{rows}</ol></div>'
        )
        site["/forumdisplay.php?2-Vacancies" if at == 1 else f"/forumdisplay.php?2-Vacancies/page{at}"] = _vb4("Vacancies", body)
    for advert in items:
        posts = "".join(
            f'<li class="postbitlegacy postbitim postcontainer old" id="post_{number}"><div class="posthead"><span '
            f'class="postdate old">'
            f'<span class="date">{advert.day},&nbsp;<span class="time">08:00 AM</span></span></span></div><div '
            f'class="postdetails"><div '
            f'class="userinfo"><div class="username_container"><a class="username offline popupctrl" href="member.php?9-x">'
            f"<strong>{author}"
            f'</strong></a></div></div><div class="postbody"><div class="postrow"><h2 class="title icon">{advert.title}</h2>'
            f"<div class="
            f'"content"><div id="post_message_{number}"><blockquote class="postcontent restore">{said}</blockquote></div></div>'
            f"</div></div>"
            f"</div></li>"
            for number, author, said in posts_of(advert)
        )
        body = (
            f'<div id="pagetitle"><h1>Thread: <span class="threadtitle"><a href="showthread.php?{advert.number}-{slug(advert)}">'
            f'{advert.title}</a></span></h1></div><div id="postlist" class="postlist"><ol id="posts" class="posts">{posts}</ol>'
            f"</div>"
        )
        site[f"/showthread.php?{advert.number}-{slug(advert)}"] = _vb4(advert.title, body)
    return site


def _vb4(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><html id="vbulletin_html" lang="en"><head><meta '
        f'name="generator" '
        f'content="vBulletin 4.2.5"><title>{title}</title></head><body><div class="above_body"><div id="header" '
        f'class="floatcontainer">'
        f'<a name="top" href="forum.php"><img src="logo.png" alt="Sample Board"></a></div><div id="navbar"><ul class="navtabs">'
        f"<li><a "
        f'class="navtab" href="forum.php">Forum</a></li><li><a href="faq.php">FAQ</a></li><li><a href="calendar.php">'
        f"Calendar</a></li>"
        f'</ul></div></div><div class="body_wrapper"><div id="breadcrumb"><ul><li class="navbit"><a href="forum.php">Forum</a>'
        f"</li></ul>"
        f'</div>{body}</div><div class="below_body"><div id="footer_copyright">Powered by vBulletin&reg; Version 4.2.5</div>'
        f"</div></body>"
        f"</html>"
    )


def vbulletin5(items: list[Advert]) -> Pages:
    """Return a channel of vBulletin 5."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages, 1):
        rows = "".join(
            f'<tr class="topic-item js-topic-item" data-node-id="{advert.number}"><td class="cell-icon"><a href="#" '
            f'class="topic-icon"></a>'
            f'</td><td class="cell-topic"><div class="topic-wrapper"><a href="/forum/vacancies/{advert.number}-{slug(advert)}" '
            f"class="
            f'"topic-title js-topic-title">{advert.title}</a><div class="topic-info">Started by <a '
            f'href="/member/{advert.number}-x">sample_'
            f'user{advert.number}</a>, <span class="date">{advert.day}, 08:00 AM</span></div></div></td><td class="cell-count">'
            f"<div class="
            f'"posts-count">1 response</div></td><td class="cell-lastpost"><div class="lastpost-wrapper"><a '
            f'class="go-to-last-post" href='
            f'"/forum/vacancies/{advert.number}-{slug(advert)}?p={advert.number + 5000}#post{advert.number + 5000}"></a><span '
            f"class="
            f'"lastpost-by">by <a href="/member/9-x">sample_asker</a></span></div></td></tr>'
            for advert in shown
        )
        pager = (
            '<div class="conversation-toolbar"><div class="pagenav-container"><div class="pagenav-controls"><form '
            'action="/forum/vacancies" '
            'class="pagenav-form h-left"><div class="horizontal-arrows"><a class="arrow left-arrow h-disabled" title="Previous '
            'Page"><span '
            'class="vb-icon"></span></a>'
            + (
                f'<a class="arrow right-arrow" title="Next Page" href="/forum/vacancies/page{at + 1}" rel="next"><span '
                f'class="vb-icon">'
                f"</span></a>"
                if at < len(pages)
                else ""
            )
            + f'</div><label>Page <input type="text" class="js-pagenum textbox" value="{at}"> of <span '
            f'class="pagetotal">{len(pages)}'
            f"</span></label></form></div></div></div>"
        )
        body = (
            f'<h1 class="main-title">Vacancies</h1>{pager}<table class="topic-list"><thead class="topic-list-header"><tr><th '
            f"class="
            f'"cell-topic">Topics</th></tr></thead><tbody class="topic-list">{rows}</tbody></table>'
        )
        site["/forum/vacancies" if at == 1 else f"/forum/vacancies/page{at}"] = _vb5("Vacancies", body)
    for advert in items:
        posts = "".join(
            f'<li class="b-post js-post" data-node-id="{number}" itemscope itemtype="http://schema.org/Comment"><div '
            f'class="b-post__body"><div '
            f'class="b-userinfo"><div class="author"><strong><a href="/member/9-x">{author}</a></strong></div></div><div '
            f'class="b-post__'
            f'content js-post__content"><div class="b-post__timestamp"><time datetime="{advert.day}T08:00:00">{advert.day}, '
            f"08:00 AM</time>"
            f'</div><div class="js-post__content-text OLD__post-content-text restore" itemprop="text">{said}</div></div></div>'
            f"</li>"
            for number, author, said in posts_of(advert)
        )
        body = (
            f'<h1 class="main-title js-main-title">{advert.title}</h1><div class="conversation-content"><ul '
            f'class="conversation-list '
            f'list-container">{posts}</ul></div>'
        )
        site[f"/forum/vacancies/{advert.number}-{slug(advert)}"] = _vb5(advert.title, body)
    return site


def _vb5(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html dir="ltr" lang="en-US"><head><title>{title} - Sample Board</title><meta name="generator" content='
        f'"vBulletin 5.7.5"></head><body id="vb-page-body" class="l-desktop page2 vb-page"><nav class="b-top-menu__background">'
        f"<ul class="
        f'"b-top-menu"><li><a href="/auth/login-form">Login or Sign Up</a></li></ul></nav><ul id="channel-tabbar" '
        f'class="channel-tabbar-'
        f'list"><li><a href="/forum">Forums</a></li><li><a href="/blogs">Blogs</a></li><li><a href="/groups">Groups</a></li>'
        f"</ul><nav "
        f'id="breadcrumbs"><ul><li><a href="/forum">Forum</a></li></ul></nav><div id="content">{body}</div><footer id="footer">'
        f"<a href="
        f'"/terms-of-service">Terms of use</a> Powered by vBulletin&reg; Version 5.7.5</footer></body></html>'
    )
