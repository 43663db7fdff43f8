// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands: dispatch, help, completion and the synopsis of the manual
 * pages come from it. commands_device.c and commands_state.c have the other groups.
 */
#include "config.h"
#include "ctl.h"

const struct tb_option ctl_common_options[] = {
	{ OPT_SOCKET, 's', "socket", "PATH",
	  "tongbud's socket (default " TB_SOCKET_PATH ", or $TONGBU_SOCKET)" },
	{ OPT_REFEREE, 0, "referee", "PATH",
	  "tongbu-referee's (default " TB_REFEREE_SOCKET_PATH ", or $TONGBU_REFEREE)" },
	{ TB_OPT_JSON, 0, "json", NULL, "answer for programs, one JSON object a line" },
	{ OPT_UTC, 'u', "utc", NULL, "show times in UTC, not in the station's zone" },
	{ OPT_NO_PAGER, 0, "no-pager", NULL, "answer straight to the terminal" },
	{ TB_OPT_HELP, 'h', "help", NULL, "this text; with a command, that command's" },
	{ OPT_VERSION, 'V', "version", NULL, "version" },
	{ 0 },
};

static const struct tb_option log_options[] = {
	{ OPT_FOLLOW, 'f', "follow", NULL,
	  "go on with new records, as they become durable in the ledger" },
	{ OPT_SINCE, 0, "since", "TIME", "only records from that time on" },
	{ OPT_UNTIL, 0, "until", "TIME", "only records up to that time" },
	{ OPT_SOURCE, 0, "source", "NAME",
	  "only records of that source (also: recorder, people, clocks, outputs, reflexes)" },
	{ OPT_KIND, 0, "kind", "KIND",
	  "only records of that kind: edge, act, lost, heartbeat, ..." },
	{ OPT_UID, 0, "uid", "USER", "only records that this user caused, by name or number" },
	{ OPT_CHAIN, 0, "chain", "ID", "only records of that chain" },
	{ OPT_FROM, 0, "from", "N",
	  "only records with that number or a higher one, of the last chain unless --chain says another" },
	{ OPT_TO, 0, "to", "N", "only records with that number or a lower one" },
	{ OPT_LIMIT, 'n', "limit", "N", "only the newest N records" },
	{ 0 },
};

static const struct tb_option submit_options[] = {
	{ OPT_JSON_DATA, 0, "json-data", "JSON", "one JSON object instead of text" },
	{ OPT_FILE, 0, "file", "FILE", "text from a file; - is standard input" },
	{ OPT_MARK, 0, "mark", "HEX", "bytes, such as a challenge the supervisor gave" },
	{ OPT_WAIT, 0, "wait", NULL, "wait until it is durable in the ledger" },
	{ OPT_RECEIPT, 0, "receipt", "FILE",
	  "write the receipt to that file, to be kept outside the station" },
	{ 0 },
};

static const struct tb_option end_options[] = {
	{ OPT_NO_WAIT, 0, "no-wait", NULL, "do not wait until the ledger has it" },
	{ 0 },
};

static const struct tb_option export_options[] = {
	{ OPT_CHAIN, 0, "chain", "ID", "only records of that chain" },
	{ OPT_FROM, 0, "from", "N",
	  "only records with that number or a higher one, and record 0; of the last chain unless --chain says another" },
	{ OPT_TO, 0, "to", "N", "only records with that number or a lower one" },
	{ OPT_CHALLENGE, 0, "challenge", "HEX",
	  "bytes that the supervisor gave: they become the last record, which shows that the bundle is not older; without it, random bytes do" },
	{ 0 },
};

static const struct tb_option disclose_options[] = {
	{ OPT_MATTER, 0, "matter", "ID", "all records that the matter rests on" },
	{ OPT_CHAIN, 0, "chain", "ID", "numbers are those of that chain, not of the last one" },
	{ 0 },
};

static const struct tb_option checkpoint_options[] = {
	{ OPT_VKEY, 0, "vkey", NULL,
	  "print the public key that verifies checkpoints instead: NAME+ID+KEY" },
	{ TB_OPT_OUT, 'o', "out", "FILE", "write to that file" },
	{ 0 },
};

