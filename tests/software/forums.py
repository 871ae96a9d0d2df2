"""Sections of forums whose threads are adverts: phpBB 2 and 3, Discuz! X, SMF 2.1, MyBB 1.8."""

from tests.software.adverts import Advert, pages_of

Pages = dict[str, str]


def phpbb3(items: list[Advert]) -> Pages:
    """Return a forum of phpBB 3.3, style prosilver; every address carries a session."""
    pages, site = pages_of(items, 10), {}
    sid = "&amp;sid=0123456789abcdef0123456789abcdef"
    for at, shown in enumerate(pages):
        rows = "".join(
            f'<li class="row bg1"><dl class="row-item topic_read"><dt title="No unread posts"><div class="list-inner"><a '
            f'href="./viewtopic.php?t={advert.number}{sid}" class="topictitle">{advert.title}</a><br><div class="topic-poster '
            f'responsive-hide left-box"><i class="icon fa-fw"></i> by <a '
            f'href="./memberlist.php?mode=viewprofile&amp;u={advert.number}'
            f'{sid}" class="username">sample_user{advert.number}</a> &raquo; <time datetime="{advert.day}T08:00:00+00:00">'
            f"{advert.day}"
            f'</time></div></div></dt><dd class="posts">1 <dfn>Replies</dfn></dd><dd class="views">40 <dfn>Views</dfn></dd><dd '
            f'class="lastpost"><span><dfn>Last post</dfn> by <a href="./memberlist.php?mode=viewprofile&amp;u=9{sid}" '
            f'class="username">'
            f'sample_asker</a> <a href="./viewtopic.php?p={advert.number + 5000}{sid}#p{advert.number + 5000}" title="Go to '
            f'last post">'
            f'<i class="icon"></i></a><br>{advert.day}</span></dd></dl></li>'
            for advert in shown
        )
        numbers = "".join(
            f'<li class="active"><span>{n + 1}</span></li>'
            if n == at
            else f'<li><a class="button" href="./viewforum.php?f=2{sid}{f"&amp;start={10 * n}" if n else ""}">{n + 1}</a></li>'
            for n in range(len(pages))
        )
        if at + 1 < len(pages):
            numbers += (
                f'<li class="arrow next"><a class="button button-icon-only" '
                f'href="./viewforum.php?f=2{sid}&amp;start={10 * at + 10}" '
                f'rel="next" role="button"><span class="sr-only">Next</span></a></li>'
            )
        pager = f'<div class="action-bar bar-top"><div class="pagination">{len(items)} topics <ul>{numbers}</ul></div></div>'
        body = (
            f'<h2 class="forum-title"><a href="./viewforum.php?f=2{sid}">Vacancies</a></h2>{pager}<div class="forumbg"><div '
            f'class="inner"><ul class="topiclist"><li class="header"><dl class="row-item"><dt><div class="list-inner">'
            f"Topics</div></dt>"
            f'<dd class="posts">Replies</dd></dl></li></ul><ul class="topiclist topics">{rows}</ul></div></div>{pager}'
        )
        site["/viewforum.php?f=2" if at == 0 else f"/viewforum.php?f=2&start={10 * at}"] = _prosilver("viewforum", body)
    for advert in items:
        posts = "".join(
            f'<div id="p{number}" class="post has-profile bg2"><div class="inner"><dl class="postprofile" id="profile{number}">'
            f"<dt "
            f'class="has-profile-rank"><a href="./memberlist.php?mode=viewprofile&amp;u=9{sid}" class="username">{author}</a>'
            f"</dt></dl>"
            f'<div class="postbody"><div id="post_content{number}"><h3 class="first"><a href="#p{number}">{advert.title}</a>'
            f"</h3><p "
            f'class="author"><a class="unread" href="./viewtopic.php?p={number}{sid}#p{number}"><i class="icon"></i></a><span '
            f'class="responsive-hide">by <strong><a href="./memberlist.php?mode=viewprofile&amp;u=9{sid}" class="username">'
            f"{author}</a>"
            f'</strong> &raquo; </span><time datetime="{advert.day}T08:00:00+00:00">{advert.day}</time></p><div class="content">'
            f"{said}"
            f"</div></div></div></div></div>"
            for number, author, said in posts_of(advert)
        )
        body = (
            f'<h2 class="topic-title"><a href="./viewtopic.php?t={advert.number}{sid}">{advert.title}</a></h2><div '
            f'class="action-bar '
            f'bar-top"><div class="pagination">2 posts &bull; Page <strong>1</strong> of <strong>1</strong></div></div>{posts}'
        )
        site[f"/viewtopic.php?t={advert.number}"] = _prosilver("viewtopic", body)
    return site


