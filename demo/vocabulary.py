"""The words of the newsroom: our own sentence grammar, publishers and label counts.

A ``{slot}`` of a template is filled from ``WORDS[slot]``; the fillers may hold slots again.
"""

# Typographic quotes belong to the texts, and lists of words read best as lines of text.
# ruff: noqa: RUF001, SIM905

PUBLISHERS = (
    "www.harbor-courier.example",
    "www.northfieldtimes.example",
    "www.the-lantern.example",
    "www.meridianpost.example",
    "www.daily-quay.example",
    "www.capitolledger.example",
    "www.granite-herald.example",
    "www.eastriverreview.example",
    "www.sport-line.example",
    "www.pressbox.example",
    "www.marketbell.example",
    "www.bluewire.example",
    "news.orchardpublic.example",
    "www.tidewatertribune.example",
    "www.screenandstage.example",
    "www.starcolumn.example",
    "www.fieldnotes.example",
    "www.thesundaydesk.example",
    "www.openledger.example",
    "www.villagevoicer.example",
    "www.longview-journal.example",
    "www.cable24.example",
    "blogs.statehouse.example",
    "www.kitchen-gazette.example",
    "www.orbitweekly.example",
)

WORDS: dict[str, tuple[str, ...]] = {
    "place": tuple(
        "Ardenvale|Port Callow|Westmere|New Harlan|Tarnby|Lake Orrin|Saint Bede|Kestrel Bay|"
        "Dunmarrow|Elmhurst Falls|Vostrava|Marlow Sound|Castle Reach|Olen|Rivertown".split("|")
    ),
    "given": tuple(
        "Maren|Tobias|Ifeoma|Lucía|Anders|Priya|Owen|Zoë|Karim|Helene|Mateo|Sofia|Daniel|"
        "Amara|Jonas|Ruth|Renée|Victor|Nadia|Samuel".split("|")
    ),
    "family": tuple(
        "Halloran|Quist|Okonedo|Barrera|Lindqvist|Varma|Prescott|Delacroix|Haddad|Müller|"
        "Castellan|O’Shea|Whitlock|Mensah|Teague|Sørensen|Aldous|Ferreira|Novak|Pike".split("|")
    ),
    "body": tuple(
        "the city council|the transport ministry|a parliamentary committee|the port authority|"
        "the league’s disciplinary panel|the central bank|a federal judge|the school board|"
        "the museum’s trustees|the broadcaster|the health agency|Quist & Barrera|"
        "the film academy|the regional utility|Marlow & Sons|the players’ union".split("|")
    ),
    "act": tuple(
        "approved|rejected|postponed|defended|quietly abandoned|put forward|published|"
        "reopened|revised|praised|questioned|welcomed".split("|")
    ),
    "thing": tuple(
        "a plan to rebuild the old ferry terminal|a {number}-page report on school meals|"
        "new rules for short-term rentals|its forecast for the coming year|"
        "the contract for the eastern rail link|a proposal to move the season’s opening day|"
        "an appeal brought by {number} tenants|the budget for coastal defences|"
        "a settlement with former employees|the schedule for the autumn festival|"
        "a study of heat in crowded districts|the sale of {number} public buildings".split("|")
    ),
    "day": tuple("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday".split("|")),
    "number": tuple("12|18|27|31|44|58|63|76|90|112|140|215|330|480|1,200|3,500".split("|")),
    "role": tuple(
        "a spokeswoman for the mayor|the union’s secretary|a retired engineer|the head coach|"
        "an analyst at the Westmere Institute|the festival’s director|a local shop owner|"
        "a professor of economics|the captain|a former minister|the lead author".split("|")
    ),
    "claim": tuple(
        "nobody had expected the vote to be so close|the figures would be checked again|"
        "the work could begin before the winter|there was still room for a compromise|"
        "the costs had risen by {number} percent|the decision came far too late|"
        "people deserved a clearer answer|it was “the first honest offer in years”|"
        "the team had simply run out of time|a second review was already under way".split("|")
    ),
    "link": tuple(
        "However|In the meantime|At the same time|Even so|By contrast|A day later|"
        "For many residents|According to two people familiar with the matter".split("|")
    ),
    "person": ("{given} {family}",),
    "crowd": tuple(
        "commuters|supporters|small investors|parents|visitors|growers|critics|officials".split("|")
    ),
    "feeling": tuple(
        "were relieved|remained doubtful|had seen it coming|asked for more time|"
        "stayed away|cheered|wondered what would follow|filled the hall".split("|")
    ),
}

SENTENCES = (
    "{Body} {act} {thing} on {day}, {role} said.",
    "{Body} {act} {thing} after a session that lasted {number} minutes.",
    "“We have waited long enough,” said {person}, {role}, in {place} — and {crowd} {feeling}.",
    "{Link}, {body} {act} {thing}.",
    "{Person}, {role}, said that {claim}.",
    "{Link}, {crowd} in {place} {feeling}.",
    "In {place}, {crowd} {feeling}, and {person} told reporters that {claim}.",
    "The change affects about {number} households between {place} and {place}.",
    "It was not clear whether {body} would follow; a decision is due on {day}.",
    "“It’s a matter of trust,” {person} said. “You can’t rebuild that in {number} days.”",
    "Last year {body} {act} {thing}, and {crowd} {feeling}.",
    "Asked about {thing}, {person} answered only that {claim}.",
)

HEADLINES = (
    "{Body} {act} {thing}",
    "{place}: {crowd} {feeling} as {body} {act} {thing}",
    "{person} on {thing}: ‘{claim}’",
    "Why {crowd} in {place} {feeling}",
    "{number} days in {place}: {crowd} {feeling}",
    "{place} & {place} agree as {body} {act} {thing}",
)

SUBHEADS = (
    "What happens next",
    "A long way from {place}",
    "‘Nobody asked us’",
    "{number} days to decide",
    "The view from {place}",
    "Questions & answers",
)

LABEL_COUNTS: dict[str, int] = {
    name: int(count)
    for name, _, count in (
        entry.strip().rpartition(" ")
        for entry in (
            "Africa 964, Americas 4388, Art & Culture 16235, Arts 6825, Arts & Design 1930, "
            "Asia 3614, Automobile 579, Baseball 850, Basketball 693, Books 4242, Business 5727, "
            "Celebrity 2633, Cricket 648, Crime 158, Cryptocurrency 2199, Dance 725, Defense 836, "
            "Diplomatic Relations 2496, Economy 1410, Editorial 260, Education 1525, "
            "Elections 308, Energy & Environment 3204, Entertainment 23738, Environment 3988, "
            "Europe 4579, Faith & Religion 234, Family & Life 817, Fashion & Style 3689, "
            "Finance 22007, Food & Drink 4166, Football 1318, Games 97, Gossip 10288, "
            "Health & Fitness 4515, Health Care 975, Hockey 286, Home & Garden 919, Humour 994, "
            "Latin America 49, Lifestyle 18651, Media 527, Middle East 1766, Movies 2061, "
            "Music 2997, Opinion 4130, Other 13269, Other Sports 5505, Political News 11323, "
            "Political Protests 2324, Politics 18906, Real Estate 2331, Relationship 106, "
            "Retail 3116, Science 2994, Science & Tech 11263, Soccer 389, Space & Cosmos 464, "
            "Sports 13681, Technology 3817, Tennis 747, Theater 1983, Transportation 313, "
            "Travel 2869, TV 4040, US 1596, US Sports 1481, Video News 3531, "
            "War & Conflict 1069, Weird News 996, World 18308"
        ).split(", ")
    )
}
