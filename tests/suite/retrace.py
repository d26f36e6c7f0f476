"""A decision worked out again from its trace, with nothing but what the trace says; `fakes.py` uses it."""

import datetime
import re

LABEL = ("false", "unknown", "true")
TIERS = ("none", "watch", "urgent", "emergency")
MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}


def instant(text):
    if text is None:
        return datetime.datetime.min
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.datetime.fromisoformat(whole) + datetime.timedelta(milliseconds=int(fraction or 0))


# --- conditions, from the values of the names in them ---

class Beyond(Exception):
    """The condition says more than this can work out."""


def of_name(name, how, word, rule, trace):
    """%name, %name.exists(), %name.empty(), %name = 'word': one of LABEL."""
    value = rule["values"].get(name)
    if value is None:
        found = caught(trace, name) if name[:1] == "S" else taken(trace, name)
        value = {"findings": sorted(found)}
    if word is not None:
        if "value" not in value:
            raise Beyond
        return LABEL[2 * (value["value"] == f"'{word}'")]
    if how is None:
        if value.get("unsure") or value.get("value") not in ("true", "false"):
            raise Beyond
        return value["value"]
    if "findings" not in value or value.get("unsure"):
        raise Beyond
    return LABEL[2 * ((len(value["findings"]) > 0) == (how == "exists"))]


def caught(trace, control):
    """Triggers that a control took in any rule."""
    return {t["finding"] for r in trace["rules"] for t in r.get("triggers", ())
            for c in t["controls"] if c["id"] == control and c["result"] == "true"}


def taken(trace, group):
    """Triggers of the rules of a group, %U, whose conditions are true. Inputs are not in the trace."""
    members = [r for r in trace["rules"] if re.fullmatch(group + r"\d+(-\w+)?", r["action"])]
    if not members:
        raise Beyond
    return {t["finding"] for r in members if r["looked"] and condition_of(r) == "true" for t in r["triggers"]}


TOKEN = re.compile(r"\s*(?:%(?P<name>\w+)(?:\.(?P<how>exists|empty)\(\)|\s*=\s*'(?P<word>[^']*)')?"
                   r"|(?P<op>and|or|\(|\)))(?![\w.])")


def worked_out(expression, rule, trace):
    """Truth of a condition of names, and, or and brackets; else Beyond."""
    tokens, at = [], 0
    while at < len(expression.rstrip()):
        m = TOKEN.match(expression, at)
        if m is None:
            raise Beyond
        tokens.append(m["op"] or LABEL.index(of_name(m["name"], m["how"], m["word"], rule, trace)))
        at = m.end()

    def one():
        if not tokens:
            raise Beyond
        t = tokens.pop(0)
        if t == "(":
            t = several("or", lambda: several("and", one, min), max)
            if tokens.pop(0) != ")":
                raise Beyond
        return t

    def several(word, operand, join):
        t = operand()
        while tokens and tokens[0] == word:
            tokens.pop(0)
            t = join(t, operand())
        return t

    t = several("or", lambda: several("and", one, min), max)
    if tokens:
        raise Beyond
    return LABEL[t]


def condition_of(rule):
    return LABEL[min([LABEL.index(c["result"]) for c in rule["conditions"]], default=2)]


# --- rules ---

def effects(trigger):
    """What the controls did to a trigger: the effects of those that surely act."""
    return {c["effect"] for c in trigger["controls"] if c["result"] == "true"}


def survives(trigger):
    return not effects(trigger) & {"answer", "watch"}


def lowered(rule):
    """Something in it is lowered to watch, and nothing stands beside it."""
    return rule["looked"] and condition_of(rule) == "true" and not any(map(survives, rule["triggers"])) and \
        any("watch" in effects(t) and "answer" not in effects(t) for t in rule["triggers"])


def verdict(rule):
    if not rule["looked"]:
        return "false"
    condition, triggers = condition_of(rule), rule["triggers"]
    more, fewer = "moreTriggers" in rule, "fewerTriggers" in rule
    if condition == "false" or not (triggers or more or fewer):
        return "false"
    surviving = any(map(survives, triggers))
    if condition == "unknown" or not triggers or (fewer if surviving else more):
        return "unknown"
    if surviving:
        return "holds"
    return "lowered" if lowered(rule) else "answered"


