# SPDX-License-Identifier: GPL-2.0-only
"""Records of the kinds that generate.py's chain does not have yet, each with what
programs are shown of it."""
import hashlib
import struct

KINDS = {"genesis": 1, "heartbeat": 2, "lost": 3, "clock": 4, "attach": 5,
         "detach": 6, "source-add": 7, "source-del": 8, "refused": 9,
         "output-add": 10, "output-del": 11, "reflex-add": 12, "reflex-del": 13, "end": 14,
         "edge": 16, "key": 17, "code": 18, "frame": 19, "count": 20, "storm": 21,
         "silent": 22, "restored": 23, "gone": 24, "back": 25, "pps": 26,
         "act": 32, "due": 48, "output": 49, "reflex": 50}
NO_RECORD = 0xffffffffffffffff
ROOT = {"uid": 0, "pid": 411}


def armed(name, chip, type_, flags=2, line=0, edges=0, more=(0, 0, 0), tail=b"", bias=0):
    return struct.pack("<32s32sIIIBBBB", name, chip, line, 0, flags, type_, edges, bias, 0) + \
        struct.pack("<IIII", *more, 0) + tail


def shown(name, type_, flags=("configured",), more=(0, 0, 0), **fields):
    return {"name": name, "type": type_, "flags": list(flags), "silent_ms": more[0],
            "rate": more[1], "interval_ms": more[2], **fields}


def line(chip, offset, edges, bias="as-is"):
    return {"chip": chip, "line": offset, "debounce_us": 0, "edges": edges, "bias": bias,
            "level": 0}


def sources(put):
    """A source of each type, 18 to 23"""
    put("source-add", armed(b"gate", b"station", 1, 2, 5, 3, (60000, 1000, 0)),
        shown("gate", "gpio", more=(60000, 1000, 0), **line("station", 5, "both")),
        source=18, source_name="gate", **ROOT)
    put("source-add", armed(b"rain", b"station", 2, 2, 6, 1, (0, 0, 60000), bias=2),
        shown("rain", "counter", more=(0, 0, 60000), **line("station", 6, "rising", "pull-up")),
        source=19, source_name="rain", **ROOT)
    put("source-add", armed(b"gps", b"station", 3, 2, 7, 1, (0, 0, 16000)),
        shown("gps", "pps", more=(0, 0, 16000), **line("station", 7, "rising")),
        source=20, source_name="gps", **ROOT)
    salt_id = hashlib.blake2s(bytes(range(32))).digest()[:8]
    put("source-add", armed(b"badge", b"", 4, 2 | 4 | 8, tail=struct.pack(
        "<64s64sHHIHB5x8s", b"RFID reader", b"usb-1/input0", 0xffff, 0x35, 500, 0, 2, salt_id)),
        shown("badge", "input", ("configured", "grab", "hashed"), device="RFID reader",
              phys="usb-1/input0", vendor=0xffff, product=0x35, mode="code", key=0,
              timeout_ms=500, salt_id=salt_id.hex()),
        source=21, source_name="badge", **ROOT)
    put("source-add", armed(b"panic", b"", 4, 0, tail=struct.pack(
        "<64s64sHHIHB5x8s", b"", b"", 0, 0, 0, 116, 1, bytes(8))),
        shown("panic", "input", (), device="", phys="", vendor=0, product=0, mode="keys",
              key=116, timeout_ms=0, salt_id=None),
        source=22, source_name="panic", **ROOT)
    polls = struct.pack("<BBHHH", 1, 3, 0, 2, 0) + struct.pack("<BBHHH", 2, 1, 16, 8, 0)
    put("source-add", armed(b"probe", b"ttyS1", 5, 2 | 16, more=(5000, 0, 1000), tail=struct.pack(
        "<IIIIBBBBHH", 9600, 0, 200, 256, 3, 1, 8, 1, 2, 0) + polls),
        shown("probe", "serial", ("configured", "modem"), (5000, 0, 1000), port="ttyS1",
              baud=9600, bits=8, parity="even", stop=1, framing="modbus", length=256, gap_us=0,
              timeout_ms=200, polls=[
                  {"unit": 1, "function": "holding", "address": 0, "count": 2},
                  {"unit": 2, "function": "coils", "address": 16, "count": 8}]),
        source=23, source_name="probe", **ROOT)


