// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands: dispatch, help, completion and the synopsis of the manual
 * pages come from it. commands_device.c and commands_state.c have the other groups.
 */
#include "config.h"
#include "ctl.h"

<<<<<<< HEAD
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
	{ "source", "add NAME [OPTION]... | del NAME | list",
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
	  "  tongbuctl source list\n",
	  cmd_source },
	{ "output", "set NAME 0|1 | add NAME [OPTION]... | del NAME | list",
	  "Outputs: lines the station sets",
	  "To change one takes CAP_SYS_ADMIN, and is on record.\n"
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
	  "  --tz=ZONE         the station's time zone (default +08:00)\n"
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
=======
const struct tb_option ctl_common_options[] = {
	{ OPT_SOCKET, 's', "socket", "PATH",
	  "tongbud's socket (default " TB_SOCKET_PATH ",\nor $TONGBU_SOCKET)" },
	{ OPT_REFEREE, 0, "referee", "PATH",
	  "tongbu-referee's (default " TB_REFEREE_SOCKET_PATH ",\nor $TONGBU_REFEREE)" },
	{ TB_OPT_JSON, 0, "json", NULL, "answer for programs, one JSON object a line" },
	{ OPT_UTC, 'u', "utc", NULL, "show times in UTC, not in the station's zone" },
	{ OPT_NO_PAGER, 0, "no-pager", NULL, "answer straight to the terminal" },
	{ TB_OPT_HELP, 'h', "help", NULL, "this text; with a command, that command's" },
	{ OPT_VERSION, 'V', "version", NULL, "version" },
>>>>>>> main
	{ 0 },
};

static const struct tb_option log_options[] = {
	{ OPT_FOLLOW, 'f', "follow", NULL, "go on with records as they become durable" },
	{ OPT_SINCE, 0, "since", "TIME", "from then on" },
	{ OPT_UNTIL, 0, "until", "TIME", "up to then" },
	{ OPT_SOURCE, 0, "source", "NAME",
	  "only of that source (also: recorder, people, clocks,\noutputs, reflexes)" },
	{ OPT_KIND, 0, "kind", "KIND", "only of that kind: edge, act, lost, heartbeat, ..." },
	{ OPT_UID, 0, "uid", "USER", "only what that user caused, by name or number" },
	{ OPT_CHAIN, 0, "chain", "ID", "only of that chain" },
	{ OPT_FROM, 0, "from", "N",
	  "only numbers from that one on, of the last chain unless\none is given" },
	{ OPT_TO, 0, "to", "N", "only numbers up to that one" },
	{ OPT_LIMIT, 'n', "limit", "N", "only the newest so many" },
	{ 0 },
};

static const struct tb_option submit_options[] = {
	{ OPT_JSON_DATA, 0, "json-data", "JSON", "one JSON object instead of text" },
	{ OPT_FILE, 0, "file", "FILE", "text from a file; - is standard input" },
	{ OPT_MARK, 0, "mark", "HEX", "bytes, such as a challenge the supervisor gave" },
	{ OPT_WAIT, 0, "wait", NULL, "until it is durable in the ledger" },
	{ OPT_RECEIPT, 0, "receipt", "FILE", "write the receipt there, to be kept elsewhere" },
	{ 0 },
};

static const struct tb_option end_options[] = {
	{ OPT_NO_WAIT, 0, "no-wait", NULL, "do not wait until the ledger has it" },
	{ 0 },
};

static const struct tb_option export_options[] = {
	{ OPT_CHAIN, 0, "chain", "ID", "only that chain" },
	{ OPT_FROM, 0, "from", "N",
	  "only records from that one on, and record 0; of the last\nchain unless one is given" },
	{ OPT_TO, 0, "to", "N", "only records up to that one" },
	{ OPT_CHALLENGE, 0, "challenge", "HEX",
	  "what the supervisor gave: sealed as the last record;\nwithout it, random bytes are" },
	{ 0 },
};

static const struct tb_option backup_options[] = {
	{ OPT_CONFIG, 'c', "config", "FILE", "configuration (default " TB_CONFIG_PATH ")" },
	{ 0 },
};

static const struct tb_option put_options[] = {
	{ OPT_SUBJECT, 0, "subject", "S-...",
	  "data of that person: kept encrypted, and can be erased" },
	{ 0 },
};

static const struct tb_option erase_options[] = {
	{ OPT_YES, 'y', "yes", NULL, "do not ask" },
	{ 0 },
};

#define NOTHING   \
	{         \
		0 \
	}

static const struct ctl_word key[] = {
	{ "new", "", "draw a pair, where the station cannot reach", tb_key_new_options, NULL, NULL,
	  cmd_key_new, false },
	{ "show", "FILE", "tell what FILE holds", tb_key_show_options, NULL, NULL, cmd_key_show,
	  false },
	NOTHING,
};

static const struct ctl_word status[] = { { .usage = "", .run = cmd_status }, NOTHING };
static const struct ctl_word doctor[] = { { .usage = "", .run = cmd_doctor }, NOTHING };
static const struct ctl_word latency[] = { { .usage = "", .run = cmd_latency, .pager = true },
					   NOTHING };
static const struct ctl_word submit[] = {
	{ .usage = "[TEXT]", .options = submit_options, .run = cmd_submit }, NOTHING
};
static const struct ctl_word records[] = { { .usage = "", .options = log_options, .run = cmd_log },
					   NOTHING };

static const struct ctl_word chain[] = {
	{ "list", "", "chains in the ledger", NULL, NULL, NULL, chain_list, false },
	{ "end", "", "end the one that runs: for root", end_options, NULL, NULL, chain_end, false },
	NOTHING,
};

static const struct ctl_word bundle[] = {
	{ "export", "FILE", "pack records into FILE", export_options, NULL, NULL, cmd_bundle_export,
	  false },
	{ "show", "FILE", "tell what FILE holds; nothing is verified", NULL, NULL, NULL,
	  cmd_bundle_show, false },
	NOTHING,
};

static const struct ctl_word backup[] = {
	{ .usage = "FILE", .options = backup_options, .run = cmd_backup }, NOTHING
};

static const struct ctl_word verify[] = {
	{ .usage = "FILE", .options = tb_verify_options, .run = cmd_verify }, NOTHING
};

static const struct ctl_word blob[] = {
	{ "put", "FILE", "let the station keep FILE, and print its hash", put_options, NULL, NULL,
	  blob_put, false },
	{ "get", "HASH [FILE]", "what was kept, into FILE or to standard output", NULL, NULL, NULL,
	  blob_get, false },
	NOTHING,
};

static const struct ctl_word subject[] = {
	{ "new", "", "draw a pseudonym for a person", NULL, NULL, NULL, subject_new, false },
	{ "erase", "S-...", "destroy the key of all data of that person", erase_options, NULL, NULL,
	  subject_erase, false },
	NOTHING,
};

static const struct ctl_word help[] = { { .usage = "[COMMAND]", .run = cmd_help }, NOTHING };

static const struct ctl_command commands[] = {
	{ "status", "How the station fares", status, "",
	  "  tongbuctl status\n"
	  "  tongbuctl status --json\n" },
	{ "doctor", "Is everything there that a station needs?", doctor,
	  "Looks at module, signatures, permissions, daemons, chain and clock. Each line begins\n"
	  "with OK, WARN (it works, but could be better) or FAIL (it does not work), and says\n"
	  "what to do. Exit status 1 if there is a FAIL.\n",
	  "  sudo tongbuctl doctor\n" },
	{ "log", "Records in the ledger", records,
	  "--source, --kind and --uid may be given more than once. With --follow alone it\n"
	  "begins with the next record.\n"
	  "TIME is like 2026-11-23T10:00:00Z, \"2026-11-23 10:00\", -10m, today.\n"
	  "What others submitted takes a role that sees all records, or root.\n",
	  "  tongbuctl log -n 20\n"
	  "  tongbuctl log -f --kind edge --source water\n"
	  "  tongbuctl log --since today --kind act --uid alice\n" },
	{ "submit", "Put on record what you say", submit,
	  "The kernel puts your own user id on the record. At most 1000 bytes.\n",
	  "  tongbuctl submit \"sluice 3 opened by hand\"\n"
	  "  tongbuctl submit --json-data '{\"kind\":\"check\",\"place\":\"dike 12\"}' --wait\n" },
	{ "chain", "Chains in the ledger; the end of the one that runs", chain,
	  "end disarms what is armed, and END is the last record. Once the ledger has it\n"
	  "tongbud ends, and the module can be unloaded.\n",
	  "  tongbuctl chain list\n"
	  "  tongbuctl chain end && rmmod tongbu\n" },
	{ "bundle", "Records in a file, to be verified elsewhere", bundle,
	  "A bundle has what everybody submitted: to export one takes a role that sees all\n"
	  "records, or root.\n",
	  "  tongbuctl bundle export station.bundle --challenge 6b1f...\n"
	  "  tongbuctl bundle show station.bundle\n" },
	{ "backup", "A copy of the ledger, while records come", backup,
	  "Reads the ledger itself, so it takes root or tongbud's user. To restore one: stop\n"
	  "tongbud, put the file in the ledger's place, remove what ends in -wal and -shm beside\n"
	  "it, start tongbud. It says which records are not there any more, and goes on behind.\n",
	  "  sudo tongbuctl backup /mnt/safe/ledger-$(date +%F).db\n" },
	{ "verify", "Is a bundle what the station's kernel sealed?", verify,
	  "FILE may be a pipe, or - for standard input. Needs neither module nor daemon.\n"
	  "Exit status: 0 verified, 1 not, 2 could not.\n",
	  "  tongbuctl verify station.bundle --key supervisor.pem\n" },
	{ "key", "The supervisor's key pair", key,
	  "The private key stays where the station cannot reach; the station is given the\n"
	  "public half alone.\n",
	  "  tongbuctl key new --out /media/safe/supervisor.pem\n"
	  "  tongbuctl key show /etc/tongbu/supervisor.pub.pem\n" },
	{ "blob", "Files that records name by their hash", blob,
	  "FILE has 8 MiB at the most, and - is standard input. To get one takes root, an\n"
	  "admin, a supervisor, an auditor, or an office that is a side of a matter that names\n"
	  "it. Names, numbers and medical facts of people belong into blobs with a subject,\n"
	  "never into a record: what is on record can never be taken out.\n",
	  "  tongbuctl blob put identity.json --subject S-7QK2M0ZV9D3XC1TB\n"
	  "  sudo tongbuctl blob get 5f2c... identity.json\n" },
	{ "subject", "People, under a pseudonym", subject,
	  "To erase is first put on record, then done. The chain still verifies. There is no\n"
	  "way back. It takes an admin, or root if root may submit.\n",
	  "  tongbuctl subject new\n"
	  "  tongbuctl subject erase S-7QK2M0ZV9D3XC1TB\n" },
	{ "latency", "How long hardware events wait to be sealed", latency,
	  "For each kind of record: from the stamp that its interrupt took to when it stood\n"
	  "sealed, since the module was loaded. Events that are held back on purpose, as by\n"
	  "debouncing, do not count. Takes root, as debugfs does.\n",
	  "  sudo tongbuctl latency\n"
	  "  sudo tongbuctl latency --json\n" },
	{ "help", "This list; with a command, that command's help", help, "",
	  "  tongbuctl help log\n" },
	{ 0 },
};

const struct ctl_group ctl_groups[] = {
	{ "records", "Records", commands },
	{ "devices", "What is recorded and set", ctl_device_commands },
	{ "packs", "What people do, and what the records came to, where packs are configured",
	  ctl_state_commands },
	{ 0 },
};