def posts_of(advert: Advert) -> list[tuple[int, str, str]]:
    """Return (number, author, text) of the posts of a thread: the advert, and somebody who asks."""
    return [
        (advert.number, f"sample_user{advert.number}", advert.text),
        (advert.number + 5000, "sample_asker", f"Is the place in {advert.place} still free, and who pays for the bus?"),
    ]


def _prosilver(section: str, body: str) -> str:
    sid = "sid=0123456789abcdef0123456789abcdef"
    return (
        f'<!DOCTYPE html><html dir="ltr" lang="en-gb"><head><title>Sample Board - Vacancies</title></head><body id="phpbb" '
        f'class="nojs notouch section-{section} ltr"><div id="wrap" class="wrap"><div id="page-header"><ul id="nav-main" '
        f'class="nav-main linklist"><li><a href="./app.php/help/faq?{sid}" rel="help">FAQ</a></li><li><a '
        f'href="./ucp.php?mode=login&amp;'
        f'{sid}">Login</a></li></ul><ul id="nav-breadcrumbs"><li class="breadcrumbs"><a href="./index.php?{sid}">Board index</a>'
        f"</li>"
        f'</ul></div><div id="page-body" class="page-body">{body}</div><div id="page-footer"><div class="copyright">Powered by '
        f'<a href="https://www.phpbb.com/">phpBB</a>&reg; Forum Software <a href="./ucp.php?mode=terms&amp;{sid}">Terms</a>'
        f"</div></div>"
        f"</div></body></html>"
    )