static const struct tb_option proof_options[] = {
	{ OPT_CHAIN, 0, "chain", "ID", "the record is in that chain, not in the last one" },
	{ TB_OPT_OUT, 'o', "out", "FILE", "write to that file" },
	{ 0 },
};

static const struct tb_option witness_options[] = {
	{ TB_OPT_POLICY, 0, "policy", "FILE",
	  "a policy with the keys of the log and of the witness: what it signs must count" },
	{ 0 },
};

static const struct tb_option backup_options[] = {
	{ OPT_CONFIG, 'c', "config", "FILE", "configuration (default " TB_CONFIG_PATH ")" },
	{ 0 },
};

static const struct tb_option archive_options[] = {
	{ OPT_BEFORE, 0, "before", "TIME", "move the chains that ended before then" },
	{ OPT_DRY_RUN, 0, "dry-run", NULL, "say which they are, and move none" },
	{ OPT_RESTORE, 0, "restore", "FILE|ID",
	  "put the chain of that bundle, or with that id, back" },
	{ 0 },
};

static const struct tb_option put_options[] = {
	{ OPT_SUBJECT, 0, "subject", "S-...",
	  "these are data of that person: they are kept encrypted, and can be erased" },
	{ 0 },
};

static const struct tb_option erase_options[] = {
	{ OPT_YES, 'y', "yes", NULL, "do not ask whether to do it" },
	{ 0 },
};

#define NOTHING   \
	{         \
		0 \
	}

static const struct ctl_word key[] = {
	{ "new", "", "make a new pair; do it on a machine the station cannot reach",
	  tb_key_new_options, NULL, NULL, cmd_key_new, false },
	{ "show", "FILE", "tell which key FILE holds", tb_key_show_options, NULL, NULL,
	  cmd_key_show, false },
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
	{ "end", "", "end the chain that runs (takes root)", end_options, NULL, NULL, chain_end,
	  false },
	NOTHING,
};

static const struct ctl_word bundle[] = {
	{ "export", "FILE", "write records to FILE", export_options, NULL, NULL, cmd_bundle_export,
	  false },
	{ "disclose", "FILE [SEQ|FROM-TO]...",
	  "write some records to FILE, with proofs, and hashes of all others", disclose_options,
	  NULL, NULL, cmd_bundle_disclose, false },
	{ "show", "FILE", "print what FILE holds, without verifying it", NULL, NULL, NULL,
	  cmd_bundle_show, false },
	NOTHING,
};

static const struct ctl_word checkpoint[] = {
	{ .usage = "", .options = checkpoint_options, .run = cmd_checkpoint }, NOTHING
};

static const struct ctl_word proof[] = {
	{ "inclusion", "SEQ", "prove that record SEQ is in the log", proof_options, NULL, NULL,
	  proof_inclusion, false },
	{ "consistency", "OLD",
	  "prove that nothing was changed or removed since the log had OLD entries", proof_options,
	  "out ", NULL, proof_consistency, false },
	NOTHING,
};

static const struct ctl_word receipt[] = {
	{ .usage = "SEQ", .options = proof_options, .run = cmd_receipt }, NOTHING
};

static const struct ctl_word witness[] = {
	{ .usage = "URL FILE", .options = witness_options, .run = cmd_witness }, NOTHING
};

static const struct ctl_word backup[] = {
	{ .usage = "FILE", .options = backup_options, .run = cmd_backup }, NOTHING
};

static const struct ctl_word archive[] = {
	{ .usage = "", .options = archive_options, .run = cmd_archive }, NOTHING
};

static const struct ctl_word verify[] = {
	{ .usage = "FILE", .options = tb_verify_options, .run = cmd_verify }, NOTHING
};

static const struct ctl_word blob[] = {
	{ "put", "FILE", "let the station keep a copy of FILE, and print its hash", put_options,
	  NULL, NULL, blob_put, false },
	{ "get", "HASH [FILE]", "write what was kept to FILE or to standard output", NULL, NULL,
	  NULL, blob_get, false },
	NOTHING,
};

