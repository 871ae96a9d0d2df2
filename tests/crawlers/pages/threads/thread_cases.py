"""The thread pages by name: those looked at while the reading was written, and those held out."""

# ruff: noqa: E501 - pages as their software writes them

from tests.crawlers.pages.threads.thread_pages import (
    FIRST,
    OPENER,
    SECOND,
    THIRD,
    TIMES,
    TITLE,
    Said,
    ThreadCase,
    bbpress_lead,
    bbpress_plugin,
    discourse,
    flarum,
    guestbook,
    invision,
    kaskus,
    khoros,
    later_page,
    mybb,
    newest_first,
    page,
    phpbb,
    reddit_old,
    smf,
    stack_exchange,
    tinhte,
    vanilla,
    vbulletin4,
    wordpress_comments,
    xenforo1,
    xenforo2,
)

ALL = (FIRST, SECOND, THIRD)
BY_VOTES = (FIRST, THIRD, SECOND)
LOOKED_AT = {
    "stack exchange": ThreadCase(stack_exchange(ALL), "https://qa.example.org/questions/5001/night-cook"),
    "stack exchange, accepted above": ThreadCase(stack_exchange(BY_VOTES), "https://qa.example.org/questions/5001/night-cook"),
    "khoros": ThreadCase(khoros(ALL), "https://community.example.org/t5/jobs/night-cook/m-p/5001"),
    "khoros, solution above": ThreadCase(
        khoros(ALL, solution_first=True), "https://community.example.org/t5/jobs/night-cook/td-p/5001"
    ),
    "bbpress, lead topic": ThreadCase(bbpress_lead(), "https://wp.example.org/forums/topic/night-cook/"),
    "bbpress, renamed": ThreadCase(bbpress_plugin(BY_VOTES), "https://wp.example.org/forums/topic/night-cook/"),
    "xenforo 2": ThreadCase(xenforo2(ALL), "https://xf.example.org/threads/night.77/"),
    "xenforo 2, solution above": ThreadCase(xenforo2(ALL, highlighted=True), "https://xf.example.org/threads/night.77/"),
    "xenforo 1": ThreadCase(xenforo1(), "https://xf.example.org/threads/night.77/"),
    "phpbb": ThreadCase(phpbb(ALL), "https://bb.example.org/viewtopic.php?t=77"),
    "phpbb, best answer above": ThreadCase(phpbb(ALL, best=True), "https://bb.example.org/viewtopic.php?t=77"),
    "vbulletin 4": ThreadCase(vbulletin4(), "https://vb.example.org/showthread.php?77-night"),
    "mybb": ThreadCase(mybb(), "https://my.example.org/thread-77.html"),
    "smf": ThreadCase(smf(), "https://smf.example.org/index.php?topic=77.0"),
    "discourse": ThreadCase(discourse(), "https://dc.example.org/t/night/77"),
    "flarum": ThreadCase(flarum(), "https://fl.example.org/d/77-night"),
    "flarum, best above": ThreadCase(flarum(best=True), "https://fl.example.org/d/77-night"),
    "vanilla": ThreadCase(vanilla(ALL), "https://va.example.org/discussion/5001/night-cook"),
    "vanilla, answers above": ThreadCase(vanilla(ALL, answers_above=True), "https://va.example.org/discussion/5001/night-cook"),
    "invision": ThreadCase(invision(ALL), "https://ip.example.org/topic/77-night/"),
    "invision, recommended above": ThreadCase(invision(ALL, best=True), "https://ip.example.org/topic/77-night/"),
    "reddit, old": ThreadCase(reddit_old(), "https://old.example.org/r/jobs/comments/5001/night/"),
    "reddit, old, promoted above": ThreadCase(reddit_old(promoted=True), "https://old.example.org/r/jobs/comments/5001/night/"),
    "wordpress comments": ThreadCase(wordpress_comments(), "https://blog.example.org/night-cook/", named=False),
    "tinhte": ThreadCase(tinhte(), "https://tt.example.org/thread/night-cook.77/"),
    "kaskus": ThreadCase(kaskus(), "https://ka.example.org/thread/5001abc/night-cook"),
    "kaskus, hot reply above": ThreadCase(kaskus(promoted=True), "https://ka.example.org/thread/5001abc/night-cook"),
    "nothing to tell by": ThreadCase(guestbook((SECOND, FIRST, THIRD)), "https://g.example.org/thread/77", told=False),
    "newest first": ThreadCase(newest_first(), "https://g.example.org/thread/77", told=False),
    "page 2": ThreadCase(later_page(), "https://g.example.org/thread/77?page=2", told=False),
}


