"""Thread pages in the markup of real forum software, with content of our own; a third was held out while the rules were written.

Each case: the page, its address, and whether its opening post can be told at all (``told``). What its opening says begins
with OPENING, what the others say with REPLY or PROMOTED (an answer shown above the opening or marked as the best).
"""

# ruff: noqa: E501 - markup is shown as it stands

from typing import NamedTuple

OPENING, REPLY, PROMOTED = "Cook wanted at the sample kitchen", "I asked there last year", "The best answer is to call first"
TITLE = "Night cook in Hue, who knows the place?"
OPENER, REPLIER, HELPER = "sample_opener", "sample_replier", "sample_helper"


class ThreadCase(NamedTuple):
    """A page, where it stands, and whether its opening post can be told."""

    html: str
    url: str
    told: bool = True
    named: bool = True
    """Whether its author can be told too."""


class Said(NamedTuple):
    """A post: site number, place in the thread, author, words, time."""

    key: int
    place: int
    author: str
    text: str
    at: str


FIRST = Said(
    5001, 1, OPENER, f"{OPENING}, six nights a week, contract from the first day. Ask for the sample manager.",
    "2025-03-01T08:00:00Z",
)  # fmt: skip
SECOND = Said(5007, 2, REPLIER, f"{REPLY} and they never answered me, be careful with them please.", "2025-03-01T11:30:00Z")
THIRD = Said(5012, 3, HELPER, f"{PROMOTED}, they pick up after four in the afternoon on most days.", "2025-03-02T09:15:00Z")
TIMES = {post.at: f"Mar {1 if post.place < 3 else 2}, 2025 at {post.at[11:16]}" for post in (FIRST, SECOND, THIRD)}


def page(body: str, *, head: str = "", title: str = f"{TITLE} - Sample Forum", attributes: str = "") -> str:
    nav = '<nav><a href="/">Home</a> <a href="/login">Login</a> <a href="/register">Sign up</a></nav>'
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body {attributes}>'
        f"<header>{nav}</header>{body}<footer><p>&copy; Sample Forum</p></footer></body></html>"
    )


def stack_exchange(order: tuple[Said, ...]) -> str:
    def cell(post: Said, owner: str) -> str:
        editor = '<div class="post-signature"><div class="user-info">edited <span class="relativetime" title="2025-03-03 10:00:00Z">Mar 3</span><div class="user-details"><a href="/users/9/x">sample_editor</a></div></div></div>'
        return (
            f'<div class="js-voting-container votecell"><div class="js-vote-count" itemprop="upvoteCount">{post.place}</div></div>'
            f'<div class="{owner}cell post-layout--right"><div class="s-prose js-post-body" itemprop="text"><p>{post.text}</p></div>{editor if owner == "post" else ""}'
            f'<div class="post-signature owner"><div class="user-info"><div class="user-action-time">asked <span title="{post.at}" class="relativetime">{TIMES[post.at]}</span></div>'
            f'<div class="user-details" itemprop="author" itemscope itemtype="http://schema.org/Person"><a href="/users/{post.key}/u">{post.author}</a><span class="d-none" itemprop="name">{post.author}</span></div></div></div></div>'
        )

    comment = f'<ul class="comments-list"><li class="comment js-comment" id="comment-77"><span class="comment-copy">{REPLY} too</span> – <a class="comment-user" href="/users/3/c">sample_commenter</a> <span class="comment-date"><span title="2025-03-01 09:00:00Z" class="relativetime-clean">Mar 1</span></span></li></ul>'
    answers = "".join(
        f'<div id="answer-{post.key}" class="answer js-answer{" accepted-answer" if post is THIRD else ""}" data-answerid="{post.key}" data-parentid="5001" itemprop="{"acceptedAnswer" if post is THIRD else "suggestedAnswer"}" itemscope itemtype="https://schema.org/Answer"><div class="post-layout">{cell(post, "answer")}</div></div>'
        for post in order
        if post is not FIRST
    )
    question = f'<div id="question-header"><h1 itemprop="name"><a href="/questions/5001/night-cook" class="question-hyperlink">{TITLE}</a></h1></div><div class="question js-question" data-questionid="5001" id="question"><div class="post-layout">{cell(FIRST, "post")}{comment}</div></div>'
    return page(
        f'<div itemprop="mainEntity" itemscope itemtype="https://schema.org/Question"><div id="mainbar">{question}<div id="answers"><h2>2 Answers</h2>{answers}</div></div></div>',
        attributes='class="question-page"',
    )


