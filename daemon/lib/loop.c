// SPDX-License-Identifier: GPL-2.0-only
#include "loop.h"

#include <signal.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include "log.h"

/* What SIGHUP calls; a program has one loop */
static void (*on_hangup)(void *userdata);

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	(void)source, (void)info;
	sd_notify(0, "RELOADING=1");
	on_hangup(userdata);
	sd_notify(0, "READY=1");
	return 0;
}

/**
 * tb_loop_new() - make a daemon's event loop
 * @event: set to it, also if this fails; the caller unrefs it
 * @reload: what SIGHUP calls; SIGINT and SIGTERM end the loop
 * @userdata: for @reload
 *
 * The watchdog of systemd is fed by the loop. A failure is logged.
 *
 * Context: once in a program; blocks those signals for the thread that calls it.
 * Return: 0 or a negative errno.
 */
int tb_loop_new(sd_event **event, void (*reload)(void *userdata), void *userdata)
{
	sigset_t signals;
	int ret;

	on_hangup = reload;
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	*event = NULL;
	ret = sd_event_new(event);
	if (ret >= 0)
		ret = sd_event_add_signal(*event, NULL, SIGHUP, on_reload, userdata);
	if (ret >= 0)
		ret = sd_event_add_signal(*event, NULL, SIGINT, NULL, NULL);
	if (ret >= 0)
		ret = sd_event_add_signal(*event, NULL, SIGTERM, NULL, NULL);
	if (ret >= 0)
		ret = sd_event_set_watchdog(*event, true);
	if (ret < 0)
		tb_log_error("event loop: %s", strerror(-ret));
	return ret < 0 ? ret : 0;
}

/**
 * tb_loop_run() - tell systemd that the daemon is ready, and run until it is to end
 * @event: the loop
 *
 * Return: 0, or the negative errno that it was made to end with.
 */
int tb_loop_run(sd_event *event)
{
	int ret;

	sd_notify(0, "READY=1");
	ret = sd_event_loop(event);
	sd_notify(0, "STOPPING=1");
	return ret;
}