def lemmy(order: tuple[Said, ...], *, pinned: bool = False) -> str:
    def comment(post: Said, extra: str = "") -> str:
        return f'<li class="comment list-unstyled"><article id="comment-{post.key}" class="details comment-node py-2 {extra}"><div class="ms-2"><div class="d-flex flex-wrap align-items-center text-muted small"><a class="person-listing d-inline-flex align-items-baseline text-info" title="{post.author}" href="/u/{post.author}"><span>{post.author}</span></a><span class="moment-time pointer unselectable" data-tippy-content="{post.at}">2 days ago</span></div><div class="comment-content"><div class="md-div"><p>{post.text}</p></div></div></div></article></li>'

    post = f'<div class="post-listing mt-2"><div class="post-title"><h1 class="h4 d-inline-block text-break">{TITLE}</h1></div><div class="small mb-1"><a class="person-listing d-inline-flex align-items-baseline text-info" href="/u/{FIRST.author}"><span>{FIRST.author}</span></a> to <a class="community-link" href="/c/jobs">jobs</a> <span class="moment-time pointer unselectable" data-tippy-content="{FIRST.at}">3 days ago</span></div><article id="postContent" class="col-12 card my-2 p-2"><div class="md-div"><p>{FIRST.text}</p></div></article></div>'
    above = comment(THIRD, "distinguished") if pinned else ""
    return page(
        f'<main class="main-content-wrapper"><div class="post">{above}{post}<ul class="comments">{"".join(comment(said) for said in order if said is not FIRST)}</ul></div></main>',
        head=f'<meta property="og:title" content="{TITLE} - Sample Lemmy">',
        title=f"{TITLE} - Sample Lemmy",
    )


def nodebb(order: tuple[Said, ...], *, main: bool = True) -> str:
    def post_of(post: Said) -> str:
        return f'<li component="post" class="posts-list-item pt-4 {"topic-owner-post" if post is FIRST and main else ""}" data-index="{post.place - 1}" data-pid="{post.key}" data-uid="{post.key}" data-timestamp="1740816000000" data-username="{post.author}" itemprop="{"mainEntity" if post is FIRST else "comment"}" itemscope itemtype="http://schema.org/{"DiscussionForumPosting" if post is FIRST else "Comment"}"><meta itemprop="datePublished" content="{post.at}"><div class="post-container-parent"><div class="post-header"><a class="fw-bold text-nowrap" href="/user/{post.author}" data-username="{post.author}">{post.author}</a><a class="permalink" href="/post/{post.key}"><span class="timeago text-muted" title="{post.at}"></span></a></div><div class="content mt-2 text-break" component="post/content" itemprop="text"><p>{post.text}</p></div></div></li>'

    return page(
        f'<h1 component="post/header" class="tracking-tight"><span component="topic/title">{TITLE}</span></h1><ul component="topic" class="posts timeline" data-tid="77">{"".join(map(post_of, order))}</ul>'
    )


