// SPDX-License-Identifier: GPL-2.0-only
/* The commands about sources, outputs and reflexes. What can be set is for the tables. */
#include "ctl.h"

static const struct tb_option salt_options[] = {
	{ OPT_SALT_FILE, 0, "salt-file", "FILE",
	  "where the salt of hashed codes is\n(default /var/lib/tongbu/salt)" },
	{ 0 },
};

#define LIST_SHOW_REMOVE(what, words)                                                               \
	{ "list", "", words, NULL, NULL, NULL, what##_list, false },                                \
		{ "show", "NAME", "all that is set of one", NULL, NULL, NULL, what##_show, false }, \
	{                                                                                           \
		"remove", "NAME", "let it go", NULL, NULL, NULL, what##_remove, false               \
	}

static const struct ctl_word source[] = {
	LIST_SHOW_REMOVE(source, "sources, and how they fare"),
	{ "add", "NAME", "begin to record one", salt_options, NULL, &tb_source_table, source_add,
	  false },
	{ 0 },
};

static const struct ctl_word output[] = {
	LIST_SHOW_REMOVE(output, "outputs, and what they are set to"),
	{ "set", "NAME 0|1", "set one", NULL, NULL, NULL, output_set, false },
	{ "add", "NAME", "take one", NULL, NULL, &tb_output_table, output_add, false },
	{ 0 },
};

static const struct ctl_word reflex[] = {
	LIST_SHOW_REMOVE(reflex, "reflexes, and how often they fired"),
	{ "add", "NAME", "arm one", NULL, NULL, &tb_reflex_table, reflex_add, false },
	{ 0 },
};

const struct ctl_command ctl_device_commands[] = {
	{ "source", "Sources: lines, badge readers, serial sensors that are recorded", source,
	  "To add or remove one takes CAP_SYS_ADMIN, and is on record. Sources that are to be\n"
	  "there after a restart belong into tongbu.conf(5).\n",
	  "  tongbuctl source list\n"
	  "  sudo tongbuctl source add door --chip gpiochip0 --line 17 --edges rising\n"
	  "  sudo tongbuctl source add badge --type input --device \"RFID Reader\" --mode code --grab\n"
	  "  sudo tongbuctl source add probe --type serial --port ttyS1 --framing modbus \\\n"
	  "      --polls 1:holding:0:2\n" },
	{ "output", "Outputs: lines the station sets", output,
	  "To change one takes CAP_SYS_ADMIN, and is on record.\n",
	  "  sudo tongbuctl output set beacon 0\n"
	  "  sudo tongbuctl output add siren --chip gpiochip0 --line 22 --away-ms 60000\n"
	  "  tongbuctl output list\n" },
	{ "reflex", "Reflexes: what the kernel does by itself when a source tells something",
	  reflex, "To change one takes CAP_SYS_ADMIN, and is on record.\n",
	  "  sudo tongbuctl reflex add warn --source flood --output beacon\n"
	  "  sudo tongbuctl reflex add sample --source water --output sampler --when held \\\n"
	  "      --hold-ms 5000 --action pulse --length-ms 2000 --cooldown-ms 3600000\n"
	  "  tongbuctl reflex list\n" },
	{ 0 },
};