def khoros(order: tuple[Said, ...], *, solution_first: bool = False) -> str:
    def message(post: Said, kind: str) -> str:
        return (
            f'<div class="lia-message-view-wrapper lia-js-data-messageUid-{post.key} {kind}" data-lia-message-uid="{post.key}" id="messageview_{post.place}"><div class="MessageView lia-message-view-forum-message">'
            f'<div class="lia-message-author"><span class="UserName lia-user-name"><a class="lia-link-navigation lia-page-link lia-user-name-link" href="/t5/user/viewprofilepage/user-id/{post.key}"><span>{post.author}</span></a></span></div>'
            f'<span class="DateTime lia-message-posted-on"><span class="local-date">&lrm;{post.at[5:7]}-{post.at[8:10]}-2025</span> <span class="local-time">{post.at[11:16]} AM</span></span>'
            f'<div id="bodyDisplay_{post.place}" class="lia-message-body"><div class="lia-message-body-content"><p>{post.text}</p></div></div></div></div>'
        )

    opening = f'<div class="lia-component-topic-message lia-thread-topic">{message(FIRST, "lia-message-view-display lia-thread-topic")}</div>'
    replies = "".join(
        message(post, "lia-thread-reply lia-component-message-view-widget" + (" lia-accepted-solution" if post is THIRD else ""))
        for post in order
        if post is not FIRST
    )
    solution = (
        f'<div class="lia-component-solution-info accepted-solutions"><h3>Accepted Solution</h3>{message(THIRD, "lia-thread-reply lia-accepted-solution")}</div>'
        if solution_first
        else ""
    )
    return page(
        f'<h1 class="lia-message-subject">{TITLE}</h1>{solution}{opening}<div class="linear-message-list">{replies}</div>',
        title="Home",
        head=f'<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="Sample Community">',
    )


def bbpress_lead(title_tag: str = "h1") -> str:
    def body(post: Said, kind: str) -> str:
        return (
            f'<div id="post-{post.key}" class="bbp-{kind}-header"><div class="bbp-meta"><span class="bbp-{kind}-post-date">March {1 if post.place < 3 else 2}, 2025 at {post.at[11:16]} am</span><a href="#post-{post.key}" class="bbp-{kind}-permalink">#{post.key}</a></div></div>'
            f'<div class="post-{post.key} {kind} type-{kind} status-publish hentry"><div class="bbp-{kind}-author"><a href="/forums/users/u{post.key}/" class="bbp-author-link"><span class="bbp-author-name">{post.author}</span></a></div><div class="bbp-{kind}-content"><p>{post.text}</p></div></div>'
        )

    lead = f'<ul id="bbp-topic-{FIRST.key}-lead" class="bbp-lead-topic"><li class="bbp-header"><div class="bbp-topic-author">Creator</div><div class="bbp-topic-content">Topic</div></li><li class="bbp-body">{body(FIRST, "topic")}</li></ul>'
    replies = f'<ul id="topic-{FIRST.key}-replies" class="forums bbp-replies"><li class="bbp-header">Replies</li><li class="bbp-body">{body(SECOND, "reply")}{body(THIRD, "reply")}</li></ul>'
    return page(
        f'<{title_tag} class="entry-title">{TITLE}</{title_tag}><div id="bbpress-forums" class="bbpress-wrapper">{replies_above(lead, replies)}</div>',
        title="Login",
    )