def hacker_news() -> str:
    def comment(post: Said) -> str:
        return f'<tr class="athing comtr" id="{post.key}"><td><table border="0"><tr><td class="ind" indent="0"></td><td class="votelinks"></td><td class="default"><div><span class="comhead"><a href="user?id={post.author}" class="hnuser">{post.author}</a> <span class="age" title="{post.at}"><a href="item?id={post.key}">2 hours ago</a></span></span></div><br><div class="comment"><div class="commtext c00">{post.text}</div></div></td></tr></table></td></tr>'

    story = f'<table class="fatitem"><tr class="athing submission" id="{FIRST.key}"><td class="title"><span class="titleline"><a href="item?id={FIRST.key}">{TITLE}</a></span></td></tr><tr><td class="subtext"><span class="subline"><span class="score">9 points</span> by <a href="user?id={FIRST.author}" class="hnuser">{FIRST.author}</a> <span class="age" title="{FIRST.at}"><a href="item?id={FIRST.key}">1 day ago</a></span></span></td></tr><tr><td></td><td><div class="toptext">{FIRST.text}</div></td></tr></table>'
    return page(
        f'<center><table id="hnmain"><tr><td>{story}<table class="comment-tree">{comment(THIRD)}{comment(SECOND)}</table></td></tr></table></center>',
        title=f"{TITLE} | Sample News",
    )


def drupal(*, title_tag: str = "Forum") -> str:
    def post_of(post: Said, kind: str) -> str:
        return f'<div id="post-{post.key}" class="forum-post clearfix {kind} even"><div class="forum-post-info clearfix"><span class="forum-posted-on">Sat, 03/0{1 if post.place < 3 else 2}/2025 - {post.at[11:16]}</span><span class="forum-post-number"><a href="/node/5001#comment-{post.key}" class="active">{"#" + str(post.place) if post is not FIRST else "#1"}</a></span></div><div class="forum-post-wrapper"><div class="forum-post-panel-sub"><div class="author-pane"><div class="author-name"><a href="/users/{post.author}" class="username">{post.author}</a></div></div></div><div class="forum-post-panel-main"><div class="forum-post-content"><div class="field-item even"><p>{post.text}</p></div></div></div></div></div>'

    return page(
        f'<h1 class="page-title">{TITLE}</h1>{post_of(FIRST, "node-forum first-post")}{post_of(SECOND, "comment")}{post_of(THIRD, "comment")}',
        title=title_tag,
        head=f'<meta property="og:title" content="{TITLE}">',
    )


def pantip(*, popular: bool = False) -> str:
    def comment(post: Said, number: int, extra: str = "") -> str:
        return f'<div class="display-post-wrapper with-top-border section-comment {extra}" id="comment-{post.key}"><div class="display-post-wrapper-inner"><div class="display-post-status-leftside"><span class="display-post-number" id="comment{number}">ความคิดเห็นที่ {number}</span><div class="display-post-story-wrapper comment-wrapper"><div class="display-post-story">{post.text}</div></div></div><div class="display-post-story-footer"><div class="display-post-avatar"><a href="/profile/{post.key}" class="display-post-name owner">{post.author}</a> <span class="display-post-timestamp"><abbr title="{post.at}" data-utime="03/02/2025 16:15:00" class="timeago">1 มีนาคม</abbr></span></div></div></div></div>'

    topic = f'<div class="display-post-wrapper main-post type" id="topic-40005001"><div class="display-post-wrapper-inner"><h2 class="display-post-title">{TITLE}</h2><div class="display-post-story">{FIRST.text}</div><div class="display-post-story-footer"><div class="display-post-avatar"><a href="/profile/77" class="display-post-name owner" id="77">{FIRST.author}</a> <span class="display-post-timestamp"><abbr title="{FIRST.at}" data-utime="x" class="timeago">1 มีนาคม</abbr></span></div></div></div></div>'
    above = comment(THIRD, 2, "best-comment") if popular else ""
    return page(
        f'<div class="container-inner">{above}{topic}<div id="comments-jsrender">{comment(SECOND, 1)}{comment(THIRD, 2)}</div></div>',
        title="Pantip - Login",
    )


