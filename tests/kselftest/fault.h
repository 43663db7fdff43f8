/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failures of memory to order, by the kernel's fault injection: the Nth
 * allocation this process makes the kernel do fails. Only a kernel built with
 * CONFIG_FAULT_INJECTION has it.
 */
#ifndef TONGBU_SELFTEST_FAULT_H
#define TONGBU_SELFTEST_FAULT_H

#include <stdbool.h>

/* Why a test that needs it is skipped elsewhere */
#define FAULT_MISSING "no /proc/self/fail-nth: this takes the debug kernel"

bool fault_available(void);
int fault_init(void);
void fault_arm(unsigned int nth);
unsigned int fault_disarm(void);

#endif /* TONGBU_SELFTEST_FAULT_H */
