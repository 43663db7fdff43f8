// SPDX-License-Identifier: GPL-2.0-only
#include "serial_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "station.h"

/* How long anything may take in an emulated machine that others share, ns */
#define PATIENCE 20000000000ULL

/**
 * serial_arm() - arm a serial line
 * @station: the station
 * @serial: which and how
 *
 * Return: the source's number, or a negative errno.
 */
int serial_arm(struct station *station, const struct serial *serial)
{
	struct nl_msg *msg = tongbu_nl_request(&station->nl, TONGBU_CMD_SOURCE_ADD);
	int err;

	nla_put_string(msg, TONGBU_A_SOURCE_NAME, serial->name);
	nla_put_u8(msg, TONGBU_A_SOURCE_TYPE, TONGBU_SOURCE_SERIAL);
	nla_put_string(msg, TONGBU_A_SERIAL_PORT, serial->port ? serial->port : SERIAL_PORT);
	if (serial->framing)
		nla_put_u8(msg, TONGBU_A_SERIAL_FRAMING, serial->framing);
	if (serial->parity)
		nla_put_u8(msg, TONGBU_A_SERIAL_PARITY, serial->parity);
	if (serial->baud)
		nla_put_u32(msg, TONGBU_A_SERIAL_BAUD, serial->baud);
	if (serial->length)
		nla_put_u32(msg, TONGBU_A_SERIAL_LENGTH, serial->length);
	if (serial->gap)
		nla_put_u32(msg, TONGBU_A_SERIAL_GAP, serial->gap);
	if (serial->timeout)
		nla_put_u32(msg, TONGBU_A_SERIAL_TIMEOUT, serial->timeout);
	if (serial->interval)
		nla_put_u32(msg, TONGBU_A_SOURCE_INTERVAL, serial->interval);
	if (serial->silent)
		nla_put_u32(msg, TONGBU_A_SOURCE_SILENT, serial->silent);
	if (serial->rate)
		nla_put_u32(msg, TONGBU_A_SOURCE_RATE, serial->rate);
	if (serial->flags)
		nla_put_u32(msg, TONGBU_A_SOURCE_FLAGS, serial->flags);
	if (serial->polls)
		nla_put(msg, TONGBU_A_SERIAL_POLLS,
			(int)(serial->polls * sizeof(struct tongbu_poll)), serial->poll);
	err = tongbu_nl_do(&station->nl, msg);
	if (err)
		return err;
	return (int)nla_get_u32(station->nl.attrs[TONGBU_A_SOURCE_ID]);
}

/**
 * serial_far_open() - open the far end of the cable, raw, 9600 baud, 8N1
 *
 * Return: a file descriptor, or a negative errno.
 */
int serial_far_open(void)
{
	int fd = open("/dev/" SERIAL_FAR, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	err = fcntl(fd, F_SETFL, 0) ? -errno : serial_far_set(fd, B9600, 0);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/**
 * serial_far_set() - set the far end
 * @fd: the far end
 * @speed: B9600 and the like
 * @parity: PARENB, PARODD, or 0
 *
 * Return: 0 or a negative errno.
 */
int serial_far_set(int fd, speed_t speed, tcflag_t parity)
{
	struct termios termios;

	if (tcgetattr(fd, &termios))
		return -errno;
	cfmakeraw(&termios);
	termios.c_cflag = CS8 | CREAD | CLOCAL | parity;
	cfsetspeed(&termios, speed);
	return tcsetattr(fd, TCSANOW, &termios) ? -errno : 0;
}

/**
 * serial_far_lines() - drive the modem lines from the far end
 * @fd: the far end
 * @lines: TIOCM_RTS, _DTR, _OUT2, _OUT1: CTS, DSR, DCD, RI at the station's
 *
 * Return: 0 or a negative errno.
 */
int serial_far_lines(int fd, int lines)
{
	return ioctl(fd, TIOCMSET, &lines) ? -errno : 0;
}

/**
 * serial_say() - say something at the far end
 * @fd: the far end
 * @bytes: what
 * @count: how many bytes
 *
 * Return: 0 or a negative errno.
 */
int serial_say(int fd, const void *bytes, size_t count)
{
	const char *next = bytes;
	ssize_t written;

	while (count) {
		written = write(fd, next, count);
		if (written < 0)
			return -errno;
		next += written;
		count -= (size_t)written;
	}
	return tcdrain(fd) ? -errno : 0;
}

/**
 * serial_knob() - do something to a simulated port
 * @knob: plug, unplug, hangup, overrun
 * @port: its number
 *
 * Return: 0 or a negative errno.
 */
int serial_knob(const char *knob, int port)
{
	char path[96], text[16];
	ssize_t written;
	int err, fd;

	snprintf(path, sizeof(path), "/sys/module/uart_sim/parameters/%s", knob);
	snprintf(text, sizeof(text), "%d", port);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	written = write(fd, text, strlen(text));
	err = written < 0 ? -errno : 0;
	close(fd);
	return err;
}

/**
 * serial_wait() - wait for a record
 * @station: the station
 * @kind: enum tongbu_kind
 * @id: its source
 * @nth: which of those, from 0
 *
 * Return: the record, or NULL if it does not come.
 */
const struct record *serial_wait(struct station *station, uint16_t kind, int id, size_t nth)
{
	uint64_t limit = station_boottime() + PATIENCE;
	const struct record *record;

	for (;;) {
		if (station_read(station))
			return NULL;
		record = record_log_find(&station->log, kind, (uint32_t)id, nth);
		if (record || station_boottime() > limit)
			return record;
		station_sleep_ms(5);
	}
}

/**
 * serial_frame() - wait for a frame
 * @station: the station
 * @id: its source
 * @nth: which, from 0
 *
 * Return: the record, or NULL if it does not come.
 */
const struct record *serial_frame(struct station *station, int id, size_t nth)
{
	return serial_wait(station, TONGBU_KIND_FRAME, id, nth);
}

/**
 * serial_frame_len() - bytes of a frame
 * @record: its record
 *
 * Return: how many.
 */
size_t serial_frame_len(const struct record *record)
{
	return record->length - sizeof(struct tongbu_frame);
}

/**
 * serial_frame_text() - bytes of a frame as a string
 * @record: its record
 *
 * Return: a string, until the next call.
 */
const char *serial_frame_text(const struct record *record)
{
	static char text[TONGBU_FRAME_MAX + 1];
	size_t len = serial_frame_len(record);

	memcpy(text, record->payload + sizeof(struct tongbu_frame), len);
	text[len] = 0;
	return text;
}

/**
 * serial_crc() - CRC of Modbus RTU, bit by bit as the standard describes it
 * @bytes: the frame so far
 * @count: how many bytes
 *
 * Return: the CRC, of which the low byte is sent first.
 */
uint16_t serial_crc(const uint8_t *bytes, size_t count)
{
	unsigned int crc = 0xffff, bit;
	size_t i;

	for (i = 0; i < count; i++) {
		crc ^= bytes[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
	}
	return (uint16_t)crc;
}