def phpbb2(items: list[Advert]) -> Pages:
    """Return a forum of phpBB 2, style subSilver."""
    pages, site = pages_of(items, 10), {}
    sid = "&amp;sid=0123456789abcdef0123456789abcdef"
    for at, shown in enumerate(pages):
        rows = "".join(
            f'<tr><td class="row1" align="center"><img src="folder.gif" alt="No new posts"></td><td class="row1" width="100%">'
            f"<span "
            f'class="topictitle"><a href="viewtopic.php?t={advert.number}{sid}" class="topictitle">{advert.title}</a></span>'
            f"<span "
            f'class="gensmall"><br></span></td><td class="row2" align="center"><span class="postdetails">1</span></td><td '
            f'class="row3" '
            f'align="center"><span class="name"><a href="profile.php?mode=viewprofile&amp;u={advert.number}{sid}">sample_user'
            f'{advert.number}</a></span></td><td class="row2" align="center"><span class="postdetails">40</span></td><td '
            f'class="row3Right" align="center"><span class="postdetails">{advert.day}<br><a '
            f'href="profile.php?mode=viewprofile&amp;u=9'
            f'{sid}">sample_asker</a> <a href="viewtopic.php?p={advert.number + 5000}{sid}#{advert.number + 5000}"><img '
            f'src="icon_latest'
            f'_reply.gif" alt="View latest post"></a></span></td></tr>'
            for advert in shown
        )
        numbers = ", ".join(
            f"<b>{n + 1}</b>" if n == at else f'<a href="viewforum.php?f=2&amp;topicdays=0&amp;start={10 * n}{sid}">{n + 1}</a>'
            for n in range(len(pages))
        )
        if at + 1 < len(pages):
            numbers += f'&nbsp;&nbsp;<a href="viewforum.php?f=2&amp;topicdays=0&amp;start={10 * at + 10}{sid}">Next</a>'
        body = (
            f'<table width="100%"><tr><td><a class="maintitle" href="viewforum.php?f=2{sid}">Vacancies</a><br><span '
            f'class="gensmall"><b>'
            f'Goto page {numbers}</b></span></td></tr></table><table border="0" class="forumline" width="100%"><tr><th '
            f'colspan="2" '
            f'class="thCornerL">&nbsp;Topics&nbsp;</th><th class="thTop">Replies</th><th class="thTop">Author</th><th '
            f'class="thTop">Views'
            f'</th><th class="thCornerR">Last Post</th></tr>{rows}</table><table><tr><td><span class="nav">Page <b>{at + 1}</b> '
            f"of <b>"
            f'{len(pages)}</b></span></td><td align="right"><span class="nav">Goto page {numbers}</span></td></tr></table>'
        )
        site["/viewforum.php?f=2" if at == 0 else f"/viewforum.php?f=2&start={10 * at}&topicdays=0"] = _subsilver(body)
    site["/viewforum.php?f=2&start=0&topicdays=0"] = site["/viewforum.php?f=2"]
    for advert in items:
        posts = "".join(
            f'<tr><td width="150" align="left" valign="top" class="row1"><span class="name"><a name="{number}"></a><b>'
            f"{author}</b></span>"
            f'<br><span class="postdetails"><br>Joined: 01 Jan 2026<br>Posts: 3</span></td><td class="row1" width="100%" '
            f'valign="top">'
            f'<table width="100%"><tr><td width="100%"><a href="viewtopic.php?p={number}{sid}#{number}"><img '
            f'src="icon_minipost.gif" '
            f'alt="Post"></a><span class="postdetails">Posted: {advert.day} 8:00 am<span class="gen">&nbsp;</span>&nbsp; '
            f"&nbsp;Post "
            f'subject: {advert.title}</span></td></tr><tr><td colspan="2"><hr></td></tr><tr><td colspan="2"><span '
            f'class="postbody">{said}'
            f'</span><span class="gensmall"></span></td></tr></table></td></tr><tr><td class="row1"><span class="nav"><a '
            f'href="#top" '
            f'class="nav">Back to top</a></span></td><td class="row1"><a href="profile.php?mode=viewprofile&amp;u=9{sid}"><img '
            f'src="icon_profile.gif" alt="View user profile"></a></td></tr><tr><td class="spaceRow" colspan="2"></td></tr>'
            for number, author, said in posts_of(advert)
        )
        body = (
            f'<table><tr><td><a class="maintitle" href="viewtopic.php?t={advert.number}{sid}">{advert.title}</a></td></tr>'
            f"</table><table "
            f'class="forumline" width="100%"><tr align="right"><td class="catHead" colspan="2"><span class="nav"><a '
            f'href="viewtopic.php?t='
            f'{advert.number}&amp;view=previous{sid}" class="nav">View previous topic</a> :: <a '
            f'href="viewtopic.php?t={advert.number}&amp;'
            f'view=next{sid}" class="nav">View next topic</a></span></td></tr><tr><th class="thLeft">Author</th><th '
            f'class="thRight">'
            f'Message</th></tr>{posts}</table><span class="nav">Page <b>1</b> of <b>1</b></span>'
        )
        site[f"/viewtopic.php?t={advert.number}"] = _subsilver(body)
    return site


