# SPDX-License-Identifier: GPL-2.0-only
"""A station for people with browsers: Cockpit's server for each of them, and Chromium.

To be run in a mount namespace of its own: what is bound here is seen nowhere else.
"""
import atexit
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 240  # s; a machine may be slow


class Tap:
    """ok or not ok, a line each"""

    failed = 0

    def report(self, good, name, why=""):
        if not good:
            self.failed += 1
            for line in str(why).splitlines()[:40]:
                print(f"# {line[:600]}")
        print(f"{'ok' if good else 'not ok'} - {name}", flush=True)

    def same(self, got, wanted, name):
        self.report(got == wanted, name, f"expected {wanted!r}, is {got!r}")


def until(what, test, log=os.devnull, patience=PATIENCE):
    """Wait until test() is true, and return that; else what the log says is shown."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = test()
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f"{pathlib.Path(log).read_text()}\nBail out! {what}: not within {patience} s")


def start(*command, **more):
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, **more)
    atexit.register(child.kill)
    return child


class Station:
    """A replica of a bundle, and people who may log in; all by name and uid"""

    def __init__(self, work, people):
        self.work, self.people = pathlib.Path(work), people
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        os.makedirs("/run/tongbu-referee")
        self.bind("/etc/passwd", [f"{name}:x:{uid}:{uid}:{name}:{self.home(name, uid)}:/bin/sh"
                                  for name, uid in people.items()])
        self.bind("/etc/group", [f"{name}:x:{uid}:" for name, uid in people.items()])
        self.log = open(self.work / "station.log", "ab")

    def home(self, name, uid):
        home = self.work / "home" / name
        (home / "tmp").mkdir(parents=True)
        for folder in (home, home / "tmp"):
            os.chown(folder, uid, uid)
        return home

    def bind(self, path, lines):
        """The file with these lines behind its own"""
        mine = self.work / os.path.basename(path)
        mine.write_text(pathlib.Path(path).read_text() + "".join(f"{line}\n" for line in lines))
        subprocess.run(["mount", "--bind", mine, path], check=True)

    def as_person(self, name):
        uid = self.people[name]
        return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "env", "-i",
                f"PATH={self.work}/root/usr/bin:{self.work}/root/usr/sbin:/usr/bin:/bin", f"HOME={self.work}/home/{name}", f"USER={name}",
                f"XDG_DATA_DIRS={self.work}/root/usr/share:/usr/share", "XDG_CONFIG_DIRS=/nowhere",
                f"TMPDIR={self.work}/home/{name}/tmp",
                f"TONGBU_REFEREE={self.sockets(name)}/socket"]

    def sockets(self, name):
        return self.work / "home" / name / "referee"

    def ask(self, name, *question):
        """What tongbuctl says to that person"""
        out = subprocess.run([*self.as_person(name), "tongbuctl", *question, "--json"],
                             capture_output=True, text=True, check=True).stdout
        return [json.loads(line) for line in out.splitlines()]

    def replica(self, name, bundle):
        """One for each person, as it answers nobody but root and who started it."""
        subprocess.run([*self.as_person(name), "mkdir", self.sockets(name)], check=True)
        start(*self.as_person(name), "tongbu-referee", "--ledger", bundle,
              "--socket", self.sockets(name) / "socket", "--packs-dir", self.work / "root/usr/share/tongbu/packs",
              stdout=self.log, stderr=self.log)
        until("the replica answers", lambda: not subprocess.run(
            [*self.as_person(name), "tongbuctl", "matter", "list"], capture_output=True).returncode, self.log.name)

    def serve(self, name):
        """Cockpit for one person who has logged in; returns the console's address."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        # Where the station's socket is, this person finds the own one.
        start("unshare", "--mount", "sh", "-ec", 'mount --bind "$1" /run/tongbu-referee; shift; exec "$@"', "sh",
              self.sockets(name), *self.as_person(name),
              "/usr/lib/cockpit/cockpit-ws", "--no-tls", "--address=127.0.0.1", f"--port={port}",
              "--local-session=/usr/bin/cockpit-bridge", stdout=self.log, stderr=self.log)

        def listens():
            with socket.socket() as probe:
                return not probe.connect_ex(("127.0.0.1", port))
        until("Cockpit listens", listens, self.log.name)
        return f"http://127.0.0.1:{port}/cockpit/@localhost/tongbu/index.html"


    def login(self, name):
        """Cockpit with a page to log in at, and the console behind it; returns its address"""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        config = self.work / "config/cockpit"
        config.mkdir(parents=True)
        (config / "cockpit.conf").write_text("[WebService]\nShell = /tongbu/index.html\nAllowUnencrypted = true\n")
        word = subprocess.run(["openssl", "passwd", "-6", f"word of {name}"], capture_output=True, text=True, check=True)
        self.bind("/etc/shadow", [f"{name}:{word.stdout.strip()}:20000:0:99999:7:::"])
        # What is installed, where whoever logs in looks for it
        for folder in ("/usr/share/cockpit", "/usr/bin"):
            subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                            f"lowerdir={self.work}/root{folder}:{folder}", folder], check=True)
        start("unshare", "--mount", "sh", "-ec", 'mount --bind "$1" /run/tongbu-referee; shift; exec "$@"', "sh",
              self.sockets(name), "env", f"XDG_CONFIG_DIRS={self.work}/config", "/usr/lib/cockpit/cockpit-ws", "--no-tls",
              "--address=127.0.0.1", f"--port={port}", stdout=self.log, stderr=self.log)

        def listens():
            with socket.socket() as probe:
                return not probe.connect_ex(("127.0.0.1", port))
        until("Cockpit listens", listens, self.log.name)
        return f"http://127.0.0.1:{port}/"


