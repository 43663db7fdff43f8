// SPDX-License-Identifier: GPL-2.0-only
/* The commands about sources, outputs and reflexes. What can be set is for the tables. */
#include "ctl.h"

static const struct tb_option salt_options[] = {
	{ OPT_SALT_FILE, 0, "salt-file", "FILE",
	  "where the salt of hashed codes is (default /var/lib/tongbu/salt)" },
	{ 0 },
};

#define LIST_SHOW_REMOVE(words)                                                            \
	{ "list", "", words, NULL, NULL, NULL, device_list, false },                       \
		{ "show",      "NAME", "all settings and counts of one", NULL, NULL, NULL, \
		  device_show, false },                                                    \
	{                                                                                  \
		"remove", "NAME", "release it", NULL, NULL, NULL, device_remove, false     \
	}

static const struct ctl_word source[] = {
	LIST_SHOW_REMOVE("all sources, and their state"),
	{ "add", "NAME", "begin to record a source", salt_options, NULL, &tb_source_table,
	  device_add, false },
	{ 0 },
};

static const struct ctl_word output[] = {
	LIST_SHOW_REMOVE("all outputs, and their values"),
	{ "set", "NAME 0|1", "set the value of one", NULL, NULL, NULL, output_set, false },
	{ "add", "NAME", "take a line as an output", NULL, NULL, &tb_output_table, device_add,
	  false },
	{ 0 },
};

static const struct ctl_word reflex[] = {
	LIST_SHOW_REMOVE("all reflexes, and how often they fired"),
	{ "add", "NAME", "add a reflex", NULL, NULL, &tb_reflex_table, device_add, false },
	{ 0 },
};

const struct ctl_command ctl_device_commands[] = {
	{ "source", "Sources: lines, badge readers, serial sensors that are recorded", source,
	  "Adding or removing a source takes root (CAP_SYS_ADMIN), and is on record. Sources that\n"
	  "are to be there after a restart belong in tongbu.conf(5).\n",
	  "  tongbuctl source list\n"
	  "  sudo tongbuctl source add door --chip gpiochip0 --line 17 --edges rising\n"
	  "  sudo tongbuctl source add badge --type input --device \"RFID Reader\" --mode code --grab\n"
	  "  sudo tongbuctl source add probe --type serial --port ttyS1 --framing modbus \\\n"
	  "      --polls 1:holding:0:2\n" },
	{ "output", "Outputs: lines that the station sets", output,
	  "Changing one takes root (CAP_SYS_ADMIN), and is on record.\n",
	  "  sudo tongbuctl output set beacon 0\n"
	  "  sudo tongbuctl output add siren --chip gpiochip0 --line 22 --away-ms 60000\n"
	  "  tongbuctl output list\n" },
	{ "reflex", "Reflexes: outputs that the kernel sets when a source changes", reflex,
	  "Changing one takes root (CAP_SYS_ADMIN), and is on record.\n",
	  "  sudo tongbuctl reflex add warn --source flood --output beacon\n"
	  "  sudo tongbuctl reflex add sample --source water --output sampler --when held \\\n"
	  "      --hold-ms 5000 --action pulse --length-ms 2000 --cooldown-ms 3600000\n"
	  "  tongbuctl reflex list\n" },
	{ 0 },
};