def _subsilver(body: str) -> str:
    sid = "sid=0123456789abcdef0123456789abcdef"
    return (
        f'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><html dir="ltr"><head><title>Sample Board :: '
        f"Vacancies</title>"
        f'</head><body bgcolor="#E5E5E5"><table class="bodyline" width="100%"><tr><td><table><tr><td><a href="index.php?{sid}">'
        f"<img "
        f'src="logo_phpBB.gif" alt="Sample Board Forum Index"></a></td><td><span class="mainmenu">&nbsp;<a href="faq.php?{sid}" '
        f'class="mainmenu">FAQ</a>&nbsp; <a href="search.php?{sid}" class="mainmenu">Search</a>&nbsp; <a href="login.php?{sid}" '
        f'class="mainmenu">Log in</a></span></td></tr></table>{body}<div align="center"><span class="copyright">Powered by <a '
        f'href="http://www.phpbb.com/">phpBB</a> 2.0.23 &copy; 2001, 2005 phpBB Group</span></div></td></tr></table></body>'
        f"</html>"
    )


def discuz(items: list[Advert]) -> Pages:
    """Return a section of Discuz! X3.4 with static addresses; a stuck thread leads the first page."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages, 1):
        rows = "".join(
            f'<tbody id="normalthread_{advert.number}"><tr><td class="icn"><a href="thread-{advert.number}-1-1.html" '
            f'title="新窗口打开" '
            f'target="_blank"><img src="folder_common.gif"></a></td><th class="common"><a class="tdpre y" '
            f'href="javascript:void(0);" '
            f'onclick="previewThread()">预览</a> <a href="thread-{advert.number}-1-1.html" onclick="atarget(this)" class="s xst">'
            f'{advert.title}</a></th><td class="by"><cite><a href="space-uid-{advert.number}.html" c="1">'
            f"sample_user{advert.number}</a>"
            f'</cite><em><span>{advert.day}</span></em></td><td class="num"><a href="thread-{advert.number}-1-1.html" '
            f'class="xi2">1</a>'
            f'<em>40</em></td><td class="by"><cite><a href="space-username-sample_asker.html">sample_asker</a></cite><em><a '
            f'href="forum.php?mod=redirect&amp;tid={advert.number}&amp;goto=lastpost#lastpost">{advert.day} 08:00</a></em></td>'
            f"</tr>"
            f"</tbody>"
            for advert in shown
        )
        numbers = "".join(
            f"<strong>{n}</strong>" if n == at else f'<a href="forum-2-{n}.html">{n}</a>' for n in range(1, len(pages) + 1)
        )
        following = f'<a href="forum-2-{at + 1}.html" class="nxt">下一页</a>' if at < len(pages) else ""
        pager = (
            f'<div class="bm bw0 pgs cl"><span id="fd_page_top"><div class="pg">{numbers}<label><input type="text" '
            f'name="custompage" '
            f'class="px" size="2" title="输入页码，按回车快速跳转" value="{at}"><span title="共 {len(pages)} 页">'
            f" / {len(pages)} 页</span>"
            f"</label>"
            f'{following}</div></span><span class="pgb y"><a href="forum.php">返&nbsp;回</a></span></div>'
        )
        body = (
            f'<h1 class="xs2"><a href="forum-2-1.html">招聘信息</a></h1>{pager}<div id="threadlist" class="tl bm bmw"><div '
            f'class="th">'
            f'<table><tr><th colspan="2"><div class="tf"><a href="forum.php?mod=forumdisplay&amp;fid=2&amp;filter=lastpost">'
            f"最新</a></div>"
            f'</th><td class="by">作者</td></tr></table></div><table summary="forum_2" '
            f'id="threadlisttableid">{rows}</table></div>'
            f"{pager}"
        )
        site[f"/forum-2-{at}.html"] = _discuz("forumdisplay", "招聘信息", body)
    for advert in items:
        posts = "".join(
            f'<div id="post_{number}"><table id="pid{number}" class="plhin" summary="pid{number}"><tr><td class="pls" '
            f'rowspan="2"><div '
            f'class="pls favatar"><div class="pi"><div class="authi"><a href="space-uid-9.html" target="_blank" class="xw1">'
            f"{author}</a>"
            f'</div></div></div></td><td class="plc"><div class="pi"><div class="pti"><div class="authi"><em '
            f'id="authorposton{number}">发表于 '
            f'{advert.day} 08:00:00</em><span class="pipe">|</span><a '
            f'href="forum.php?mod=viewthread&amp;tid={advert.number}&amp;page=1&amp;'
            f'authorid=9" rel="nofollow">只看该作者</a></div></div></div><div class="pct"><div '
            f'class="pcb"><div class="t_fsz"><table>'
            f"<tr><td "
            f'class="t_f" id="postmessage_{number}">{said}</td></tr></table></div></div></div></td></tr></table></div>'
            for number, author, said in posts_of(advert)
        )
        body = (
            f'<div id="postlist" class="pl bm"><table><tr><td class="plc ptm pbn vwthd"><h1 class="ts"><span id="thread_subject">'
            f"{advert.title}</span></h1></td></tr></table>{posts}</div>"
        )
        site[f"/thread-{advert.number}-1-1.html"] = _discuz("viewthread", advert.title, body)
    return site


def _discuz(page: str, title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title} - 样本论坛 - Powered by Discuz!</title><meta '
        f'name="generator" '
        f'content="Discuz! X3.4"></head><body id="nv_forum" class="pg_{page}"><div id="toptb" class="cl"><a href="member.php?mod='
        f'register">立即注册</a></div><div id="hd"><h2><a href="./" title="样本论坛"><img src="logo.png">'
        f'</a></h2><div id="nv"><ul><li '
        f'id="mn_'
        f'forum"><a href="forum.php" hidefocus="true" title="BBS">论坛</a></li><li><a '
        f'href="misc.php?mod=ranklist">排行榜</a></li>'
        f"</ul></div>"
        f'</div><div id="wp" class="wp"><div id="pt" class="bm cl"><div class="z"><a href="./" class="nvhm">首页</a><em>'
        f"&raquo;</em><a "
        f'href="forum.php">论坛</a><em>&rsaquo;</em><a href="forum-2-1.html">招聘信息</a></div></div><div id="ct" class="wp cl">'
        f"{body}</div>"
        f'</div><div id="ft" class="wp cl">Powered by <strong><a href="http://www.discuz.net">Discuz!</a></strong> <em>X3.4</em>'
        f"</div>"
        f"</body></html>"
    )


def smf(items: list[Advert]) -> Pages:
    """Return a board of SMF 2.1; addresses count topics after a dot, and guests get a session in every link."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages):
        rows = "".join(
            f'<div class="windowbg"><div class="board_icon"><img src="xx.png" alt=""></div><div class="info info_block"><div '
            f'class="icons floatright"></div><div class="message_index_title"><span class="preview" title=""><span id="msg_'
            f'{advert.number}"><a href="/index.php?topic={advert.number}.0">{advert.title}</a></span></span></div><p '
            f'class="floatleft">'
            f'Started by <a href="/index.php?action=profile;u={advert.number}" title="View the profile">'
            f"sample_user{advert.number}</a>"
            f'</p></div><div class="board_stats centertext"><p>Replies: 1<br>Views: 40</p></div><div class="lastpost"><p><a '
            f'href="/index.php?topic={advert.number}.msg{advert.number + 5000}#new">{advert.day}, 08:00:00 AM</a><br>by <a '
            f'href="/index.php?action=profile;u=9">sample_asker</a></p></div></div>'
            for advert in shown
        )
        numbers = " ".join(
            f'<span class="current_page">{n + 1}</span>'
            if n == at
            else f'<a class="nav_page" href="/index.php?board=2.{10 * n}">{n + 1}</a>'
            for n in range(len(pages))
        )
        if at + 1 < len(pages):
            numbers += (
                f' <a class="nav_page" href="/index.php?board=2.{10 * at + 10}"><span class="main_icons next_page"></span></a>'
            )
        pager = (
            f'<div class="pagesection"><div class="pagelinks floatleft"><a href="#bot" class="button">Go Down</a><span '
            f'class="pages">'
            f"Pages</span>{numbers}</div></div>"
        )
        body = (
            f'<div id="display_head" class="information"><h2 class="display_title">Vacancies</h2></div>{pager}<div '
            f'id="messageindex">'
            f'<div class="title_bar" id="topic_header"><div class="board_icon"></div><div class="info"><a '
            f'href="/index.php?board=2.0;'
            f'sort=subject">Subject</a> / <a href="/index.php?board=2.0;sort=starter">Started by</a></div></div><div id="topic_'
            f'container">{rows}</div></div>{pager}'
        )
        site[f"/index.php?board=2.{10 * at}"] = _smf("Vacancies", body)
    for advert in items:
        posts = "".join(
            f'<div class="windowbg" id="msg{number}"><div class="post_wrapper"><div class="poster"><h4><a '
            f'href="/index.php?action=profile;'
            f'u=9" title="View the profile of {author}">{author}</a></h4></div><div class="postarea"><div class="keyinfo"><div '
            f'class="postinfo"><span class="messageicon"></span><a '
            f'href="/index.php?topic={advert.number}.msg{number}#msg{number}" '
            f'rel="nofollow" class="smalltext">{advert.day}, 08:00:00 AM</a></div></div><div class="post"><div class="inner" '
            f'data-msgid="'
            f'{number}" id="msg_{number}">{said}</div></div></div></div></div><hr class="post_separator">'
            for number, author, said in posts_of(advert)
        )
        body = (
            f'<div id="display_head" class="information"><h2 class="display_title"><span id="top_subject">{advert.title}</span>'
            f"</h2></div>"
            f'<div class="pagesection"><div class="pagelinks floatleft"><a href="#bot" class="button">Go Down</a><span '
            f'class="pages">'
            f'Pages</span><span class="current_page">1</span></div></div><div id="forumposts">{posts}</div>'
        )
        site[f"/index.php?topic={advert.number}.0"] = _smf(advert.title, body)
    return site