static const struct ctl_word subject[] = {
	{ "new", "", "make a new pseudonym for a person", NULL, NULL, NULL, subject_new, false },
	{ "erase", "S-...", "destroy the key to all data of that person", erase_options, NULL, NULL,
	  subject_erase, false },
	NOTHING,
};

static const struct ctl_word help[] = { { .usage = "[COMMAND]", .run = cmd_help }, NOTHING };

static const struct ctl_command commands[] = {
	{ "status", "State of the station: kernel module, daemons, ledger", status, "",
	  "  tongbuctl status\n"
	  "  tongbuctl status --json\n" },
	{ "doctor", "Check the station, and say what to do about each fault", doctor,
	  "Looks at module, signatures, permissions, daemons, chain and clock. Each line begins\n"
	  "with OK, WARN (it works, but could be better) or FAIL (it does not work), and says\n"
	  "what to do. Exit status 1 if there is a FAIL.\n",
	  "  sudo tongbuctl doctor\n" },
	{ "log", "Show records of the ledger", records,
	  "--source, --kind and --uid may be given more than once. With --follow alone it\n"
	  "begins with the next record.\n"
	  "TIME is like 2026-11-23T10:00:00Z, \"2026-11-23 10:00\", -10m, today.\n"
	  "What others submitted takes a role that sees all records, or root.\n",
	  "  tongbuctl log -n 20\n"
	  "  tongbuctl log -f --kind edge --source water\n"
	  "  tongbuctl log --since today --kind act --uid alice\n" },
	{ "submit", "Put a text, a JSON object or bytes on record", submit,
	  "The kernel puts your own user id on the record. At most 8000 bytes.\n",
	  "  tongbuctl submit \"sluice 3 opened by hand\"\n"
	  "  tongbuctl submit --json-data '{\"kind\":\"check\",\"place\":\"dike 12\"}' --wait\n" },
	{ "latency", "How long hardware events wait to be sealed", latency,
	  "For each kind of record: the time from the interrupt's time stamp to the sealed record,\n"
	  "since the module was loaded. Events that are held back on purpose, as by\n"
	  "debouncing, do not count. Takes root, as debugfs does.\n",
	  "  sudo tongbuctl latency\n"
	  "  sudo tongbuctl latency --json\n" },
	{ "help", "Show this list, or the help of a command", help, "", "  tongbuctl help log\n" },
	{ 0 },
};