class Browser:
    """Chromium, in a language and of a size"""

    def __init__(self, work, pictures, language="en-GB", width=1280, height=900):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--no-first-run", "--ignore-certificate-errors", "--disable-background-networking", "--disable-component-update",
                     f"--lang={language}", f"--window-size={width},{height}"):
            options.add_argument(word)
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.pictures = pathlib.Path(pictures)
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver", log_path=str(work / "driver.log")),
                                       options=options)
        atexit.register(self.driver.quit)
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)
        # As large as a phone, which no window may be
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.asked, self.said = [], []

    def take_logs(self):
        """All addresses asked for, and all that the browser complained of, until now"""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                self.asked.append(message["params"].get("request", message["params"])["url"])
        self.said += [entry["message"] for entry in self.driver.get_log("browser")
                      if entry["level"] in ("SEVERE", "WARNING")]

    def wait(self, script, *args):
        """Wait until a script gives something true, and return that."""
        return WebDriverWait(self.driver, PATIENCE, 0.05).until(
            lambda driver: driver.execute_script(f"return ({script})", *args))

    def open(self, address):
        self.driver.get(address)
        self.ready()

    def go(self, where):
        """To another page of the console, as a link does"""
        self.driver.execute_script("document.getElementById('page').setAttribute('aria-busy', 'true');"
                                   "location.hash = arguments[0]", where)
        self.ready()

    def ready(self):
        self.wait("document.getElementById('page')?.getAttribute('aria-busy') === 'false'")

    def text(self, selector):
        return self.driver.execute_script(
            "return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def count(self, selector):
        return self.driver.execute_script("return document.querySelectorAll(arguments[0]).length", selector)

    def texts(self, selector):
        return self.driver.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map(one => one.innerText)", selector)

    def keys(self, selector, keys):
        self.driver.find_element("css selector", selector).send_keys(keys)

    def value(self, selector):
        return self.driver.execute_script("return document.querySelector(arguments[0])?.value", selector)

    def fill(self, form):
        """Something that may stand there, into each field that must be filled in"""
        self.driver.execute_script("""
            for (const input of document.querySelectorAll(arguments[0] + ' :required:not([readonly])'))
                input.value = input.matches('select') ? [...input.options].find(one => one.value).value :
                    { number: input.min || 1, date: '2026-11-27', 'datetime-local': '2026-11-27T10:00' }[input.type] ?? 'x';""", form)

    def download(self, selector, folder):
        """The file behind a link, as it comes"""
        self.driver.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
        name = self.driver.execute_script("return document.querySelector(arguments[0]).download", selector)
        self.driver.find_element("css selector", selector).click()
        until(f"{name} is there", (folder / name).exists)
        return folder / name

    def focused(self):
        return self.driver.execute_script("return document.activeElement.id")

    def barriers(self, axe):
        """What axe-core, a judge nobody here wrote, has against the page"""
        self.driver.execute_script(f"{axe}; window.axe = axe")
        found = self.driver.execute_async_script("""const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(
                result => done(result.violations.map(one => [one.impact, one.id, one.nodes.map(node => node.html).slice(0, 3)])),
                error => done([['error', String(error), []]]))""")
        return [one for one in found if one[0] not in ("minor", "moderate")]

    def picture(self, name):
        self.driver.save_screenshot(str(self.pictures / f"{name}.png"))
