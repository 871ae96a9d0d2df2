"""What keys of the desk's own data are called on pages: states, steps, actions, fields, in words that can be translated."""

from foundation.messages import _

WORDS = {each.source.replace(" ", "_"): each for each in (
    # cases, lists and runs
    _("open"), _("confirmed"), _("dismissed"), _("built"), _("approved"), _("sent"), _("refused"), _("superseded"),
    _("new"), _("updated"), _("withdrawn"), _("edited"), _("deleted"), _("reappeared"), _("first seen"),
    _("ok"), _("empty"), _("blocked"), _("changed"), _("partial"), _("failed"), _("none"),
    _("critical"), _("high"), _("medium"), _("low"),
    # how a text stands to the offer in it
    _("offer"), _("warning"), _("news"), _("testimony"), _("seeker"), _("other"),
    # why an item was dismissed, as its history has it
    _("honest employer"), _("warning or news"), _("other harm"), _("not enough"), _("misread"),
    # the audit log
    _("access ended"), _("ask closed"), _("asked"), _("denied"), _("digest built"), _("evidence packed"), _("item opened"),
    _("lease taken over"), _("list approved"), _("list built"), _("list refused"), _("list send asked"), _("list sent"),
    _("list superseded"), _("login"), _("login refused"), _("login throttled"), _("logout"), _("mail failed"), _("mail recalled"),
    _("mail sent"), _("password changed"), _("role changed"), _("rule status"), _("search deleted"), _("search exported"),
    _("search renamed"), _("search restored"), _("search saved"), _("search shared"), _("search unshared"), _("second opinion"),
    _("source accepted"), _("source blocked"), _("source edited"), _("source refused"), _("source undone"),
    _("seed proposal closed"), _("seed proposed"),
    _("evidence opened"), _("mail bounced"), _("order followed"), _("partition sealed"),
    _("retention waits"), _("subscribed"), _("subscription ended"), _("token made"), _("token revoked"),
    _("user added"), _("user disabled"), _("user enabled"), _("user vouched"),
    _("partner answered"), _("partner token made"), _("partner token opened"), _("partner token revoked"), _("seeds accepted"),
    _("commented"), _("escalated"), _("returned"), _("undone"), _("split"), _("merge"), _("lock"), _("hub"), _("remove"),
    _("confirm"), _("dismiss"), _("undo"),
    _("advert reappeared"), _("advert sighted"),
    # why an answer says so of a reported advert
    _("redirect"), _("closed"), _("rewritten"), _("says so"), _("another page"), _("no source"), _("no passport"), _("off site"),
    _("other site"), _("contact stands"), _("consent"), _("site down"), _("site changed"), _("picture"), _("empty body"),
    _("login wall"), _("robots"),
    # rules that platforms share
    _("forced labour"), _("deceptive recruitment"), _("organ trade"), _("reproductive exploitation"), _("marriage trade"),
    _("task scam"),
    # fields of a record and of a search
    _("title"), _("text"), _("employer"), _("pay"), _("place"), _("posted at"), _("contact"), _("contact type"), _("country"),
    _("source"), _("language"), _("tag"), _("harm"), _("score"), _("state"), _("campaign"), _("role"), _("reason"), _("detail"),
    # families of reasons
    _("channel"), _("control"), _("geo"), _("honest"), _("job"), _("logistics"), _("money"), _("related"),
    _("requirement"), _("targeting"), _("voice"), _("combination"), _("wording"),
    # rules, places, contacts, periods
    _("active"), _("experimental"), _("shadow"), _("retired"), _("weak"), _("strong"), _("city"), _("town"), _("region"),
    _("zone"),
    _("compound"), _("border"), _("phone"), _("email"), _("link"), _("number"), _("amount"), _("name"), _("address"),
    _("hour"), _("day"), _("week"), _("month"), _("year"),
    # what a source is
    _("job board"), _("classifieds"), _("public channel"), _("forum"), _("feed"),
)}  # fmt: skip
PERIODS = {
    "hour": _("an hour"), "day": _("a day"), "week": _("a week"), "month": _("a month"), "year": _("a year"),
}  # fmt: skip
"""For how long pay is."""
FACETS = {
    "contact_type": _("Contact"), "country": _("Country named"), "tag": _("Kind"), "harm": _("Harm"), "language": _("Language"),
    "source": _("Source"), "state": _("State"), "voice": _("Stance"), "family": _("Family"),
}  # fmt: skip
"""Fields by which a list is narrowed down; the others by their own names."""
