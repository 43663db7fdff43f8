// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tongbu: seals field events and official acts the moment they occur.
 * The contract with userspace is in uapi/linux/tongbu.h.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/timekeeping.h>
#include <linux/tongbu.h>

#include "chain.h"
#include "clock.h"
#include "due.h"
#include "gpio.h"
#include "heartbeat.h"
#include "family.h"
#include "latency.h"
#include "output.h"
#include "reader.h"
#include "reflex.h"
#include "seal.h"
#include "serial.h"
#include "source.h"

#define RING_MIN		64
#define RING_MAX		1048576
#define CLOCKS_MAX		1048576
#define HEARTBEAT_MIN_MS	100
#define HEARTBEAT_MAX_MS	3600000

static unsigned int ring = 65536;
module_param(ring, uint, 0444);
MODULE_PARM_DESC(ring, "Records held until acknowledged, 64 to 1048576 (default 65536)");

static unsigned int heartbeat = 10000;
module_param(heartbeat, uint, 0444);
MODULE_PARM_DESC(heartbeat, "Milliseconds between heartbeat records, 100 to 3600000 (default 10000)");

static int submit_gid = -1;
module_param(submit_gid, int, 0444);
MODULE_PARM_DESC(submit_gid, "Group whose members may submit acts (default -1: nobody)");

static unsigned int submit_rate = 10;
module_param(submit_rate, uint, 0444);
MODULE_PARM_DESC(submit_rate, "Acts a second one uid may submit, 0 for no limit (default 10)");

static unsigned int submit_burst = 100;
module_param(submit_burst, uint, 0444);
MODULE_PARM_DESC(submit_burst, "Acts of one uid that may come at once, beyond its rate (default 100)");

static unsigned int submit_daily = 4096;
module_param(submit_daily, uint, 0444);
MODULE_PARM_DESC(submit_daily, "KiB of acts a day one uid may submit, 0 for no limit (default 4096)");

static unsigned int clocks = 65536;
module_param(clocks, uint, 0444);
MODULE_PARM_DESC(clocks, "Clocks at once, 1 to 1048576 (default 65536)");

struct tb_params tb_params;

static int __init check_params(void)
{
	if (ring < RING_MIN || ring > RING_MAX) {
		pr_err("ring=%u: must be %u to %u records\n", ring, RING_MIN, RING_MAX);
		return -EINVAL;
	}
	if (heartbeat < HEARTBEAT_MIN_MS || heartbeat > HEARTBEAT_MAX_MS) {
		pr_err("heartbeat=%u: must be %u to %u ms\n", heartbeat,
		       HEARTBEAT_MIN_MS, HEARTBEAT_MAX_MS);
		return -EINVAL;
	}
	if (submit_gid < -1) {
		pr_err("submit_gid=%d: must be a group id, or -1 for nobody\n", submit_gid);
		return -EINVAL;
	}
	if (!clocks || clocks > CLOCKS_MAX) {
		pr_err("clocks=%u: must be 1 to %u\n", clocks, CLOCKS_MAX);
		return -EINVAL;
	}
	tb_params = (struct tb_params){
		.ring = ring,
		.heartbeat_ms = heartbeat,
		.submit_gid = submit_gid,
		.submit_rate = submit_rate,
		.submit_burst = submit_burst,
		.submit_daily = submit_daily,
		.loaded = ktime_get_boottime_ns(),
	};
	return 0;
}

static int __init tongbu_init(void)
{
	int err;

	err = check_params();
	if (err)
		return err;
	err = tb_selftest();
	if (err == -EBADMSG)
		pr_err("sealing does not give the published results: not loaded\n");
	if (err)
		return err;
	err = tb_chain_init(ring);
	if (err)
		return err;
	err = tb_gpio_init();
	if (err)
		goto err_chain;
	err = tb_port_init();
	if (err)
		goto err_gpio;
	tb_clock_init();
	tb_due_init(clocks);
	tb_output_init();
	tb_heartbeat_init(heartbeat);
	tb_latency_init();
	err = tb_family_init();
	if (err)
		goto err_latency;
	err = tb_reader_open_device();
	if (err)
		goto err_family;
	pr_info("ready: ring of %u records, heartbeat every %u ms\n", ring, heartbeat);
	return 0;

err_family:
	tb_family_exit();
	tb_output_exit();
err_latency:
	tb_latency_exit();
	tb_heartbeat_exit();
	tb_due_exit();
	tb_clock_exit();
	tb_reader_exit();
	tb_port_exit();
err_gpio:
	tb_gpio_exit();
err_chain:
	tb_chain_exit();
	return err;
}

static void __exit tongbu_exit(void)
{
	tb_reader_close_device();
	tb_family_exit();
	tb_output_exit();
	tb_latency_exit();
	tb_heartbeat_exit();
	tb_due_exit();
	tb_clock_exit();
	tb_reader_exit();
	tb_port_exit();
	tb_gpio_exit();
	tb_chain_exit();
}

module_init(tongbu_init);
module_exit(tongbu_exit);

MODULE_DESCRIPTION("Tongbu: records of field events and official acts, sealed as they occur");
MODULE_LICENSE("GPL");
MODULE_VERSION(TONGBU_MODULE_VERSION);
MODULE_ALIAS_GENL_FAMILY(TONGBU_FAMILY_NAME);
