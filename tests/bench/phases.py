#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Where the instructions of an edge go.

    phases.py [--functions] DIR EDGES

DIR has what the guest's part wrote: NAME.symbols, the kernel's symbols while NAME ran,
and `counts`, what count.c counted, one part for each NAME in the order of NAMES. What
moving the line costs by itself ("base") is taken off, function by function. Functions
are put into phases by the table below; with --functions they are told one by one.
"""

import bisect
import collections
import re
import sys

NAMES = ["base", "gpiod", "gpiod-rising", "tongbu", "tongbu-rising"]
# The first that fits. What is called for one thing alone is counted there; what many
# call is where it is called most.
PHASES = [
    ("thread", r"irq_thread|irq_wake|__irq_wake|irq_finalize|kthread_|try_to_wake|_*schedule|sched|"
     r"dequeue|enqueue|pick_|__pick|_*switch|finish_task|ttwu|update_|_*update_load|put_prev|"
     r"set_next|check_|resched|rt_|cpupri|cpuacct|prepare_task|psi_|record_times|balance_|pull_rt|"
     r"task_woken|native_(sched|load)|plist_|save_fpregs|enter_lazy|_*(rd|wr)gsbase|xfd_|rb_|clear_bud|"
     r"rcu_note|__rseq|mem_cgroup|blkcg|__(get|put)_user"),
    ("seal", r"tb_(blake2s|seal)_|begin_with|ratchet"),
    ("stamp", r"ktime_|read_tsc|tb_stamp|line_event_timestamp"),
    ("level", r"gpio_sim_get|gpiod_(get|is|to)|gpio_?chip_get|tb_gpio_read|mutex_|validate_desc"),
    ("record", r"tb_(chain|source|storm|liveness|latency|gpio|reflex)_|seal_|put_|hand_on|"
     r"drain_stamps|edge_irq|linereq_put"),
    ("ring", r"tb_ring_|__kfifo|kfifo_"),
    ("locks", r"_raw_"),
    ("copies", r"mem(cpy|set|move)|copy_user"),
    ("wake", r"_*wake_up|irq_work|tb_reader_wake|wake_reader|autoremove|pollwake"),
    ("read", r"reader_|tb_due_acked|linereq_|do_sys_poll|do_poll|poll_|select_|__x64_sys|ksys_|vfs_|"
     r"syscall|entry_SYSCALL|do_syscall|_*f(get|put|dget)|_copy_|security_file|rw_verify|fsnotify"),
]


def symbols_of(path):
    """Addresses in order, and the name of what begins at each"""
    found = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            address, kind, name = line.split()[:3]
            if kind in "tTwW":
                found.setdefault(int(address, 16), name)
    addresses = sorted(found)
    return addresses, [found[address] for address in addresses]


def counts_of(path):
    """For each run the instructions by address"""
    run = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line == "end\n":
                yield run
                run = {}
            else:
                address, count = line.split()
                run[int(address, 16)] = int(count)


def by_function(run, symbols):
    """Instructions by function; all of userspace is one"""
    addresses, names = symbols
    total = collections.Counter()
    for address, count in run.items():
        at = bisect.bisect(addresses, address) - 1
        kernel = address >> 63 and at >= 0
        total[re.sub(r"\.(cold|constprop|isra|part).*", "", names[at]) if kernel else "(program)"] += count
    return total


def phase_of(name):
    """The phase that a function belongs to"""
    if name == "(program)":
        return "program"
    return next((phase for phase, pattern in PHASES if re.match(pattern, name)), "interrupt")


def main():
    """See above"""
    args = [arg for arg in sys.argv[1:] if arg != "--functions"]
    if len(args) != 2:
        sys.exit("usage: phases.py [--functions] DIR EDGES")
    runs = dict(zip(NAMES, counts_of(f"{args[0]}/counts")))
    if len(runs) != len(NAMES):
        sys.exit(f"phases.py: {args[0]}/counts has {len(runs)} runs of {len(NAMES)}")
    edges = int(args[1])
    cost = {}
    for name in NAMES:
        moves = 2 if name.endswith("rising") else 1
        mine = by_function(runs[name], symbols_of(f"{args[0]}/{name}.symbols"))
        if name == "base":
            base = mine
            continue
        mine.subtract({key: moves * count for key, count in base.items()})
        cost[name] = {key: count / edges for key, count in mine.items()}
    phases = ["interrupt", "thread", "level", "stamp", "record", "seal", "ring", "locks",
              "copies", "wake", "read", "program"]
    print(f"{'':12}" + "".join(f"{name:>16}" for name in cost))
    for phase in phases:
        print(f"{phase:12}" + "".join(
            f"{sum(n for key, n in mine.items() if phase_of(key) == phase):16.0f}"
            for mine in cost.values()))
    print(f"{'all':12}" + "".join(f"{sum(mine.values()):16.0f}" for mine in cost.values()))
    if "--functions" in sys.argv:
        for name, mine in cost.items():
            print(f"\n{name}")
            for key, count in sorted(mine.items(), key=lambda item: -abs(item[1])):
                if abs(count) >= 1:
                    print(f"{count:10.1f}  {phase_of(key):10} {key}")


if __name__ == "__main__":
    main()
