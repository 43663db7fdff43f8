#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The whole of a reader of /dev/tongbu: what uapi/linux/tongbu.h says, done.

    reader.py DIRECTORY [COUNT]

keeps each record as a file named by its number, durably, acknowledges it, and waits for
more; after COUNT records it ends. It needs no module but Python's own.
"""
import mmap
import os
import select
import struct
import sys


def main(directory, count):
    device = os.open("/dev/tongbu", os.O_RDWR | os.O_CLOEXEC)
    # struct tongbu_ring: how large all of it is, its beginning says.
    with mmap.mmap(device, 32, mmap.MAP_SHARED, mmap.PROT_READ) as ring:
        size, slots, data = struct.unpack_from("<III", ring, 16)
    ring = mmap.mmap(device, size, mmap.MAP_SHARED, mmap.PROT_READ)
    poll = select.poll()
    poll.register(device, select.POLLIN)
    place = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    while count > 0:
        poll.poll()
        head, acked = struct.unpack_from("<QQ", ring, 0)
        for number in range(acked, head):
            # struct tongbu_slot
            offset, length = struct.unpack_from("<IH", ring, 32 + 8 * (number % slots))
            record = ring[data + offset:data + offset + length]
            with open(f"{directory}/{number}", "wb") as file:
                file.write(record)
                file.flush()
                os.fsync(file.fileno())
        os.fsync(place)
        # Only now may the kernel forget them.
        os.write(device, struct.pack("<Q", head - 1))
        count -= head - acked


if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else sys.maxsize)