def replies_above(lead: str, replies: str) -> str:
    return lead + replies


def bbpress_plugin(order: tuple[Said, ...]) -> str:
    """A theme that renamed the wrappers: the lead topic stands in a card of its own."""

    def reply(post: Said) -> str:
        return f'<article id="reply-{post.key}" class="reply-card loop-item"><div class="reply-author"><a class="author-link" href="/members/{post.key}/">{post.author}</a></div><time class="reply-date" datetime="{post.at}">{TIMES[post.at]}</time><div class="reply-content"><p>{post.text}</p></div></article>'

    lead = f'<section id="topic-{FIRST.key}" class="topic-lead"><div class="topic-author"><a class="author-link" href="/members/{FIRST.key}/">{FIRST.author}</a></div><time class="topic-date" datetime="{FIRST.at}">x</time><div class="topic-content"><p>{FIRST.text}</p></div></section>'
    return page(
        f'<h1>{TITLE}</h1><main>{lead}<div class="replies">{"".join(map(reply, [post for post in order if post is not FIRST]))}</div></main>'
    )


def xenforo2(order: tuple[Said, ...], *, highlighted: bool = False) -> str:
    def message(post: Said, extra: str = "") -> str:
        return (
            f'<article class="message message--post {extra} js-post js-inlineModContainer" data-author="{post.author}" data-content="post-{post.key}" id="js-post-{post.key}"><div class="message-inner"><div class="message-cell message-cell--user"><section class="message-user"><h4 class="message-name"><a href="/members/x.{post.key}/" class="username">{post.author}</a></h4></section></div>'
            f'<div class="message-cell message-cell--main"><header class="message-attribution"><ul class="message-attribution-main"><li class="u-concealed"><a href="/threads/night.77/post-{post.key}"><time class="u-dt" datetime="{post.at}">{TIMES[post.at]}</time></a></li></ul><ul class="message-attribution-opposite"><li><a href="/threads/night.77/post-{post.key}">#{post.place}</a></li></ul></header>'
            f'<div class="message-content"><article class="message-body js-selectToQuote"><div class="bbWrapper">{post.text}</div></article></div></div></div></article>'
        )

    best = (
        f'<div class="block-container"><div class="block-body">{message(THIRD, "message--solution")}</div></div>'
        if highlighted
        else ""
    )
    return page(
        f'<div class="p-title"><h1 class="p-title-value">{TITLE}</h1></div><div class="block block--messages">{best}{"".join(map(message, order))}</div>'
    ).replace("<html", '<html id="XF"')


def xenforo1() -> str:
    def message(post: Said) -> str:
        return f'<li id="post-{post.key}" class="sectionMain message" data-author="{post.author}"><div class="messageUserInfo"><div class="messageUserBlock"><h3 class="userText"><a href="members/x.{post.key}/" class="username">{post.author}</a></h3></div></div><div class="messageInfo primaryContent"><div class="messageContent"><article><blockquote class="messageText ugc baseHtml">{post.text}</blockquote></article></div><div class="messageMeta"><span class="item muted"><span class="authorEnd">{post.author}, </span><a class="datePermalink"><abbr class="DateTime" data-time="{1740800000 + post.place * 9000}">x</abbr></a></span><a class="item muted postNumber">#{post.place}</a></div></div></li>'

    return page(
        f'<div class="titleBar"><h1>{TITLE}</h1></div><ol class="messageList" id="messageList">{"".join(map(message, (FIRST, SECOND, THIRD)))}</ol>'
    ).replace("<html", '<html id="XenForo"')


