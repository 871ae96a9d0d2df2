"""How each forum software marks a thread: read from the default templates of each (prosilver, subSilver, vB 3/4/5, XF 1/2,
Discuz! X, …)."""

import re

import msgspec


class Software(msgspec.Struct, frozen=True, kw_only=True):
    """CSS of one software's thread page; each selector is asked inside a post, except ``post``, ``title`` and ``topics``."""

    name: str
    marks: tuple[str, ...]
    """Words of the page's source; any of them identifies the software."""
    post: tuple[str, ...]
    """Ways to find the posts; the first that finds one with a content is taken."""
    content: str
    author: str
    date: str
    title: str
    topics: str
    """Links to threads on an index page."""
    numbers_in_thread: bool = False
    """Whether it numbers the posts of each thread from one, so that a number names no post of the site."""


QUOTES = (
    ".bbCodeQuote, .bbCodeBlock--quote, .bbCodeBlock--expandable, .bbcode_quote, "
    ".bbcode_container, aside.quote, .quote, .quotecontent, .quotetitle, "
    ".bbc_standard_quote, .quoteheader, .mycode_quote, .d4p-bbt-quote-title, .signature, "
    ".message-signature, .sig, .sign, .bbp-reply-revision-log, .bbp-topic-revision-log, "
    ".pstatus, .jammer, .attach_nopermission, .modifiedlinks, .editedby, .notice, "
    ".edited-notification, .post_edit, .showmore, .post-likes, .tip, .attnm, .locked"
)
"""Quotes, signatures and edit notes, over all software."""

