#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The far end of the guest's serial line, on the host: beside a run with --serial.

What stands in $TONGBU_OUT/serial.say is said, and the file removed. Whoever asks
for holding registers over Modbus RTU is answered: as slave 17 each register holds
its own address, slave 18 answers with an exception, slave 19 with a wrong CRC,
others not at all.
"""
import os
import select
import socket
import struct
from pathlib import Path


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return struct.pack("<H", value)


def answer(request):
    unit, function, address, count = struct.unpack(">BBHH", request)
    body = bytes([unit, function, 2 * count])
    body += b"".join(struct.pack(">H", address + i) for i in range(count))
    if unit == 17:
        return body + crc(body)
    if unit == 18:
        body = bytes([unit, function | 0x80, 2])
        return body + crc(body)
    if unit == 19:
        return body + bytes(2)
    return b""


def main():
    say = Path(os.environ["TONGBU_OUT"]) / "serial.say"
    line = socket.socket(socket.AF_UNIX)
    line.connect(os.environ["TONGBU_SERIAL"])
    heard = b""
    while True:
        if select.select([line], [], [], 0.1)[0]:
            data = line.recv(4096)
            if not data:
                return
            heard = (heard + data)[-8:]
            if len(heard) == 8 and crc(heard[:6]) == heard[6:]:
                line.sendall(answer(heard[:6]))
                heard = b""
        if say.exists():
            line.sendall(say.read_bytes())
            say.unlink()


main()