def phpbb(order: tuple[Said, ...], *, best: bool = False) -> str:
    def post_of(post: Said, extra: str = "") -> str:
        return f'<div id="p{post.key}" class="post has-profile bg2 {extra}"><div class="inner"><dl class="postprofile"><dt><a href="./memberlist.php?u={post.key}" class="username">{post.author}</a></dt></dl><div class="postbody"><h3><a href="#p{post.key}">Re: {TITLE}</a></h3><p class="author"><a href="./viewtopic.php?p={post.key}#p{post.key}">Post</a> by <strong><a class="username">{post.author}</a></strong> » <time datetime="{post.at}">{TIMES[post.at]}</time></p><div class="content">{post.text}</div></div></div></div>'

    first = post_of(THIRD, "best-answer") if best else ""
    return page(
        f'<div id="page-body"><h2 class="topic-title"><a href="./viewtopic.php?t=77">{TITLE}</a></h2>{first}{"".join(map(post_of, order))}</div>',
        attributes='id="phpbb" class="section-viewtopic"',
    )


def vbulletin4() -> str:
    def post_of(post: Said) -> str:
        return f'<li class="postbitlegacy postbitim postcontainer" id="post_{post.key}"><div class="posthead"><span class="postdate"><span class="date">{post.at[8:10]}-03-2025, <span class="time">{post.at[11:16]}</span></span></span><span class="nodecontrols"><a name="post{post.key}" class="postcounter">#{post.place}</a></span></div><div class="postdetails"><div class="userinfo"><a class="username offline popupctrl" href="member.php?{post.key}"><strong>{post.author}</strong></a></div><div class="postbody"><div class="content"><div id="post_message_{post.key}"><blockquote class="postcontent restore">{post.text}</blockquote></div></div></div></div></li>'

    return page(
        f'<div id="pagetitle"><h1>Thread: <span class="threadtitle"><a href="showthread.php?77">{TITLE}</a></span></h1></div><ol id="posts" class="posts">{"".join(map(post_of, (FIRST, SECOND, THIRD)))}</ol>',
        head='<meta name="generator" content="vBulletin 4.2.5">',
    )


def mybb() -> str:
    def post_of(post: Said) -> str:
        return f'<div class="post classic" id="post_{post.key}"><div class="post_author scaleimages"><div class="author_information"><strong><span class="largetext"><a href="user-{post.key}.html">{post.author}</a></span></strong></div></div><div class="post_content"><div class="post_head"><div class="float_right"><strong><a href="thread-77-post-{post.key}.html">#{post.place}</a></strong></div><span class="post_date">{post.at[8:10]}-03-2025, {post.at[11:16]}</span></div><div class="post_body scaleimages" id="pid_{post.key}">{post.text}</div></div></div>'

    return page(
        f'<table><tr><td class="thead"><strong>{TITLE}</strong></td></tr></table><div id="posts">{"".join(map(post_of, (FIRST, SECOND, THIRD)))}</div><!-- MyBB -->'
    )


def smf() -> str:
    def post_of(post: Said) -> str:
        return f'<div class="windowbg" id="msg{post.key}"><div class="post_wrapper"><div class="poster"><h4><a href="index.php?action=profile;u={post.key}">{post.author}</a></h4></div><div class="postarea"><div class="keyinfo"><h5 id="subject_{post.key}"><a href="index.php?topic=77.msg{post.key}#msg{post.key}">{TITLE}</a></h5><div class="smalltext">&#171; <strong>{"" if post.place == 1 else f"Reply #{post.place - 1} on:"}</strong> March 0{1 if post.place < 3 else 2}, 2025, {post.at[11:16]}:00 AM &#187;</div></div><div class="post"><div class="inner" id="msg_{post.key}">{post.text}</div></div></div></div></div>'

    return page(
        f'<div id="forumposts"><h3 class="catbg"><span id="top_subject">{TITLE}</span></h3>{"".join(map(post_of, (FIRST, SECOND, THIRD)))}</div><p>SMF 2.1, Simple Machines</p>'
    )


