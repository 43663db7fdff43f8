#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The pages of the console, before a replica of the day of tests/scenario/day.

    pages.py WORK PICTURES AXE

WORK has what tests/console/run.sh puts there, which starts this; AXE is axe.min.js of
axe-core, if there is one.
"""
import csv
import datetime
import json
import pathlib
import re
import sys
import time
from urllib.parse import urlsplit

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "vectors"))
import generate  # noqa: E402
from browser import Browser, Station, Tap

work, pictures, axe = map(pathlib.Path, sys.argv[1:])
tap = Tap()
PAGES = ("#/today", "#/boards", "#/calendar", "#/notices", "#/reports", "#/evidence", "#/matter/sentence-2")


def people():
    """Who is an actor on that day: uid by the name of the login"""
    found = {}
    for line in (work / "day").read_text().splitlines():
        act = json.loads(line).get("act", {})
        if act.get("pack") == "base" and act.get("kind") == "actor":
            found.setdefault(act["name"].split()[-1].lower(), act["uid"])
    return found


def today(browser, name):
    tasks = station.ask(name, "task", "list", "--mine")
    tap.report(tasks and browser.count("section[aria-labelledby=tasks] li") == len(tasks),
               f"{name}: as many tasks as tongbuctl says", len(tasks))
    clocks = station.ask(name, "clock", "list")
    shown = browser.text("section[aria-labelledby=clocks]")
    tap.same(browser.count("section[aria-labelledby=clocks] li"), len(clocks), "as many deadlines")
    clauses = [row["law"]["clause"]["en"] for row in clocks if (row["law"] or {}).get("clause")]
    tap.report(clauses and all(clause in shown for clause in clauses), "each with its clause", shown)
    tap.report(re.search(r"\d days? left|\d days? over|today", shown), "and how many days are left", shown)
    found = [row for row in station.ask(name, "finding", "list") if row["level"] != "info"]
    tap.same(browser.count("section[aria-labelledby=findings] li"), len(found), "what is refused or wrong is there")
    tap.same(browser.count("section[aria-labelledby=findings] .new"), len(found), "all of it new to who never looked")
    browser.go("#/boards")
    browser.go("#/today")
    tap.same(browser.count("section[aria-labelledby=findings] .new"), 0, "and not new the next time")
    health = browser.text("section[aria-labelledby=health]")
    tap.report("systemctl start tongbud" in health, "that no recorder runs is said, and the remedy", health)


def boards(browser, name):
    browser.go("#/boards")
    kinds = browser.driver.execute_script(
        "return [...document.querySelectorAll('#kind option')].map(option => option.value)")
    tap.report(len(kinds) > 10, "a board for each kind of matter", kinds)
    matters = station.ask(name, "matter", "list", "-n", "1000")
    wrong = []
    for kind in kinds:
        browser.go(f"#/boards?kind={kind}")
        browser.wait("document.querySelector('#kind').value === arguments[0]", kind)
        shown = browser.driver.execute_script("""return Object.fromEntries([...document.querySelectorAll('.stage')]
            .map(stage => [stage.querySelector('h2').id.slice(6), stage.querySelectorAll('.card').length])
            .filter(([name, count]) => count))""")
        stages = [row["stage"] for row in matters if f"{row['pack']}.{row['kind']}" == kind]
        if shown != {stage: stages.count(stage) for stage in stages}:
            wrong.append((kind, shown, stages))
    tap.same(wrong, [], "each has the open matters in their stages")

    browser.go("#/boards?kind=market.item")
    cards = browser.count(".card")
    browser.keys("body", "/")
    tap.same(browser.focused(), "search", "a key goes to where one searches")
    browser.keys("#search", "knife 2")
    tap.same((cards > 1, browser.count(".card")), (True, 1), "words narrow a board")
    browser.keys("#search", "\ue003" * len("knife 2"))
    first = browser.driver.execute_script("document.querySelector('.card').focus(); return document.activeElement.href")
    browser.keys(".card", "\ue014")
    second = browser.driver.execute_script("return document.activeElement.href")
    tap.report(first != second and "#/matter/" in second, "arrow keys go to the column beside", (first, second))


def suggestions(name):
    rows, after = [], []
    while True:
        page = station.ask(name, "matter", "list", "--kind", "suggestion", "-n", "1000", *after)
        rows += page
        if len(page) < 1000:
            return rows
        after = ["--after", page[-1]["id"]]


def markup(browser, name):
    """What people write is text. Of how many there are, the first page does not wait."""
    matters = suggestions(name)
    begun = time.monotonic()
    browser.go("#/boards?kind=community.suggestion")
    first = time.monotonic()
    browser.wait("document.querySelector('#stage-received .count').textContent == arguments[0]", len(matters))
    print(f"# {len(matters)} suggestions: a board after {first - begun:.2f} s, all of them after {time.monotonic() - begun:.2f} s")
    browser.go(f"#/matter/{matters[0]['id']}")
    tap.report("<b>bold</b>" in browser.text("main") and not browser.count("main img, main b"),
               "markup that somebody submits is shown as it was written", browser.text("main"))


def matter(browser, name):
    browser.go("#/matter/sentence-2")
    [row] = station.ask(name, "matter", "show", "sentence-2")
    records = list(dict.fromkeys(line["record"] for line in row["timeline"]))
    tap.same(browser.texts(".timeline > li > p code"), records, "a matter's timeline has each record, in order")
    tap.same(browser.text(".stages [aria-current]"), row["stage"], "its stage is marked")
    sides = browser.text(".facts")
    tap.report(all(side["office_name"] in sides for side in row["sides"]), "both sides are named", sides)
    shown = browser.text("section[aria-labelledby=findings]")
    tap.report(row["findings"] and all(finding["text"]["en"] in shown for finding in row["findings"]),
               "each finding with its arithmetic", shown)
    browser.go("#/matter/none-1")
    tap.report("there is no matter none-1 that you may see" in browser.text("[role=alert]"),
               "of one that is none it is said so", browser.text("main"))


def acts(browser, name):
    """Which acts are offered, and as what: by the pack's tables, for that person"""
    browser.go("#/matter/market-3")
    offered, barred = (browser.driver.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map(one => one.id.slice(6))", f"{selector}")
        for selector in (".offer:not(.barred)", ".offer.barred"))
    tap.same(offered, ["remeasure", "explain", "object", "review-extend"], "the acts that one may do now are offered")
    tap.same(barred, ["review"], "and one that the same person may not do, apart")
    tap.report("the same person" in browser.text("#offer-review .refusal"), "with the reason", browser.text("#offer-review"))
    browser.driver.execute_script("document.querySelector('#offer-remeasure').open = true")
    browser.wait("document.querySelector('#offer-remeasure form')")
    [row] = station.ask(name, "act", "show", "market.remeasure")
    wrong = []
    for field, what in row["fields"].items():
        found = browser.driver.execute_script("""const input = document.getElementById('act-market-remeasure-' + arguments[0]);
            return input && {type: input.type, required: input.required, min: input.min, max: input.max, value: input.value,
                             words: document.getElementById(input.id + '-doc').innerText}""", field)
        limits = {key: str(what[key]) for key in ("min", "max") if what["type"] in ("number", "integer") and key in what}
        if not found or found["required"] != what.get("required", False) or what.get("doc", "") not in found["words"] or \
                any(found[key] != value for key, value in limits.items()):
            wrong.append((field, what, found))
    tap.report(row["fields"] and not wrong, "a form has the fields, limits and words of its act", wrong)
    tap.same(browser.value("#act-market-remeasure-item"), "market-3", "and names the matter itself")
    browser.picture("form")
    browser.driver.execute_script("document.querySelector('#offer-explain').open = true")
    browser.wait("document.querySelector('#offer-explain form')")
    browser.fill("#offer-explain form")
    browser.driver.execute_script("document.querySelector('#offer-explain form').requestSubmit()")
    why = browser.wait("document.querySelector('#act-market-explain-why').textContent")
    tap.report("tongbu" in why and browser.focused() == "act-market-explain-why", "what cannot be submitted says why", why)