def kunena(order: tuple[Said, ...]) -> str:
    def post_of(post: Said) -> str:
        return f'<div class="kmsg" id="{post.key}"><div class="topic-item-message"><div class="profilebox"><strong><a class="kwho-user" href="/profile/{post.key}-x">{post.author}</a></strong></div><div class="kmessage"><span class="kmsgdate" title="{post.at}">{TIMES[post.at]}</span> <a href="#{post.key}" class="badge badge-info">#{post.key}</a><div class="mykmsg-header"><span class="badge">{TITLE}</span></div><div class="kmsgtext"><p>{post.text}</p></div></div></div></div>'

    return page(
        f'<h1 itemprop="headline">{TITLE}</h1><div id="kunena" class="layout">{"".join(map(post_of, order))}</div>', title="Home"
    )


def wpforo(order: tuple[Said, ...], *, answers: bool = False) -> str:
    def post_of(post: Said) -> str:
        return f'<div id="post-{post.key}" data-postid="{post.key}" data-userid="{post.place}" data-isowner="0" class="post-wrap wpf-post-{post.place} {"wpfp-first" if post is FIRST else "wpfp-answer" if answers else ""}"><div class="wpforo-post"><div class="wpf-left"><div class="author-name"><a href="/participant/{post.author}" class="wpf-username">{post.author}</a></div></div><div class="wpf-right"><div class="wpforo-post-content-top"><div class="wpforo-post-date">{post.at[8:10]}/03/2025 {post.at[11:16]}</div></div><div class="wpforo-post-content"><p>{post.text}</p></div></div></div></div>'

    return page(
        f'<div id="wpforo-wrap"><div class="wpforo-topic-head"><h1 class="wpf-topic-title">{TITLE}</h1></div><div class="wpf-topic wpforo-topic-content">{"".join(map(post_of, order))}</div></div>',
        title="Forum",
    )


def question2answer(order: tuple[Said, ...]) -> str:
    def meta(post: Said, verb: str) -> str:
        return f'<span class="qa-{verb[0]}-item-avatar-meta"><span class="qa-{verb[0]}-item-meta"><a href="#" class="qa-{verb[0]}-item-what">{verb}</a> <span class="qa-{verb[0]}-item-when"><span class="qa-{verb[0]}-item-when-data"><time itemprop="dateCreated" datetime="{post.at}" title="{post.at}">Mar 1</time></span></span> by <span class="qa-{verb[0]}-item-who-data"><span itemprop="author" itemscope itemtype="https://schema.org/Person"><a href="../user/{post.author}" class="qa-user-link"><span itemprop="name">{post.author}</span></a></span></span></span></span>'

    answers = "".join(
        f'<div class="qa-a-list-item {"qa-a-list-item-selected" if post is THIRD else ""}" id="a{post.key}" itemprop="suggestedAnswer" itemscope itemtype="https://schema.org/Answer"><div class="qa-a-item-main"><div class="qa-a-item-content qa-post-content" itemprop="text"><p>{post.text}</p></div>{meta(post, "answered")}</div></div>'
        for post in order
        if post is not FIRST
    )
    return page(
        f'<div class="qa-main" itemscope itemtype="https://schema.org/QAPage"><div class="qa-main-heading"><h1><a href="../5001/night-cook"><span itemprop="name">{TITLE}</span></a></h1></div><div itemprop="mainEntity" itemscope itemtype="https://schema.org/Question"><div class="qa-q-view" id="q{FIRST.key}"><div class="qa-q-view-main"><div class="qa-q-view-content qa-post-content" itemprop="text"><p>{FIRST.text}</p></div>{meta(FIRST, "asked")}</div></div><div class="qa-a-list" id="a_list">{answers}</div></div></div>'
    )


def webtretho() -> str:
    """A script-drawn page with hashed class names: only JSON-LD tells."""
    ld = f'<script type="application/ld+json">[{{"@context":"https://schema.org","@type":"BreadcrumbList"}},{{"@context":"https://schema.org","@type":"DiscussionForumPosting","headline":"{TITLE}","text":"{FIRST.text}","datePublished":"{FIRST.at}","author":[{{"@type":"Person","name":"{OPENER}"}}]}}]</script>'
    rows = "".join(
        f'<div class="jsx-123 sc-a{post.place}"><a class="jsx-9" href="/profile/{post.author}">{post.author}</a><span class="jsx-7">2 ngày trước</span><div class="jsx-8">{post.text}</div></div>'
        for post in (THIRD, SECOND)
    )
    return page(
        f'<div id="__next"><h1 class="jsx-1">{TITLE}</h1><div class="jsx-2"><a class="jsx-9" href="/profile/{OPENER}">{OPENER}</a><div class="jsx-3">{FIRST.text}</div></div><div class="jsx-4">{rows}</div></div>',
        head=ld,
        title="Webtretho",
    )


