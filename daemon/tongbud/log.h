/* SPDX-License-Identifier: GPL-2.0-only */
/* The daemon's own messages, on standard error; the journal learns how grave. */
#ifndef TONGBU_LOG_H
#define TONGBU_LOG_H

#include <stdbool.h>

#include <systemd/sd-daemon.h>

void tb_log(const char *level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define tb_log_error(...)   tb_log(SD_ERR, __VA_ARGS__)
#define tb_log_warning(...) tb_log(SD_WARNING, __VA_ARGS__)
#define tb_log_notice(...)  tb_log(SD_NOTICE, __VA_ARGS__)
#define tb_log_info(...)    tb_log(SD_INFO, __VA_ARGS__)

#endif /* TONGBU_LOG_H */