def dropped(browser, *files):
    """What is said of files that are dropped"""
    browser.driver.execute_script("document.querySelector('#verdict').replaceChildren()")
    browser.keys("#evidence", "\n".join(map(str, files)))
    browser.wait("document.querySelector('#verdict strong, #verdict .refusal')")
    return browser.text("#verdict")


def evidence(browser):
    good = (work / "bundle").read_bytes()
    changed = bytearray(good)
    at = good.index(b"wrong folder")
    changed[at] ^= 1
    (work / "changed.bundle").write_bytes(changed)
    # Of the supervisor that tests/cli/state.py sealed it for
    (work / "supervisor.pem").write_text(generate.Supervisor("state").json()["private_pem"])
    browser.go("#/evidence")
    tap.report("tongbud does not run" in browser.text("main"), "without a recorder its records are not to be had, which is said",
               browser.text("main"))
    said = dropped(browser, work / "bundle")
    tap.report("no tag was checked" in said and re.search(r"\d\d+ records", said), "a bundle that is dropped without a key: structure only", said)
    browser.keys("#key", str(work / "supervisor.pem"))
    said = dropped(browser, work / "bundle")
    tap.report(said.startswith("verified") and re.search(r"\d\d+ records", said), "with the key it is verified", said)
    tap.same(browser.count("#verdict a[download]"), 1, "with a page to be filed")
    said = dropped(browser, work / "changed.bundle")
    [row] = station.ask("qian", "matter", "show", "sentence-1")
    seq = next(line["record"] for line in row["timeline"] if "wrong folder" in str(line["text"])).split(":")[1]
    tap.report("not what was sealed" in said and re.search(rf"record {seq}\b", said), "one byte changed is found, and located",
               f"{seq}: {said}")
    browser.picture("evidence")
    tap.same(list((work / "home/qian/tmp").iterdir()), [], "nothing of it is left")


