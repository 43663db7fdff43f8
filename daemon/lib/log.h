/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A daemon's own messages, on standard error; the journal learns how grave. What
 * others can bring about by asking goes through tb_log_paced(): they cannot fill the
 * log.
 */
#ifndef TONGBU_LOG_H
#define TONGBU_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-daemon.h>

/**
 * struct tb_pace - how often one message comes
 * @since: CLOCK_MONOTONIC at which its present ten seconds began, ns
 * @count: how often it came in them
 */
struct tb_pace {
	uint64_t since;
	unsigned long count;
};

void tb_log(const char *level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool tb_pace_take(struct tb_pace *pace, unsigned long *left_out);

#define tb_log_error(...)   tb_log(SD_ERR, __VA_ARGS__)
#define tb_log_warning(...) tb_log(SD_WARNING, __VA_ARGS__)
#define tb_log_notice(...)  tb_log(SD_NOTICE, __VA_ARGS__)
#define tb_log_info(...)    tb_log(SD_INFO, __VA_ARGS__)

#define tb_log_paced(fmt, ...)                                                            \
	do {                                                                              \
		static struct tb_pace pace_;                                              \
		unsigned long left_out_;                                                  \
		if (!tb_pace_take(&pace_, &left_out_))                                    \
			break;                                                            \
		if (left_out_)                                                            \
			tb_log_warning("%lu lines as the next were left out", left_out_); \
		tb_log_warning(fmt, __VA_ARGS__);                                         \
	} while (0)

#endif /* TONGBU_LOG_H */