def controls(put):
    """An output and a reflex, number 1 each"""
    put("output-add", struct.pack("<32s32sIIIIB7x", b"beacon", b"station", 9, 3, 30000, 1, 0),
        {"name": "beacon", "output": 1, "chip": "station", "line": 9,
         "flags": ["active-low", "configured"], "away_ms": 30000, "safe": 0},
        source=3, source_name="outputs", source_seq=1, **ROOT)
    put("reflex-add", struct.pack("<32s11IBBBx", b"flood-beacon", 1, 18, 16, 1, 0, 0, 0, 60000,
                                  500, 2000, 1, 4, 1, 4),
        {"name": "flood-beacon", "reflex": 1, "source": 18, "source_name": "gate", "second": 16,
         "second_name": "water", "output": 1, "output_name": "beacon", "when": "both",
         "level": 1, "hold_ms": 0, "count": 0, "within_ms": 0, "action": "blink",
         "length_ms": 60000,
         "period_ms": 500, "cooldown_ms": 2000, "flags": ["configured"]},
        source=4, source_name="reflexes", source_seq=1, **ROOT)


def told(put, boot):
    """What devices tell"""
    put("edge", struct.pack("<BBHI", 1, 2, 0, 900),
        {"level": 1, "bounces": 0, "delay": 900, "line": "cts"},
        source=23, source_seq=1, source_name="probe", precision=7)
    put("key", struct.pack("<HBBI", 116, 1, 0, 700), {"code": 116, "value": 1, "delay": 700},
        source=22, source_seq=1, source_name="panic", flags=8)
    put("code", struct.pack("<QIHBB", boot, 650, 10, 1, 0) + b"0012345678",
        {"first": boot, "delay": 650, "length": 10, "end": "enter", "hashed": False,
         "code": "0012345678"}, source=21, source_seq=1, source_name="badge")
    digest = hashlib.blake2s(b"0012345678", key=bytes(range(32))).digest()
    put("code", struct.pack("<QIHBB", boot, 650, 10, 2, 1) + digest,
        {"first": boot, "delay": 650, "length": 10, "end": "timeout", "hashed": True,
         "hash": digest.hex()}, source=21, source_seq=2, source_name="badge")
    answer = bytes.fromhex("010304012c00c8fb9c")
    put("frame", struct.pack("<QIIBBB5x", boot, 800, 0, 3, 0, 0) + answer,
        {"first": boot, "delay": 800, "bad": 0, "framing": "modbus", "status": "good",
         "poll": 0, "bytes": answer.hex()}, source=23, source_seq=2, source_name="probe")
    put("frame", struct.pack("<QIIBBB5x", boot, 800, 1, 3, 4, 1),
        {"first": boot, "delay": 800, "bad": 1, "framing": "modbus", "status": "timeout",
         "poll": 1, "bytes": ""}, source=23, source_seq=3, source_name="probe")
    text = "$GPGLL,3110.5,N,12125.1,E,100000,A*2F"
    put("frame", struct.pack("<QIIBBB5x", boot, 800, 2, 2, 1, 0) + text.encode(),
        {"first": boot, "delay": 800, "bad": 2, "framing": "nmea", "status": "bad-check",
         "bytes": text.encode().hex(), "text": text},
        source=23, source_seq=4, source_name="probe")
    put("count", struct.pack("<QQQII", boot, boot + 9, 812, 12, 60000),
        {"first": boot, "last": boot + 9, "total": 812, "count": 12, "interval_ms": 60000},
        source=19, source_seq=1, source_name="rain")
    put("count", struct.pack("<QQQII", 0, 0, 812, 0, 60000),
        {"first": None, "last": None, "total": 812, "count": 0, "interval_ms": 60000},
        source=19, source_seq=2, source_name="rain")
    put("storm", struct.pack("<QQQIB3x", boot, 0, 0, 1000, 0),
        {"since": boot, "count": 0, "masked_ms": 0, "rate": 1000, "over": False},
        source=18, source_seq=1, source_name="gate")
    put("storm", struct.pack("<QQQIB3x", boot, 81234, 90, 1000, 1),
        {"since": boot, "count": 81234, "masked_ms": 90, "rate": 1000, "over": True},
        source=18, source_seq=2, source_name="gate")
    put("silent", struct.pack("<QQ", boot, 5 * 10 ** 9),
        {"last": boot, "silent": 5 * 10 ** 9}, source=23, source_seq=5, source_name="probe")
    put("restored", struct.pack("<QQ", boot, 9 * 10 ** 9),
        {"last": boot, "silent": 9 * 10 ** 9}, source=23, source_seq=6, source_name="probe")
    put("gone", struct.pack("<QBB6x64s", boot, 2, 0, b"gpiochip1"),
        {"since": boot, "why": "removed", "level": 0, "device": "gpiochip1"},
        source=18, source_seq=3, source_name="gate")
    put("back", struct.pack("<QBB6x64s", boot, 2, 1, b"gpiochip1"),
        {"since": boot, "why": "removed", "level": 1, "device": "gpiochip1"},
        source=18, source_seq=4, source_name="gate")
    put("pps", struct.pack("<qqqII", -1200, 3400, 250, 15, 1),
        {"min": -1200, "max": 3400, "mean": 250, "pulses": 15, "missed": 1},
        source=20, source_seq=1, source_name="gps", flags=1, precision=1)