def calendar(browser, name):
    browser.go("#/calendar")
    clocks = station.ask(name, "clock", "list")
    due = [(datetime.datetime.fromisoformat(row["due"][:19]) + datetime.timedelta(hours=8)).date().isoformat() for row in clocks]
    month = browser.text("h1").split()[-1]
    wrong = []
    for _ in range(3):
        shown = browser.driver.execute_script("""return Object.fromEntries([...document.querySelectorAll('.month td[id]')]
            .map(day => [day.id.slice(4), day.querySelectorAll('li').length]).filter(([day, count]) => count))""")
        wanted = {day: due.count(day) for day in due if day.startswith(month)}
        if shown != wanted:
            wrong.append((month, shown, wanted))
        browser.go(browser.driver.execute_script("return document.querySelectorAll('.page .line a')[1].getAttribute('href')"))
        month = browser.text("h1").split()[-1]
    tap.same(wrong, [], "a calendar has each deadline on its day, in three months")


def notices(browser, name):
    for page, more in (("#/notices", []), ("#/notices?all=yes", ["--all"])):
        browser.go(page)
        rows = station.ask(name, "notice", "list", *more)
        titles = [row["title"]["en"] if isinstance(row["title"], dict) else row["title"] for row in rows]
        tap.report(rows and browser.texts(".notices h2") == titles, f"the notices{' that were taken back too' * len(more)}",
                   (titles, browser.texts(".notices h2")))


def reports(browser, name):
    browser.go("#/reports?report=market.rounds")
    shown = browser.driver.execute_script("""return [...document.querySelectorAll('.scroll tbody tr')]
        .map(row => [...row.cells].map(cell => cell.innerText))""")
    rows = station.ask(name, "report", "market.rounds")
    tap.report(rows and len(shown) == len(rows) and all(str(row["round"]) in line for row, line in zip(rows, shown)),
               "a report has the rows that tongbuctl has", (shown, rows))
    with open(browser.download("a[download]", work), encoding="utf-8", newline="") as file:
        tap.same(len(list(csv.reader(file))), len(rows) + 1, "and is there as a file")


