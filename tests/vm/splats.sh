#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print what the kernel's log has of warnings, splats and leaks; status 1 if there
# is any. Runs in the guest.
set -uo pipefail

words='BUG:|WARNING:|Oops|Kernel panic|general protection|KASAN|UBSAN|ODEBUG|refcount_t'
words+='|possible recursive|circular locking|inconsistent lock|irq lock inversion'
words+='|invalid wait context|suspicious RCU|held lock freed|lock held when|MAX_LOCKDEP_[A-Z_]+ too low'
words+='|scheduling while atomic|sleeping function|unreferenced object|unregister_netdevice'
words+='|blocked for more|detected stalls|soft lockup'
# Where memory is made to fail, the kernel may say that it did, with a trace; and
# its jump labels and trace events warn of it in so many words.
[[ -e /proc/self/fail-nth ]] || words+='|Call Trace'
# So it does where a limit of memory is reached, and a program of ours is killed for it.
! dmesg | sed '/ invoked oom-killer: /,/ Killed process /d' | grep -E "$words" | grep -vE 'WARNING: .* at kernel/(jump_label|trace/trace_events)\.c:'