def discourse() -> str:
    def post_of(post: Said) -> str:
        kind = "" if post.place == 1 else "itemprop='comment' itemscope itemtype='http://schema.org/Comment'"
        return f"<div id='post_{post.place}' {kind} class='topic-body crawler-post'><div class='crawler-post-meta'><span class='creator' itemprop='author' itemscope itemtype='http://schema.org/Person'><a itemprop='url' href='/u/{post.author}'><span itemprop='name'>{post.author}</span></a></span><span class='crawler-post-infos'><time datetime='{post.at}' class='post-time'>x</time><span itemprop='position'>{post.place}</span></span></div><div class='post' itemprop='text'><p>{post.text}</p></div></div>"

    return page(
        f"<div itemscope itemtype='http://schema.org/DiscussionForumPosting'><div id='topic-title'><h1><a href='/t/night/77'>{TITLE}</a></h1></div>{''.join(map(post_of, (FIRST, SECOND, THIRD)))}</div>",
        head='<meta name="generator" content="Discourse 3.4">',
    )


def flarum(*, best: bool = False) -> str:
    article = "".join(
        f'<article><div class="PostUser"><h3 class="PostUser-name">{post.author}</h3></div><time datetime="{post.at}">x</time><div class="Post-body"><p>{post.text}</p></div></article><hr>'
        for post in ((THIRD,) if best else ()) + (FIRST, SECOND, THIRD)
    )
    return page(
        f'<div id="flarum-content"><noscript id="x"></noscript><div class="container"><h1>{TITLE}</h1><div>{article}</div></div></div>'
    )


def vanilla(order: tuple[Said, ...], *, answers_above: bool = False) -> str:
    def item(post: Said, kind: str) -> str:
        return f'<div class="Item-Header {kind}Header"><div class="AuthorWrap"><span class="Author"><a href="/profile/{post.author}" class="PhotoWrap"></a><a href="/profile/{post.author}" class="Username js-userCard">{post.author}</a></span></div><div class="Meta {kind}Meta"><span class="MItem DateCreated"><a href="/discussion/5001#{kind}_{post.key}" class="Permalink"><time title="x" datetime="{post.at}">{TIMES[post.at]}</time></a></span></div></div><div class="Item-BodyWrap"><div class="Item-Body"><div class="Message userContent">{post.text}</div></div></div>'

    accepted = f'<div class="DataBox DataBox-AcceptedAnswers"><h2 class="CommentHeading">Best Answer</h2><ul class="MessageList DataList AcceptedAnswers"><li class="Item ItemComment QnA-Answer-Accepted" id="Comment_{THIRD.key}"><div class="Comment">{item(THIRD, "Comment")}</div></li></ul></div>'
    discussion = f'<div id="Discussion_{FIRST.key}" class="Item ItemDiscussion"><div class="Discussion">{item(FIRST, "Discussion")}</div></div>'
    comments = "".join(
        f'<li class="Item ItemComment" id="Comment_{post.key}"><div class="Comment">{item(post, "Comment")}</div></li>'
        for post in order
        if post is not FIRST
    )
    parts = accepted + discussion if answers_above else discussion + accepted
    return page(
        f'<div class="PageTitle"><h1>{TITLE}</h1></div><div class="MessageList Discussion">{parts}</div><div class="CommentsWrap"><ul class="MessageList DataList Comments">{comments}</ul></div>'
    )