def quiet(browser, address, what):
    """Nothing was refused by the policy, nothing asked of anybody else."""
    browser.take_logs()
    own = urlsplit(address).netloc
    strange = [url for url in browser.asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own]
    tap.report(browser.asked and not strange, f"{what}: no request leaves the machine", strange)
    tap.same(browser.said, [], f"{what}: the browser has nothing to complain of, its content policy included")


def accessible(browser, address, what):
    name = f"{what}: axe-core finds nothing serious"
    if not axe.is_file():
        # It is in no release of Debian: who has it names it.
        print(f"# {name}: not asked, AXE_CORE names no axe.min.js")
        return
    browser.open(address)
    found = []
    for page in (*PAGES, "#/matter/market-3"):
        browser.go(page)
        browser.driver.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
        browser.wait("[...document.querySelectorAll('details')].every(one => one.querySelector('form'))")
        found += [(page, *one) for one in browser.barriers(axe.read_text(encoding="utf-8"))]
    tap.same(found, [], name)


def narrow(phone, address):
    phone.open(address)
    wide = []
    for page in PAGES:
        phone.go(page)
        width = phone.driver.execute_script("return document.documentElement.scrollWidth")
        if width > 360:
            wide.append((page, width))
        phone.picture("phone-" + page.strip("#/").replace("/", "-"))
    tap.same(wide, [], "on a phone no page is wider than it")
    tap.same(phone.text("h1").isascii(), False, "in a browser that prefers Chinese, Chinese")
    tap.report("各方共同时间线" in phone.text("main"), "and the headings too", phone.text("main"))


station = Station(work, people())
station.replica("qian", work / "bundle")
here = station.serve("qian")
browser = Browser(work, pictures)
browser.open(here)
browser.picture("today")
today(browser, "qian")
boards(browser, "qian")
browser.picture("board")
markup(browser, "qian")
matter(browser, "qian")
browser.go("#/matter/sentence-2")
browser.picture("matter")
# That there is no such matter was asked for, and is said on the console too.
browser.take_logs()
browser.said = sorted({line for line in browser.said if "there is no matter none-1" not in line})
calendar(browser, "qian")
browser.picture("calendar")
notices(browser, "qian")
reports(browser, "qian")
evidence(browser)
quiet(browser, here, "English")
station.replica("tao", work / "bundle")
inspector = Browser(work, pictures)
there = station.serve("tao")
inspector.open(there)
acts(inspector, "tao")
quiet(inspector, there, "forms")
phone = Browser(work, pictures, "zh-CN", 360, 740)
narrow(phone, here)
quiet(phone, here, "Chinese")
login = Browser(work, pictures)
door = station.login("qian")
login.driver.get(door)
login.wait("document.getElementById('login-user-input')?.offsetParent")
login.keys("#login-user-input", "qian")
login.keys("#login-password-input", "word of qian\ue007")
login.ready()
tap.report("Qian, Prison" in login.text("#person"), "who logs in is asked after as that person", login.text("body"))
login.driver.find_element("css selector", "nav li:nth-child(2) a").click()
login.wait("document.querySelector('.page.boards')")
tap.report(True, "and goes from page to page within Cockpit's own")
# Cockpit looks whether somebody is logged in already.
login.take_logs()
login.said = [line for line in login.said if "/cockpit/login " not in line]
quiet(login, door, "logged in")
if (work / "many").exists():
    station.replica("sun", work / "many")
    many = Browser(work, pictures)
    many.open(station.serve("sun"))
    markup(many, "sun")
# Last, as it is a script of somebody else's in the page
accessible(inspector, there, "wide")
accessible(phone, here, "on a phone")
sys.exit(tap.failed > 0)