def faults_of_rule(rule, trace, plain, counts):
    if verdict(rule) != rule["verdict"]:
        yield f"{rule['action']}: {rule['verdict']}, but the trace gives {verdict(rule)}"
    if not rule["looked"]:
        return
    counts["rules"] += 1
    for c in rule["conditions"]:
        try:
            truth = worked_out(c["expression"], rule, trace)
        except Beyond:
            continue
        counts["conditions"] += 1
        if truth != c["result"]:
            yield f"{rule['action']}: {c['expression']} is {c['result']}, but its values give {truth}"
    dropped = {d["finding"] for d in trace["dropped"]}
    for t in rule["triggers"]:
        if t["finding"] in dropped:
            yield f"{rule['action']}: a finding that was dropped triggers it"
        asked = [c["effect"] for c in t["controls"] if c["result"] == "true"]
        if "answer" in asked[:-1] or ("watch" in asked[:-1] and set(asked[asked.index("watch") + 1:]) != {"answer"}):
            yield f"{rule['action']}: a trigger that was out was asked about again"
    names = plain.get(rule["action"])
    if names and all("findings" in rule["values"].get(n, ()) for n in names):
        counts["triggers"] += 1
        if {t["finding"] for t in rule["triggers"]} != {f for n in names for f in rule["values"][n]["findings"]}:
            yield f"{rule['action']}: the triggers are not what its names hold"


# --- the decision ---

def unique(items):
    return list(dict.fromkeys(items))


def evidence_of(top, findings):
    numbers = {t["finding"] for r in top for t in r["triggers"] if survives(t)} | {f for r in top for f in r["support"]}
    order = sorted(numbers, key=lambda n: (instant(findings[n].get("when")), findings[n]["source"]))
    return unique(findings[n]["source"] for n in order)


def order_of(line, top, parameters):
    """Priority and due time, or None; top: the rules that hold at the tier of the line."""
    if TIERS.index(line["tier"]) < 2 or all("hold" in effects(t) for r in top for t in r["triggers"] if survives(t)):
        return None
    number, unit = parameters[line["tier"] + "_due"].split()
    due = instant(line["asOf"]) + datetime.timedelta(minutes=int(number) * MINUTES[unit.rstrip("s")])
    return ("stat" if line["tier"] == "emergency" else "urgent", due)


def faults_of_unknown(line, trace):
    sure = [r["id"] for r in trace["rules"] if r["verdict"] == "unknown"]
    dropped = {d["finding"] for d in trace["dropped"]}
    open_question = any("present" not in f for n, f in enumerate(trace["findings"]) if n not in dropped)
    if set(sure) - set(line["unknown"]):
        yield "a rule that is unknown is not told"
    if set(line["unknown"]) - set(sure) and not open_question:
        yield "a rule is told as unknown, and nothing is"


def faults(line, plain, counts):
    """What in a line of `evaluate --explain --format ndjson` its own trace does not bear out."""
    trace, findings = line["trace"], line["trace"]["findings"]
    for rule in trace["rules"]:
        yield from faults_of_rule(rule, trace, plain, counts)
    holding = [r for r in trace["rules"] if verdict(r) == "holds"]
    tier = max([TIERS.index(r["tier"]) for r in holding] + [int(any(map(lowered, trace["rules"])))])
    if line["tier"] != TIERS[tier]:
        yield f"tier {line['tier']}, but the trace gives {TIERS[tier]}"
    top = [r for r in holding if r["tier"] == line["tier"]]
    if line["rules"] != unique(r["id"] for r in top):
        yield "other rules hold"
    if line["evidence"] != evidence_of(top, findings):
        yield "other evidence"
    told = line["order"] and (line["order"]["priority"], instant(line["order"]["due"]))
    if told != order_of(line, top, trace["parameters"]):
        yield "another order"
    acting = {d["control"] for d in trace["dropped"]} | {
        c["id"] for r in trace["rules"] for t in r.get("triggers", ()) for c in t["controls"] if c["result"] == "true"}
    if not set(line["controls"]) <= acting:
        yield "a control is named that did nothing"
    yield from faults_of_unknown(line, trace)