def invision(order: tuple[Said, ...], *, best: bool = False, linked: bool = True) -> str:
    ld = (
        f'<script type="application/ld+json">{{"@context":"http://schema.org","@type":"DiscussionForumPosting","@id":"/topic/77-night/","headline":"{TITLE}","text":"{FIRST.text}","dateCreated":"{FIRST.at}","author":{{"@type":"Person","name":"{OPENER}"}},"comment":[{{"@type":"Comment","text":"{SECOND.text}","author":{{"@type":"Person","name":"{REPLIER}"}}}}]}}</script>'
        if linked
        else ""
    )

    def comment(post: Said) -> str:
        return f'<article id="elComment_{post.key}" class="cPost ipsBox ipsComment ipsComment_parent"><aside class="cAuthorPane ipsComment_author"><h3 class="cAuthorPane_author"><strong><a href="/profile/{post.key}-x/" class="ipsType_break">{post.author}</a></strong></h3></aside><div class="ipsColumn"><div id="comment-{post.key}_wrap" data-controller="core.front.core.comment" class="ipsComment_content"><div class="ipsComment_meta"><a href="/topic/77-night/?do=findComment&amp;comment={post.key}">Posted <time datetime="{post.at}">{TIMES[post.at]}</time></a></div><div class="cPost_contentWrap"><div data-role="commentContent" class="ipsType_richText ipsContained"><p>{post.text}</p></div></div></div></div></article>'

    shown = (
        f'<div class="ipsBox cTopicPostArea_recommended ipsComment_recommended" data-role="recommendedComments"><h2>Recommended Posts</h2>{comment(THIRD)}</div>'
        if best
        else ""
    )
    return page(
        f'<div class="ipsPageHeader"><h1 class="ipsType_pageTitle"><span>{TITLE}</span></h1></div>{shown}<div id="elPostFeed" data-role="commentFeed">{"".join(map(comment, order))}</div>',
        head=ld,
    )


def reddit_old(*, promoted: bool = False) -> str:
    def thing(post: Said) -> str:
        return f'<div class="thing id-t1_{post.key} noncollapsed comment" id="thing_t1_{post.key}" data-fullname="t1_{post.key}" data-author="{post.author}"><div class="entry unvoted"><p class="tagline"><a href="https://old.example.org/user/{post.author}" class="author">{post.author}</a> <time datetime="{post.at}">1 day ago</time></p><form class="usertext"><div class="usertext-body"><div class="md"><p>{post.text}</p></div></div></form></div><div class="child"></div></div>'

    ad = (
        '<div class="thing promoted promotedlink link" id="thing_t3_900" data-author="sample_ads"><div class="entry"><p class="title"><a class="title">Buy a sample mattress</a></p><p class="tagline"><time datetime="2025-02-01T00:00:00Z">x</time> by <a class="author" href="/user/sample_ads">sample_ads</a></p></div></div>'
        if promoted
        else ""
    )
    link = f'<div class="thing id-t3_{FIRST.key} linkflair self link" id="thing_t3_{FIRST.key}" data-fullname="t3_{FIRST.key}" data-author="{FIRST.author}"><div class="entry unvoted"><p class="title"><a class="title may-blank" href="/r/jobs/comments/5001/night/">{TITLE}</a></p><p class="tagline">submitted <time datetime="{FIRST.at}">2 days ago</time> by <a href="/user/{FIRST.author}" class="author submitter">{FIRST.author}</a></p><div class="expando"><form class="usertext"><div class="usertext-body"><div class="md"><p>{FIRST.text}</p></div></div></form></div></div></div>'
    return page(
        f'<div class="content" role="main"><div class="spacer">{ad}<div id="siteTable" class="sitetable linklisting">{link}</div></div><div class="commentarea"><div class="sitetable nestedlisting">{thing(THIRD)}{thing(SECOND)}</div></div></div>',
        title=f"{TITLE} : jobs",
        attributes='class="comments-page"',
    )


def wordpress_comments() -> str:
    def comment(post: Said) -> str:
        return f'<li id="comment-{post.key}" class="comment even thread-even depth-1"><article id="div-comment-{post.key}" class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><b class="fn"><a href="https://x.example.org" class="url">{post.author}</a></b> <span class="says">says:</span></div><div class="comment-metadata"><a href="#comment-{post.key}"><time datetime="{post.at}">{TIMES[post.at]}</time></a></div></footer><div class="comment-content"><p>{post.text}</p></div></article></li>'

    article = f'<article id="post-{FIRST.key}" class="post-{FIRST.key} post type-post status-publish hentry"><header class="entry-header"><h1 class="entry-title">{TITLE}</h1><div class="entry-meta">By <span class="author vcard"><a class="url fn n" href="/author/x/">{OPENER}</a></span> <time class="entry-date published" datetime="{FIRST.at}">x</time></div></header><div class="entry-content"><p>{FIRST.text}</p></div></article>'
    return page(
        f'<main id="main">{article}<div id="comments" class="comments-area"><h2 class="comments-title">2 thoughts</h2><ol class="comment-list">{comment(THIRD)}{comment(SECOND)}</ol></div></main>'
    )