def _smf(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8"><title>{title}</title><script>var smf_theme_url = '
        f'"/Themes/default'
        f'";</script></head><body id="smf" class="action_messageindex"><div id="footerfix"><div id="header"><h1 '
        f'class="forumtitle"><a '
        f'id="top" href="/index.php">Sample Board</a></h1></div><div id="wrapper"><div id="main_menu"><ul class="dropmenu '
        f'menu_nav"><li '
        f'class="button_home"><a class="active" href="/index.php">Home</a></li><li class="button_search"><a '
        f'href="/index.php?action='
        f'search">Search</a></li><li class="button_login"><a href="/index.php?action=login">Log in</a></li></ul></div><div '
        f'class="navigate'
        f'_section"><ul><li><a href="/index.php">Sample Board</a></li><li class="last"> ► <a href="/index.php?board=2.0">'
        f"Vacancies</a></li>"
        f'</ul></div><div id="content_section">{body}</div></div></div><div id="footer"><ul><li class="copyright"><a '
        f'href="/index.php?'
        f'action=credits">SMF 2.1.4 &copy; 2023</a>, Simple Machines</li></ul></div></body></html>'
    )


def mybb(items: list[Advert]) -> Pages:
    """Return a forum of MyBB 1.8."""
    pages, site = pages_of(items, 10), {}
    for at, shown in enumerate(pages, 1):
        rows = "".join(
            f'<tr class="inline_row"><td align="center" class="trow1 forumdisplay_regular" width="2%"><span class="thread_status '
            f'newfolder">&nbsp;</span></td><td class="trow1 forumdisplay_regular"><div><span><span class=" subject_new" id="tid_'
            f'{advert.number}"><a href="showthread.php?tid={advert.number}">{advert.title}</a></span></span><div class="author '
            f'smalltext">'
            f'<a href="member.php?action=profile&amp;uid={advert.number}">sample_user{advert.number}</a></div></div></td><td '
            f"align="
            f'"center" class="trow1"><a href="misc.php?action=whoposted&amp;tid={advert.number}">1</a></td><td align="center" '
            f"class="
            f'"trow1">40</td><td class="trow1"><span class="lastpost smalltext">{advert.day}, 08:00 AM<br><a '
            f'href="showthread.php?tid='
            f'{advert.number}&amp;action=lastpost">Last Post</a>: <a href="member.php?action=profile&amp;uid=9">sample_asker</a>'
            f"</span>"
            f"</td></tr>"
            for advert in shown
        )
        numbers = " ".join(
            f'<span class="pagination_current">{n}</span>'
            if n == at
            else f'<a href="forumdisplay.php?fid=2&amp;page={n}" class="pagination_page">{n}</a>'
            for n in range(1, len(pages) + 1)
        )
        if at < len(pages):
            numbers += f' <a href="forumdisplay.php?fid=2&amp;page={at + 1}" class="pagination_next">Next &raquo;</a>'
        body = (
            f'<div class="float_left"><div class="pagination"><span class="pages">Pages ({len(pages)}):</span> {numbers}</div>'
            f"</div><table "
            f'border="0" class="tborder clear"><tr><td class="thead" colspan="5"><div><strong>Vacancies</strong></div></td></tr>'
            f"<tr><td "
            f'class="tcat" colspan="2"><span class="smalltext"><strong><a '
            f'href="forumdisplay.php?fid=2&amp;sortby=subject&amp;order=asc">'
            f"Thread</a></strong></span></td></tr>{rows}</table>"
        )
        site["/forumdisplay.php?fid=2" if at == 1 else f"/forumdisplay.php?fid=2&page={at}"] = _mybb("Vacancies", body)
    site["/forumdisplay.php?fid=2&page=1"] = site["/forumdisplay.php?fid=2"]
    for advert in items:
        posts = "".join(
            f'<a name="pid{number}" id="pid{number}"></a><div class="post " id="post_{number}"><div class="post_author"><div '
            f'class="author_'
            f'information"><strong><span class="largetext"><a href="member.php?action=profile&amp;uid=9">{author}</a></span>'
            f"</strong>"
            f'</div></div><div class="post_content"><div class="post_head"><div class="float_right"><strong><a '
            f'href="showthread.php?tid='
            f'{advert.number}&amp;pid={number}#pid{number}">#1</a></strong></div><span class="post_date">{advert.day}, 08:00 '
            f"AM</span></div>"
            f'<div class="post_body scaleimages" id="pid_{number}">{said}</div></div></div>'
            for number, author, said in posts_of(advert)
        )
        body = (
            f'<table class="tborder tfixed clear"><tr><td class="thead"><div><strong>{advert.title}</strong></div></td></tr><tr>'
            f"<td id="
            f'"posts_container"><div id="posts">{posts}</div></td></tr></table>'
        )
        site[f"/showthread.php?tid={advert.number}"] = _mybb(advert.title, body)
    return site


def _mybb(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Sample Board - {title}</title><script src="/jscripts/general.js"></script>'
        f"</head>"
        f'<body><div id="container"><div id="header"><div id="logo"><div class="wrapper"><ul class="menu top_links"><li><a '
        f'href="search.php'
        f'" class="search">Search</a></li><li><a href="memberlist.php" class="memberlist">Member List</a></li></ul></div></div>'
        f"</div><div "
        f'id="content"><div class="wrapper"><div class="navigation"><a href="index.php">Sample Board</a> › <span class="active">'
        f"{title}"
        f'</span></div>{body}</div></div><div id="footer"><div id="copyright">Powered By <a href="https://mybb.com">MyBB</a>, '
        f"&copy; MyBB "
        f"Group</div></div></div></body></html>"
    )
