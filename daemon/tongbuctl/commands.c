// SPDX-License-Identifier: GPL-2.0-only
/* All commands, and their help. */
#include "config.h"
#include "ctl.h"

#define FILTERS                                                                     \
	"  --source=NAME    only of that source (also: recorder, people, clocks,\n" \
	"                   outputs, reflexes)\n"                                   \
	"  --kind=KIND      only of that kind: edge, act, lost, heartbeat, ...\n"   \
	"  --uid=USER       only what that user caused, by name or number\n"        \
	"  Each may be given more than once.\n"                                     \
	"  TIME is like 2026-11-23T10:00:00Z, \"2026-11-23 10:00\", -10m, today.\n"

static const struct ctl_command commands[] = {
	{ "key", TB_KEY_USAGE, "The supervisor's key pair",
	  TB_KEY_OPTIONS "\n"
			 "Examples:\n"
			 "  tongbuctl key new --out /media/safe/supervisor.pem\n"
			 "  tongbuctl key show /etc/tongbu/supervisor.pub.pem\n",
	  cmd_key },
	{ "status", "", "How the station fares",
	  "Examples:\n"
	  "  tongbuctl status\n"
	  "  tongbuctl status --json\n",
	  cmd_status },
	{ "doctor", "", "Is everything there that a station needs?",
	  "Looks at module, signatures, permissions, daemon, chain and clock; each line is\n"
	  "ok, or says what to do. Exit status 1 if anything is to be mended.\n"
	  "\n"
	  "Examples:\n"
	  "  sudo tongbuctl doctor\n",
	  cmd_doctor },
	{ "latency", "", "How long hardware events wait to be sealed",
	  "For each kind of record: from the stamp that its interrupt took to when it stood\n"
	  "sealed, since the module was loaded. Events that are held back on purpose, as by\n"
	  "debouncing, do not count. Takes root, as debugfs does.\n"
	  "\n"
	  "Examples:\n"
	  "  sudo tongbuctl latency\n"
	  "  sudo tongbuctl latency --json\n",
	  cmd_latency },
	{ "source", "add NAME [OPTION]... | del NAME | show NAME | list",
	  "Sources: lines, badge readers, serial sensors that are recorded",
	  "  --salt-file=FILE\n"
	  "                     where the salt of hashed codes is (default /var/lib/tongbu/salt)\n"
	  "\n"
	  "Sources that are to be there after a restart belong into tongbu.conf(5).\n"
	  "\n"
	  "Examples:\n"
	  "  sudo tongbuctl source add door --chip gpiochip0 --line 17 --edges rising\n"
	  "  sudo tongbuctl source add badge --type input --device \"RFID Reader\" --mode code --grab\n"
	  "  sudo tongbuctl source add probe --type serial --port ttyS1 --framing modbus \\\n"
	  "      --polls 1:holding:0:2\n"
	  "  tongbuctl source list\n"
	  "  tongbuctl source show probe\n",
	  cmd_source },
	{ "output", "set NAME 0|1 | add NAME [OPTION]... | del NAME | list",
	  "Outputs: lines the station sets",
	  "To change one takes CAP_NET_ADMIN, and is on record.\n"
	  "\n"
	  "Examples:\n"
	  "  sudo tongbuctl output set beacon 0\n"
	  "  sudo tongbuctl output add siren --chip gpiochip0 --line 22 --away-ms 60000\n"
	  "  tongbuctl output list\n",
	  cmd_output },
	{ "reflex", "add NAME [OPTION]... | del NAME | list",
	  "Reflexes: what the kernel does by itself when a source tells something",
	  "Examples:\n"
	  "  sudo tongbuctl reflex add warn --source flood --output beacon\n"
	  "  sudo tongbuctl reflex add sample --source water --output sampler --when held \\\n"
	  "      --hold-ms 5000 --action pulse --length-ms 2000 --cooldown-ms 3600000\n"
	  "  tongbuctl reflex list\n",
	  cmd_reflex },
	{ "submit", "TEXT | --json-data JSON | --file FILE | --mark HEX",
	  "Put on record what you say",
	  "  --json-data=JSON   one JSON object instead of text\n"
	  "  --file=FILE        text from a file; - is standard input\n"
	  "  --mark=HEX         bytes, such as a challenge the supervisor gave\n"
	  "  --wait             until it is durable in the ledger\n"
	  "  --receipt=FILE     write the receipt there, to be kept elsewhere\n"
	  "\n"
	  "The kernel puts your own user id on the record. At most 1000 bytes.\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl submit \"sluice 3 opened by hand\"\n"
	  "  tongbuctl submit --json-data '{\"kind\":\"check\",\"place\":\"dike 12\"}' --wait\n",
	  cmd_submit },
	{ "watch", "[--since TIME] [FILTER]...", "Records as they become durable",
	  "  --since=TIME     begin with those since then, not with the next one\n" FILTERS "\n"
	  "Examples:\n"
	  "  tongbuctl watch --since -10m\n"
	  "  tongbuctl watch --kind edge --source water --json\n",
	  cmd_watch },
	{ "log", "[--since TIME] [--until TIME] [FILTER]...", "Records in the ledger",
	  "  --since=TIME     from then on\n"
	  "  --until=TIME     up to then\n"
	  "  --chain=ID       only of that chain\n"
	  "  --from=N, --to=N only these numbers, of the last chain unless one is given\n"
	  "  -n, --limit=N    only the newest so many\n" FILTERS "\n"
	  "Examples:\n"
	  "  tongbuctl log -n 20\n"
	  "  tongbuctl log --since today --kind act --uid alice\n",
	  cmd_log },
	{ "chain", "list | end [--no-wait]", "Chains in the ledger; the end of the one that runs",
	  "end is for root: what is armed is disarmed, and END is the last record. Once the\n"
	  "ledger has it tongbud ends, and the module can be unloaded.\n"
	  "\n"
	  "  --no-wait  do not wait for that\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl chain list\n"
	  "  tongbuctl chain end && rmmod tongbu\n",
	  cmd_chain },
	{ "bundle", "export FILE [--chain ID] [--from N] [--to N] [--challenge HEX] | show FILE",
	  "Bundles: records in a file, to be verified elsewhere",
	  "  --chain=ID        only that chain\n"
	  "  --from=N, --to=N  only these records, and record 0; of the last chain unless\n"
	  "                    one is given\n"
	  "  --challenge=HEX   what the supervisor gave: sealed as the last record; without\n"
	  "                    it, random bytes are\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl bundle export station.bundle --challenge 6b1f...\n"
	  "  tongbuctl bundle show station.bundle\n",
	  cmd_bundle },
	{ "verify", TB_VERIFY_USAGE, "Is a bundle what the station's kernel sealed?",
	  TB_VERIFY_OPTIONS
	  "\n"
	  "Needs neither module nor daemon. Exit status: 0 verified, 1 not, 2 could not.\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl verify station.bundle --key supervisor.pem\n",
	  cmd_verify },
	{ "try", "FILE [--pack NAME]...", "What would packs make of these records?",
	  "  --pack=NAME       that pack; may be given more than once; without it, all\n"
	  "  --packs-dir=DIR   where packs are (default " TB_PACKS_DIR ", or $TONGBU_PACKS)\n"
	  "  --blobs=DIR       where the blobs are that records name\n"
	  "  --tz=ZONE         the station's time zone, +08:00 (default) or Europe/Berlin\n"
	  "  -q, --quiet       print only expectations that are not met\n"
	  "\n"
	  "FILE holds one JSON object a line; - is standard input. Needs neither module\n"
	  "nor daemon. Exit status 1 if an expectation in it is not met.\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl try day.ndjson --pack market\n",
	  cmd_try },
	{ "blob", "put FILE [--subject S-...] | get HASH [FILE]",
	  "Files that records name by their hash",
	  "  put   let the station keep FILE (- is standard input), 8 MiB at the most, and\n"
	  "        print the hash by which records name it\n"
	  "  get   what was kept, into FILE or to standard output\n"
	  "\n"
	  "  --subject=S-...    data of that person: kept encrypted, and can be erased\n"
	  "\n"
	  "To get one takes root, an admin, a supervisor, or an office that is a side of a\n"
	  "matter that names it. Names, numbers and medical facts of people belong into blobs\n"
	  "with a subject, never into a record: what is on record can never be taken out.\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl blob put identity.json --subject S-7QK2M0ZV9D3XC1TB\n"
	  "  sudo tongbuctl blob get 5f2c... identity.json\n",
	  cmd_blob },
	{ "subject", "new | erase S-... [--yes]", "People, under a pseudonym",
	  "  new    draw a pseudonym for a person\n"
	  "  erase  destroy the key of all data of that person: first this is put on record,\n"
	  "         then it is done. The chain still verifies. There is no way back.\n"
	  "\n"
	  "  -y, --yes          do not ask\n"
	  "\n"
	  "To erase takes an admin, or root if root may submit.\n"
	  "\n"
	  "Examples:\n"
	  "  tongbuctl subject new\n"
	  "  tongbuctl subject erase S-7QK2M0ZV9D3XC1TB\n",
	  cmd_subject },
	{ "replay", "[--now]", "Does the ledger give the state as it is?",
	  "  -c, --config=FILE  configuration (default " TB_CONFIG_PATH ")\n"
	  "      --now          with the packs' texts in the directory now, instead of those\n"
	  "                     the records name: from which record on would it differ?\n"
	  "\n"
	  "Reads ledger and state, so it takes root or the daemon's user. Exit status 1 if\n"
	  "there is a difference.\n"
	  "\n"
	  "Examples:\n"
	  "  sudo tongbuctl replay\n"
	  "  sudo tongbuctl replay --now\n",
	  cmd_replay },
	{ 0 },
};

/**
 * ctl_commands() - all commands
 *
 * Return: an array closed by one without a name.
 */
const struct ctl_command *ctl_commands(void)
{
	return commands;
}
