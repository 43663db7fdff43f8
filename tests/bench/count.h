/* SPDX-License-Identifier: GPL-2.0-only */
/* Markers between which count.c counts instructions: they do nothing else. */
#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

#define COUNT_BEGIN    0x746f6201
#define COUNT_END      0x746f6202

#define COUNT_MARK(at) __asm__ volatile("nopl %c0(%%rax)" : : "i"(at))

#endif