def tinhte() -> str:
    """XenForo behind a script-drawn front: JSON-LD and bare classes."""

    def row(post: Said) -> str:
        return f'<div class="thread-comment__box" id="post-{post.key}"><a class="author-name" href="/profile/x.{post.key}/">{post.author}</a><span class="date" title="{post.at}">x</span><div class="thread-comment__content"><span class="xf-body-paragraph">{post.text}</span></div></div>'

    ld = f'<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{{"@type":"WebSite","name":"Sample"}},{{"@type":"DiscussionForumPosting","headline":"{TITLE}","articleBody":"{FIRST.text}","datePublished":"{FIRST.at}","author":{{"@type":"Person","name":"{OPENER}"}}}}]}}</script>'
    article = f'<article class="content"><div class="author"><a class="author-name" href="/profile/x.1/">{OPENER}</a></div><span class="xf-body-paragraph">{FIRST.text}</span></article>'
    return page(
        f'<h1 class="thread-title">{TITLE}</h1><h2>Bài đọc nhiều</h2>{article}<div class="thread-comment">{row(THIRD)}{row(SECOND)}</div>',
        head=ld,
        title="Home",
    )


def kaskus(*, promoted: bool = False) -> str:
    def post_of(post: Said, n: str) -> str:
        return f'<div class="postlist" id="post{post.key}"><div class="author"><a href="/profile/{post.key}" class="nickname" itemprop="name">{post.author}</a></div><div class="meta"><time class="entry-date" datetime="{post.at}">x</time><a class="permalink" href="/post/{post.key}#post{post.key}">#{n}</a></div><div class="entry" itemprop="text">{post.text}</div></div>'

    hot = f'<div class="postlist hot-reply" id="post{THIRD.key}">{post_of(THIRD, "3")}</div>' if promoted else ""
    return page(
        f'<h1 itemprop="headline" class="thread-title">{TITLE}</h1>{hot}{"".join(post_of(post, str(post.place)) for post in (FIRST, SECOND, THIRD))}'
    )


def guestbook(order: tuple[Said, ...]) -> str:
    """A hand-made board that says nothing of its order: no number, no time of day, no marks."""
    rows = "".join(
        f'<div class="msg" id="m{7000 + number}"><b class="user">{post.author}</b> <i class="when">today</i><div class="txt">{post.text}</div></div>'
        for number, post in enumerate(order)
    )
    return page(f"<h1>{TITLE}</h1>{rows}")


def newest_first() -> str:
    """A board that shows the latest post on top, and times and numbers that say so."""
    rows = "".join(
        f'<div class="post" id="post-{post.key}"><a class="author" href="/user/{post.key}">{post.author}</a> <time datetime="{post.at}">x</time><div class="post-text">{post.text}</div></div>'
        for post in (THIRD, SECOND, FIRST)
    )
    return page(f"<h1>{TITLE}</h1>{rows}")


def later_page() -> str:
    rows = "".join(
        f'<div class="post" id="post-{post.key}"><a class="author" href="/user/{post.key}">{post.author}</a> <time datetime="{post.at}">x</time><div class="post-text">{post.text}</div></div>'
        for post in (SECOND, THIRD)
    )
    return page(f'<h1>{TITLE}</h1>{rows}<div class="pagination"><a rel="prev" href="/thread/77">Previous</a><b>2</b></div>')