def discussions(*, answer_above: bool = False) -> str:
    """Discussions beside a code host: the chosen answer is linked, or shown, above."""

    def comment(post: Said, extra: str = "") -> str:
        return f'<div class="timeline-comment discussion-comment {extra}" id="discussioncomment-{post.key}"><div class="timeline-comment-header"><h3 class="f5"><a class="author Link--primary" href="/{post.author}">{post.author}</a> <a href="#discussioncomment-{post.key}"><relative-time class="no-wrap" datetime="{post.at}">Mar 2</relative-time></a></h3></div><div class="comment-body markdown-body js-comment-body"><p>{post.text}</p></div></div>'

    answer = f'<section class="answer-preview">{comment(THIRD, "chosen-answer")}</section>' if answer_above else ""
    opening = f'<div id="discussion-5001" class="js-discussion discussion"><div class="timeline-comment"><div class="timeline-comment-header"><h2 class="f5"><a class="author Link--primary" href="/{OPENER}">{OPENER}</a> <a href="#discussion-5001"><relative-time datetime="{FIRST.at}">Mar 1</relative-time></a></h2></div><div class="comment-body markdown-body js-comment-body"><p>{FIRST.text}</p></div></div></div>'
    return page(
        f'<h1 class="gh-header-title"><span class="js-issue-title markdown-title">{TITLE}</span></h1>{answer}{opening}<div class="discussion-timeline">{comment(SECOND)}{comment(THIRD)}</div>',
        title=f"{TITLE} · sample · Discussion #5001",
    )


HELD_OUT = {
    "lemmy": ThreadCase(lemmy(BY_VOTES), "https://le.example.org/post/5001"),
    "lemmy, distinguished above": ThreadCase(lemmy(ALL, pinned=True), "https://le.example.org/post/5001"),
    "nodebb": ThreadCase(nodebb(ALL), "https://nb.example.org/topic/77/night-cook"),
    "nodebb, by votes": ThreadCase(
        nodebb((THIRD, FIRST, SECOND), main=False), "https://nb.example.org/topic/77/night-cook?sort=most_votes"
    ),
    "hacker news": ThreadCase(hacker_news(), "https://hn.example.org/item?id=5001", told=False),
    "drupal": ThreadCase(drupal(), "https://dr.example.org/node/5001"),
    "pantip": ThreadCase(pantip(), "https://pt.example.org/topic/40005001"),
    "pantip, best comment above": ThreadCase(pantip(popular=True), "https://pt.example.org/topic/40005001"),
    "kunena": ThreadCase(kunena(ALL), "https://ku.example.org/forum/jobs/77-night-cook"),
    "kunena, newest first": ThreadCase(
        kunena((THIRD, SECOND, FIRST)), "https://ku.example.org/forum/jobs/77-night-cook", told=False
    ),
    "wpforo": ThreadCase(wpforo(ALL), "https://wf.example.org/community/jobs/night-cook/"),
    "wpforo, answers by votes": ThreadCase(wpforo(BY_VOTES, answers=True), "https://wf.example.org/community/jobs/night-cook/"),
    "question2answer": ThreadCase(question2answer(BY_VOTES), "https://q2a.example.org/5001/night-cook"),
    "webtretho": ThreadCase(webtretho(), "https://wt.example.org/f/jobs/night-cook"),
    "discussions": ThreadCase(discussions(), "https://gh.example.org/sample/discussions/5001"),
    "discussions, answer above": ThreadCase(discussions(answer_above=True), "https://gh.example.org/sample/discussions/5001"),
}
