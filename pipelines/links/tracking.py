"""Query parameters that tell how a reader came, not what the reader reads."""

import re
from functools import cache

# Beyond courlan's list, which knows advertising networks better than newsrooms: what the share
# buttons, newsletters and apps of large publishers add. The publishers' own pages are the source.
_SHARE_NAMES = frozenset(
    """
    smid smtyp smvar emc oref _r regi_id segment_id instance_id campaign_id
    unlocked_article_code wpisrc wpmm wpmk itid hpid pwapi_token postshare cmp cmpid s_cid s_kwcid
    intcmp intcid icid ncid ocid mbid ito srnd sref leadsource reflink tpcc taid tsrc rssfeed
    soc_src soc_trk guccounter guce_referrer guce_referrer_sig _guc_consent_skip echobox
    __twitter_impression fb_ref fb_source fb_action_ids fb_action_types action_object_map
    action_type_map action_ref_map mibextid ttclid li_fat_id sfmc_id igsh igshid _hsenc _hsmi
    hsctatracking hss_channel wt.mc_id wt_mc wtmc trk trkinfo sharetype sharedby share_id
    sr_share giftcopy _ga _gl __s __tn__ mkt_tok vgo_ee usqp ref_src ref_url referrer_url feedtype
    feedname dlvrit phpsessid jsessionid aspsessionid xtor xtref xtnp
    """.split()  # noqa: SIM905 - a list of words reads better than a list of quotation marks
)
_SHARE_FAMILIES = ("at_", "ns_", "cx_", "mtm_", "hsa_", "amp_")

# These are tracking in one house and the name of a story in the next (`story.php?ref=48213`).
_AMBIGUOUS_NAMES = frozenset(
    """
    ref source src from via partner feature mod tid nid rss share shared referer referrer
    feed sns spref fromref platform _ss te nl
    """.split()  # noqa: SIM905
)
_CHANNELS = frozenset(
    """
    rss feed feeds twitter tw twtr x fb facebook ig instagram reddit linkedin whatsapp telegram
    pinterest flipboard email mail newsletter homepage home hp app ios android mobile share social
    google googlenews gnews yahoo msn apple applenews syndication widget ts tw_i fb_i nf viral
    bookmark bookmarks notif shortener hootsuite sharebutton share_button
    """.split()  # noqa: SIM905
)
# courlan takes these for tracking; here they choose what the page shows.
_NAMES_THAT_SELECT = frozenset({"keyword", "kwd", "gl"})
# Of the prefixes in courlan's list, those that no page chooses its story by; and the others.
_SURE_PREFIX = re.compile(
    r"(?:dc|fbc|gc|twc|yc|ysc)lid|(?:click|gbra|msclk|igsh|wbra)id"
    r"|(?:ga|gs|itm|mc|mkt|mtm|oly|pk|utm|vero)_"
)
_UNSURE_PREFIXES = frozenset({"ad_", "ads_", "ml_"})
_IDENTIFIER = re.compile(r"[0-9]{3}")


@cache
def _known_trackers() -> re.Pattern[str]:
    """Give courlan's pattern of tracking names (Adguard, ClearURLs, Firefox)."""
    from courlan.clean import TRACKERS_RE  # noqa: PLC0415 - 0.16 s that a start must not pay

    return TRACKERS_RE


def is_tracking(name: str, value: str) -> bool:
    """Tell whether a query parameter never names a story, whatever page it stands on.

    >>> is_tracking("utm_source", "feed"), is_tracking("CMP", "share_btn_tw")
    (True, True)
    >>> is_tracking("ref", "twitter"), is_tracking("ref", "48213"), is_tracking("id", "7")
    (True, False, False)
    """
    name = name.lower()
    if name in _SHARE_NAMES or name.startswith(_SHARE_FAMILIES):
        return True
    if _is_ambiguous(name):
        return value.lower() in _CHANNELS
    return _SURE_PREFIX.match(name) is not None and _known_trackers().search(name) is not None


def may_be_tracking(name: str, value: str) -> bool:
    """Tell whether a query parameter is tracking where something else names the story.

    >>> may_be_tracking("source", "harbour-app"), may_be_tracking("source", "48213")
    (True, False)
    >>> may_be_tracking("gallery", "x"), may_be_tracking("keyword", "ferry")
    (False, False)
    """
    return _is_ambiguous(name.lower()) and _IDENTIFIER.search(value) is None


def _is_ambiguous(name: str) -> bool:
    """Tell whether a lower-case name is tracking in some houses only.

    courlan matches the beginning of a word (`ga` in `gallery`); here a word must end there.
    """
    if name in _NAMES_THAT_SELECT or _SURE_PREFIX.match(name):
        return False
    if name in _AMBIGUOUS_NAMES:
        return True
    found = _known_trackers().finditer(name)
    return any(f.end() == len(name) or f[0] in _UNSURE_PREFIXES for f in found)