static const struct ctl_command evidence[] = {
	{ "chain", "List chains; end the chain that runs", chain,
	  "A chain is what one start of the recorder sealed: each record is sealed together with\n"
	  "all before it. end releases all sources, outputs and reflexes; the last record is END.\n"
	  "Once the ledger has it tongbud ends, and the module can be unloaded.\n",
	  "  tongbuctl chain list\n"
	  "  tongbuctl chain end && rmmod tongbu\n" },
	{ "bundle", "Export records to a file that others verify", bundle,
	  "A bundle has what everybody submitted: only root, or somebody with a role that sees all\n"
	  "records, can export one. A disclosure has some records alone, which whoever makes it\n"
	  "must be allowed to see: tongbu-verify FILE --policy station.vkey.\n",
	  "  tongbuctl bundle export station.bundle --challenge 6b1f...\n"
	  "  tongbuctl bundle disclose market-12.disclosure --matter market-12\n"
	  "  tongbuctl bundle disclose morning.disclosure 4711 4720-4731\n"
	  "  tongbuctl bundle show station.bundle\n" },
	{ "checkpoint", "The log's state, signed by the station, to be held elsewhere", checkpoint,
	  "Whoever has one can show later if records before it were removed or changed, even by\n"
	  "root or with the supervisor's key: tongbu-verify --checkpoint FILE. Give the\n"
	  "key to those who verify before they need it.\n",
	  "  tongbuctl checkpoint --vkey -o station.vkey\n"
	  "  tongbuctl checkpoint -o checkpoint-$(date +%F)\n" },
	{ "proof", "Prove that a record is in the log, or that the log only grew", proof,
	  "Proofs are made of hashes, and show nothing of what is on record.\n",
	  "  tongbuctl proof inclusion 4711 -o 4711.tlog-proof\n"
	  "  tongbuctl proof consistency 4000\n" },
	{ "receipt", "A proof that your record is in the log, to take with you", receipt,
	  "A proof with the record in it, at most 2048 bytes; of a longer record the proof\n"
	  "alone. It is for whoever submitted the record, and for roles that see all records.\n"
	  "As a picture: tongbuctl receipt 4711 | qrencode -o 4711.png\n",
	  "  tongbuctl receipt 4711 -o 4711.tlog-proof\n" },
	{ "witness", "Have a witness sign how the log stands", witness,
	  "URL is http://127.0.0.1:PORT/... or unix:/path of a socket; a witness on another machine\n"
	  "is reached through a proxy on loopback. What it signs is kept in FILE. Give the same\n"
	  "FILE each time: a witness signs only a log that goes on from what it signed last.\n",
	  "  tongbuctl witness http://127.0.0.1:8080 /var/lib/held/district --policy policy\n" },
	{ "backup", "Copy the ledger, while the station goes on recording", backup,
	  "Reads the ledger itself, so it takes root or tongbud's user. To restore one: stop\n"
	  "tongbud, put the file in the ledger's place, remove what ends in -wal and -shm beside\n"
	  "it, start tongbud. It says which records are missing, and goes on after them.\n",
	  "  sudo tongbuctl backup /mnt/safe/ledger-$(date +%F).db\n" },
	{ "archive", "Move old chains out of the ledger into bundles", archive,
	  "Chains that ended, from the oldest on, a bundle each; into the directory that archive\n"
	  "in tongbu.conf names. A record is removed from the ledger when its bundle is on the\n"
	  "disk and was read back. The ledger keeps the chain's record 0, its last record and\n"
	  "the names of sources. A rebuild of the state and a replay need the bundles.\n"
	  "--restore puts back the chain that was archived last. It takes root. What is to be\n"
	  "moved is put on record first. TIME is like 2026-01-01, \"2026-01-01 10:00\", -365d.\n",
	  "  sudo tongbuctl archive --before 2026-01-01 --dry-run\n"
	  "  sudo tongbuctl archive --before 2026-01-01\n"
	  "  sudo tongbuctl archive --restore 000001-5f2c....bundle\n" },
	{ "verify", "Verify a bundle: is it what the station's kernel sealed?", verify,
	  "FILE may be a pipe, or - for standard input. Needs neither module nor daemon.\n"
	  "Exit status: 0 verified, 1 not, 2 could not.\n",
	  "  tongbuctl verify station.bundle --key supervisor.pem\n" },
	{ "key", "The supervisor's key pair", key,
	  "The private key stays where the station cannot reach; the station is given the\n"
	  "public half alone.\n",
	  "  tongbuctl key new --out /media/safe/supervisor.pem\n"
	  "  tongbuctl key show /etc/tongbu/supervisor.pub.pem\n" },
	{ "blob", "Keep and fetch files that records name by their hash", blob,
	  "FILE has at most 8 MiB; - is standard input. To get one takes root, an\n"
	  "admin, a supervisor, an auditor, or an office that is a side of a matter that names\n"
	  "it. Names, numbers and medical facts of people belong in blobs with a subject,\n"
	  "never into a record: what is on record can never be taken out.\n",
	  "  tongbuctl blob put identity.json --subject S-7QK2M0ZV9D3XC1TB\n"
	  "  sudo tongbuctl blob get 5f2c... identity.json\n" },
	{ "subject", "Pseudonyms of people; erase a person's data", subject,
	  "The erasure is put on record first, then done; it cannot be undone. The chain still\n"
	  "verifies. It takes an admin, or root if root may submit.\n",
	  "  tongbuctl subject new\n"
	  "  tongbuctl subject erase S-7QK2M0ZV9D3XC1TB\n" },
	{ 0 },
};

const struct ctl_group ctl_groups[] = {
	{ "records", "Records and the station", commands },
	{ "evidence", "Evidence: what leaves the station, and how a chain ends", evidence },
	{ "devices", "Devices: what is recorded, and what is set", ctl_device_commands },
	{ "packs", "Matters and rules, where packs are configured", ctl_state_commands },
	{ 0 },
};
