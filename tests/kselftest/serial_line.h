/* SPDX-License-Identifier: GPL-2.0-only */
/* Serial lines for tests: the station's end, and the far end of the cable. */
#ifndef TONGBU_SELFTEST_SERIAL_LINE_H
#define TONGBU_SELFTEST_SERIAL_LINE_H

#include <linux/tongbu.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

struct record;
struct station;

/* libc's headers leave them out. */
#ifndef TIOCM_OUT1
#define TIOCM_OUT1 0x2000
#define TIOCM_OUT2 0x4000
#endif

/* The simulated ports the guest comes with, a cable between them */
#define SERIAL_PORT "ttySIM0"
#define SERIAL_FAR  "ttySIM1"

/**
 * struct serial - a serial line as a source to be; what is 0 is left out
 * @name: its name
 * @port: its port; NULL for %SERIAL_PORT
 * @framing: enum tongbu_framing
 * @parity: enum tongbu_parity
 * @baud: bits a second
 * @length: bytes
 * @gap: us
 * @timeout: ms
 * @interval: ms
 * @silent: ms
 * @rate: events a second
 * @flags: enum tongbu_source_flag
 * @poll: what to ask
 * @polls: how many of them
 */
struct serial {
	const char *name;
	const char *port;
	uint8_t framing;
	uint8_t parity;
	uint32_t baud;
	uint32_t length;
	uint32_t gap;
	uint32_t timeout;
	uint32_t interval;
	uint32_t silent;
	uint32_t rate;
	uint32_t flags;
	const struct tongbu_poll *poll;
	size_t polls;
};

int serial_arm(struct station *station, const struct serial *serial);
int serial_far_open(void);
int serial_far_set(int fd, speed_t speed, tcflag_t parity);
int serial_far_lines(int fd, int lines);
int serial_say(int fd, const void *bytes, size_t count);
int serial_knob(const char *knob, int port);
const struct record *serial_wait(struct station *station, uint16_t kind, int id, size_t nth);
const struct record *serial_frame(struct station *station, int id, size_t nth);
size_t serial_frame_len(const struct record *record);
const char *serial_frame_text(const struct record *record);
uint16_t serial_crc(const uint8_t *bytes, size_t count);

#endif /* TONGBU_SELFTEST_SERIAL_LINE_H */