SOFTWARE = (
    Software(
        name="discourse",
        marks=(
            'name="generator" content="Discourse',
            "crawler-post",
            "data-discourse-setup",
            "discourse-cdn",
            'class="topic-list-item',
        ),
        post=(
            ".crawler-post",
            "article[data-post-id]",
            "div[itemtype$='DiscussionForumPosting'] div[id^='post_']",
            ".topic-post article",
        ),
        content=".post[itemprop], .cooked, [itemprop='text'], [itemprop='articleBody'], .post",
        author=".creator [itemprop='name'], .names .username a, .names .username, .username a, span[itemprop='author']",
        date="time[datetime], .post-time, .relative-date[data-time], .post-date",
        title="#topic-title h1 a, h1[data-topic-id] a, #topic-title h1, h1 a, h1",
        topics=(
            "a.raw-topic-link, .topic-list a.title, .topic-list-item .main-link a, "
            "[itemtype*='ItemList'] a[itemprop='url'], .topic-list-container a.title"
        ),
        numbers_in_thread=True,
    ),
    Software(
        name="xenforo 2",
        marks=('id="XF"', "data-xf-init", "p-title-value", "message--post", "structItem"),
        post=("article.message--post", "article.message[data-content^='post-']"),
        content=".message-body .bbWrapper, .bbWrapper, .message-body",
        author=".message-name .username, .message-name",
        date="time.u-dt[datetime], time[datetime]",
        title="h1.p-title-value",
        topics=".structItem-title a[href*='/threads/'], .structItem-title a[data-tp-primary], .structItem-title a",
    ),
    Software(
        name="xenforo",
        marks=('id="XenForo"', "xenforo,form,public", "messageUserBlock", "discussionListItem"),
        post=("li.message",),
        content=".messageText",
        author=".messageUserBlock .username, .userText .username, .username",
        date=".DateTime[data-time], .messageMeta .DateTime, .DateTime",
        title=".titleBar h1",
        topics=".discussionListItem h3.title a.PreviewTooltip, .discussionListItem .title a[href*='threads/']",
    ),
    Software(
        name="discuz",
        marks=("Discuz!", "postmessage_", 'id="threadlist', "authorposton", "discuz_uid"),
        post=("div[id^='post_']:not([id*='rate'])", "table.plhin", "table[id^='pid']", "table[summary^='pid']"),
        content="td.t_f, .t_f, .t_msgfont, [id^='postmessage_'], .postmessage, .message",
        author=".authi a.xw1, .authi a.xi2, .postauthor cite a, .pls .authi a, .authi a",
        date="em[id^='authorposton'] span[title], em[id^='authorposton'], .authorinfo em, .postinfo em",
        title="#thread_subject, h1.ts a[id], h1 a, h1",
        topics=(
            "a.s.xst, a.xst, th.new a[href*='thread'], th.common a[href*='thread'], "
            ".threadlist a[href*='thread-'], span[id^='thread_'] a"
        ),
    ),
    Software(
        name="bbpress",
        marks=("bbp-topic-content", "bbp-reply-content", "bbp-topics", "bbpress-forums", "bbp-topic-permalink"),
        post=("div.topic[class*='post-'], div.reply[class*='post-']", "li.bbp-body > div[class*='hentry']"),
        content=".bbp-topic-content, .bbp-reply-content",
        author=".bbp-topic-author .bbp-author-name, .bbp-reply-author .bbp-author-name, .bbp-author-name",
        date=".bbp-topic-post-date, .bbp-reply-post-date",
        title="h1.entry-title, .bbp-breadcrumb-current, .entry-title, h1.post-title, h1, h2.bbp-topic-title",
        topics="a.bbp-topic-permalink",
    ),
    Software(
        name="smf",
        marks=("Simple Machines", "smf_theme_url", 'id="forumposts"', "smf_"),
        post=(".post_wrapper", "div.windowbg[id^='msg']", "td.windowbg, td.windowbg2"),
        content=".post .inner, div.inner[id^='msg_'], .inner, .post",
        author=".poster h4 a[href*='profile'], .poster h4, .poster a",
        date=".keyinfo .smalltext, .postinfo .smalltext, .keyinfo",
        title="#top_subject, .display_title, #display_head h2, h5[id^='subject_'] a, h3.catbg, #forumposts h3",
        topics=(
            "#messageindex td.subject a[href*='topic='], .info_block .preview a[href*='topic='], "
            "span[id^='msg_'] a[href*='topic=']"
        ),
    ),
    Software(
        name="mybb",
        marks=("MyBB", "mybb.js", "post_author", "mybbuser"),
        post=("div.post[id^='post_']", "table[id^='post_']"),
        content=".post_body, [id^='pid_']",
        author=".post_author .largetext a, .post_author strong a, .largetext a, .post_author a",
        date=".post_date",
        title="td.thead strong, .thead strong, h1",
        topics=(
            "span[id^='tid_'] a, .subject_old a[href*='thread'], .subject_new a[href*='thread'], a[href*='thread-'][id^='tid_']"
        ),
    ),
    Software(
        name="vbulletin",
        marks=("vBulletin", "vbulletin", "post_message_", "postbit", "b-post__", "threadbit"),
        post=(
            "li.postbitlegacy, li.postbit, li.postcontainer",
            "li.b-post",
            "table[id^='post']:not([id*='_'])",
            "div[id^='edit'] > table",
            "div[id^='post_message_']",
        ),
        content=".postcontent, .js-post__content-text, [id^='post_message_'], .OLD__post-content-text, .b-post__content",
        author=(
            ".username strong, a.username, .username, .bigusername, .author a, "
            "[itemprop='author'] [itemprop='name'], .b-userinfo__details a"
        ),
        date=".postdate .date, .postdate, time[datetime], .b-post__timestamp, td.thead",
        title=".threadtitle a, .threadtitle, h1.main-title, h1.b-header__title, .navbar strong, h1",
        topics=(
            "a.title[id^='thread_title'], a[id^='thread_title_'], .threadtitle a.title, "
            "a.topic-title, .cell-topic a.js-topic-title"
        ),
    ),
    Software(
        name="phpbb",
        marks=('id="phpbb"', "phpBB", "viewtopic.php", "topictitle", "section-viewtopic", "postprofile"),
        post=(
            "div.post[id^='p'], div.post.has-profile, article.post",
            "table.tablebg:has(.postbody)",
            "tr:has(> td span.postbody), tr:has(> td .postbody)",
        ),
        content=".postbody .content, .content, div.postbody, span.postbody, .postbody",
        author=(
            "p.author .username, p.author .username-coloured, .postprofile .username, "
            ".postprofile .username-coloured, .author strong, b.postauthor, span.name b, "
            ".postauthor, .name"
        ),
        date="p.author time[datetime], time[datetime], p.author, .postdetails, .gensmall",
        title=(
            "h2.topic-title a, h2.topic-title, .topic-title, h2 a[href*='viewtopic'], a.maintitle, a.titles, #page-body h2, h1"
        ),
        topics="a.topictitle",
    ),
    Software(
        name="flarum",
        marks=('id="flarum-content"',),
        post=("#flarum-content article",),
        content=".Post-body",
        author=".PostUser-name",
        date="time[datetime]",
        title="#flarum-content h1",
        topics="#flarum-content li a[href*='/d/']",
    ),
)
"""Most telling marks first: themes of one software borrow class names from another (``post``, ``username``), never the other
way round."""

POST_ID = re.compile(r"(?:^|[-_])(?:p|post|pid|msg|reply|topic)?[-_]?(\d+)$")
