#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Judges an export by readers that were written elsewhere; prints what it found in it.

    judge.py geojson|gpx|icalendar|cap|wzdx|cifs|oscal-poam|csv FILE

GeoJSON: python3-geojson. iCalendar: libical, with its own table of what RFC 5546 allows, and
python3-icalendar. GPX: gpxpy. ZIP and CSV: unzip and Python's own. XML: libxml2.

The schemas of CAP 1.2, WZDx 4.2, GPX 1.1 and OSCAL 1.1 are in no package of Debian or npm, CIFS has
none, and no reader of WZDx, CIFS or OSCAL is packaged. What those four and CAP demand was read in
their documents and stands in tables here: which members there must be, in which order, and which
words they may be. That is weaker than the schema itself. CAP is read by one of npm's besides: cap.js.
"""
import csv
import ctypes
import ctypes.util
import datetime
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import geojson
import gpxpy
import icalendar

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def must(holds, why):
    if not holds:
        sys.exit(f"{sys.argv[2]}: {why}")


def well_formed(data):
    done = subprocess.run(["xmllint", "--nonet", "--noout", "-"], input=data, capture_output=True, check=False)
    must(done.returncode == 0, done.stderr.decode())
    return ElementTree.fromstring(data)


def anticlockwise(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) > 0


def features_of(data):
    """The features of a collection, each of them valid and its rings wound as RFC 7946 says"""
    whole = geojson.loads(data)
    must(isinstance(whole, geojson.FeatureCollection), "no FeatureCollection")
    ids = [one["id"] for one in whole.features]
    must(len(set(ids)) == len(ids), "the same id twice")
    for one in whole.features:
        must(isinstance(one, geojson.Feature), f"{one['id']} is no Feature")
        if one.geometry is None:
            continue
        must(one.geometry.is_valid, f"{one['id']}: {one.geometry.errors()}")
        shapes = {"Polygon": [one.geometry.get("coordinates")], "MultiPolygon": one.geometry.get("coordinates")}
        for polygon in shapes.get(one.geometry["type"], []):
            for number, ring in enumerate(polygon):
                must(anticlockwise(ring) == (number == 0), f"{one['id']}: a ring goes the wrong way round")
    return whole.features


def judge_geojson(data):
    for one in features_of(data):
        print(one["id"], one.geometry["type"] if one.geometry else "nowhere")


def judge_gpx(data):
    well_formed(data)
    whole = gpxpy.parse(data.decode(), version="1.1")
    for point in whole.waypoints:
        must(point.comment and point.type == "marked", f"{point} does not say why it is marked")
    for track in whole.tracks:
        must(track.segments or not track.get_points_no(), "points beside segments")
        times = [point.time for segment in track.segments for point in segment.points]
        must(times == sorted(times), "times go back")
        print(track.name, *(len(segment.points) for segment in track.segments))
    print("marked", len(whole.waypoints))


def libical_allows(data):
    ical = ctypes.CDLL(ctypes.util.find_library("ical"))
    ical.icalparser_parse_string.restype = ctypes.c_void_p
    whole = ctypes.c_void_p(ical.icalparser_parse_string(data))
    must(whole, "libical reads nothing of it")
    must(ical.icalrestriction_check(whole) == 1, "libical: not as RFC 5546 has it")
    must(ical.icalcomponent_count_errors(whole) == 0, "libical counts errors")


def judge_icalendar(data):
    for line in data.split(b"\r\n"):
        must(len(line) <= 75 and b"\n" not in line, f"this line is not folded: {line}")
        line.decode()
    libical_allows(data)
    whole = icalendar.Calendar.from_ical(data)
    ids = [str(one["UID"]) for one in whole.walk("VEVENT")]
    must(len(set(ids)) == len(ids), "the same UID twice")
    for one in whole.walk("VEVENT"):
        begin, end = one["DTSTART"].dt, one.get("DTEND") and one["DTEND"].dt
        must(not end or end > begin, "it ends before it begins")
        print(f"{begin:%Y%m%dT%H%MZ}" + (f"/{end:%Y%m%dT%H%MZ}" if end else ""), str(one["SUMMARY"]))


# Elements in their order, with how often they may be: 1, ? and *; CAP 1.2, chapter 3.2
ALERT = "identifier sender sent status msgType source? scope restriction? addresses? code* note? references? incidents? info*"
INFO = """language? category* event responseType* urgency severity certainty audience? eventCode* effective? onset?
    expires? senderName? headline? description? instruction? web? contact? parameter* resource* area*"""
AREA = "areaDesc polygon* circle* geocode* altitude? ceiling?"
WORDS = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
CAP_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")


def in_order(element, order):
    names = [child.tag.removeprefix(CAP) for child in element]
    pattern = "".join(f"(?:{name.rstrip('*?')} ){name[-1] if name[-1] in '*?' else ''}" for name in order.split())
    must(re.fullmatch(pattern, "".join(f"{name} " for name in names)), f"not in order: {names}")
    for child in element:
        name = child.tag.removeprefix(CAP)
        must(name not in WORDS or child.text in WORDS[name].split(), f"{name} is {child.text}")
        must(name not in ("sent", "effective", "expires") or CAP_TIME.fullmatch(child.text), f"{name} is {child.text}")


def one_alert(data):
    alert = well_formed(data)
    must(alert.tag == CAP + "alert", "no alert of CAP 1.2")
    in_order(alert, ALERT)
    kind, refers = alert.findtext(CAP + "msgType"), alert.findtext(CAP + "references")
    for name in ("identifier", "sender"):
        must(not re.search(r"[\s,<&]", alert.findtext(CAP + name)), f"{name} has what it must not have")
    must(kind == "Alert" or re.fullmatch(r"[^\s,]+,[^\s,]+,\S+", refers or ""), f"{kind} refers to {refers}")
    for info in alert.iter(CAP + "info"):
        in_order(info, INFO)
        for area in info.iter(CAP + "area"):
            in_order(area, AREA)
            for polygon in area.iter(CAP + "polygon"):
                points = [tuple(map(float, pair.split(","))) for pair in polygon.text.split()]
                must(len(points) > 3 and points[0] == points[-1], "a polygon that is not closed")
                must(all(abs(lat) <= 90 for lat, _ in points) and points[0][0] < 90 < points[0][1], "not lat,lon")
    print(alert.findtext(CAP + "identifier"), kind, refers or "-", alert.find(f"{CAP}info/{CAP}event").text)


def judge_cap(data):
    if not zipfile.is_zipfile(io.BytesIO(data)):
        one_alert(data)
        return
    for name, content in zipped(data):
        must(name.endswith(".cap"), name)
        one_alert(content)


IMPACT = """all-lanes-closed some-lanes-closed all-lanes-open alternating-one-way some-lanes-closed-merge-left
    some-lanes-closed-merge-right all-lanes-open-shift-left all-lanes-open-shift-right some-lanes-closed-split flagging
    temporary-traffic-signal unknown"""
DIRECTION = "northbound eastbound southbound westbound inner-loop outer-loop undefined unknown"


def judge_wzdx(data):
    info = json.loads(data)["feed_info"]
    must({"update_date", "version", "publisher", "data_sources"} <= set(info), "feed_info lacks something")
    must(info["version"] == "4.2" and UTC.fullmatch(info["update_date"]), info)
    sources = {one["data_source_id"] for one in info["data_sources"] if one["organization_name"]}
    for one in features_of(data):
        must(one.geometry["type"] in ("LineString", "MultiPoint"), one.geometry["type"])
        said, core = one.properties, one.properties["core_details"]
        must({"start_date", "end_date", "vehicle_impact", "location_method", "is_start_date_verified", "is_end_date_verified",
              "is_start_position_verified", "is_end_position_verified"} <= set(said), f"{one['id']} lacks something")
        must(core["event_type"] == "work-zone" and core["data_source_id"] in sources, core)
        must(core["direction"] in DIRECTION.split() and core["road_names"], core)
        must(said["vehicle_impact"] in IMPACT.split() and said["location_method"] == "unknown", said)
        must(all(UTC.fullmatch(said[name]) for name in ("start_date", "end_date")), said)
        print(one["id"], said["vehicle_impact"], len(one.geometry["coordinates"]), *one.geometry["coordinates"][0])


def judge_cifs(data):
    whole = well_formed(data)
    must(whole.tag == "incidents", whole.tag)
    for one in whole:
        for name in ("type", "polyline", "street", "starttime"):
            must(one.findtext(name), f"{one.get('id')} has no {name}")
        must(one.findtext("type") in "ROAD_CLOSED ACCIDENT HAZARD POLICE CHIT_CHAT JAM".split(), one.findtext("type"))
        must(one.findtext("direction") in ("BOTH_DIRECTIONS", "ONE_DIRECTION"), one.findtext("direction"))
        for name in ("starttime", "endtime", "creationtime"):
            must(not one.findtext(name) or datetime.datetime.fromisoformat(one.findtext(name)).tzinfo, name)
        points = list(map(float, one.findtext("polyline").split()))
        must(len(points) >= 4 and len(points) % 2 == 0, "the line has an end too few")
        must(all(lat < 90 < lon for lat, lon in zip(points[::2], points[1::2])), "not lat lon")
        print(one.get("id"), one.findtext("type"), one.findtext("direction"), points[1], points[-1])


def named_uuids(value):
    """Every uuid of things and of those that refer to them"""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "uuid" or name.endswith("-uuid"):
                yield name, inner
            yield from named_uuids(inner)
    for inner in value if isinstance(value, list) else []:
        yield from named_uuids(inner)


def judge_oscal(data):
    whole = json.loads(data)
    must(list(whole) == ["plan-of-action-and-milestones"], list(whole))
    plan = whole["plan-of-action-and-milestones"]
    must(set(plan) == {"uuid", "metadata", "system-id", "risks", "poam-items"}, set(plan))
    must(set(plan["metadata"]) == {"title", "last-modified", "version", "oscal-version"}, plan["metadata"])
    must(plan["metadata"]["oscal-version"].startswith("1.1.") and UTC.fullmatch(plan["metadata"]["last-modified"]), "metadata")
    uuids = list(named_uuids(plan))
    must(all(UUID.fullmatch(value) for _, value in uuids), "a uuid that is none")
    own = [value for name, value in uuids if name == "uuid"]
    must(len(set(own)) == len(own), "the same uuid twice")
    must({value for name, value in uuids if name != "uuid"} <= set(own), "it refers to what is not there")
    for risk in plan["risks"]:
        must({"uuid", "title", "description", "statement", "status"} <= set(risk), risk)
        for response in risk.get("remediations", []):
            must({"uuid", "lifecycle", "title", "description"} <= set(response), response)
            for task in response["tasks"]:
                must(task["type"] == "milestone" and task["title"], task)
                must(UTC.fullmatch(task["timing"]["on-date"]["date"]), task)
            print("plan", len(response["tasks"]), sum("remarks" in task for task in response["tasks"]))
    must(plan["poam-items"], "no item")
    for item in plan["poam-items"]:
        must(item["title"] and item["description"], item)
        for prop in item["props"]:
            must(re.fullmatch(r"[A-Za-z_][\w.-]*", prop["name"]) and re.fullmatch(r"\S(.*\S)?", prop["value"]), prop)
    print("items", len(plan["poam-items"]))


def zipped(data):
    """(name, bytes) of each file in it"""
    done = subprocess.run(["unzip", "-tqq", sys.argv[2]], capture_output=True, text=True, check=False)
    whole = zipfile.ZipFile(io.BytesIO(data))
    # unzip says of an empty one that it is one.
    must(done.returncode == (0 if whole.namelist() else 1) and whole.testzip() is None, done.stdout + done.stderr)
    return [(name, whole.read(name)) for name in whole.namelist()]


def judge_csv(data):
    for name, content in zipped(data):
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
        must(len({len(row) for row in rows}) == 1, f"{name}: rows of other lengths")
        print(name, len(rows) - 1)
        for row in rows[1:] if name == "removed.csv" else []:
            print(" ", *filter(None, (cell.strip() for cell in row[2:])), sep=" | ")


judges = {"geojson": judge_geojson, "gpx": judge_gpx, "icalendar": judge_icalendar, "cap": judge_cap, "wzdx": judge_wzdx,
          "cifs": judge_cifs, "oscal-poam": judge_oscal, "csv": judge_csv}
if len(sys.argv) != 3 or sys.argv[1] not in judges:
    sys.exit(__doc__)
judges[sys.argv[1]](Path(sys.argv[2]).read_bytes())