def done(put, boot, real):
    """What the station does by itself, and the end of it"""
    put("due", struct.pack("<QQQ", 12, real, 2_500_000_000),
        {"id": 12, "due": real, "lateness": 2_500_000_000},
        source=2, source_name="clocks", source_seq=1)
    put("reflex", struct.pack("<QQQIIBBH4x", 4, boot, boot + 4000, 1, 1, 1, 1, 0),
        {"record": 4, "cause": boot, "effect": boot + 4000, "reflex": 1,
         "reflex_name": "flood-beacon", "output": 1, "output_name": "beacon", "value": 1,
         "deferred": True, "error": 0, "error_name": None}, source=4, source_name="reflexes", source_seq=2)
    put("output", struct.pack("<QQIBBH", 4, boot, 1, 1, 2, 0),
        {"record": 4, "asked": boot, "output": 1, "output_name": "beacon", "value": 1,
         "cause": "reflex", "error": 0, "error_name": None},
        source=3, source_name="outputs", source_seq=2)
    put("output", struct.pack("<QQIBBH", NO_RECORD, boot, 1, 0, 1, 5),
        {"record": None, "asked": boot, "output": 1, "output_name": "beacon", "value": 0,
         "cause": "set", "error": 5, "error_name": "EIO"},
        source=3, source_name="outputs", source_seq=3, uid=0, pid=2301)
    put("reflex-del", struct.pack("<IxxxxQQ", 1, 1, 3),
        {"reflex": 1, "reflex_name": "flood-beacon", "fired": 1, "rested": 3},
        source=4, source_name="reflexes", source_seq=3, **ROOT)
    put("output-del", struct.pack("<IxxxxQ", 1, 2),
        {"output": 1, "output_name": "beacon", "changes": 2},
        source=3, source_name="outputs", source_seq=4, **ROOT)
    put("end", struct.pack("<QQ", 5, 3), {"lost": 5, "refused": 3}, source_seq=6, **ROOT)


def every_kind(chain):
    """The chain goes on with all these."""
    boot, real = 73_000_000_000, 1_795_428_000_000_000_000
    sources(chain.put)
    controls(chain.put)
    told(chain.put, boot)
    done(chain.put, boot, real)
    return chain
