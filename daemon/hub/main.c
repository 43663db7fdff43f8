// SPDX-License-Identifier: GPL-2.0-only
/* tongbu-hub: hold what stations record, and cosign it. See tongbu-hub(8). */
#include <endian.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "hex.h"
#include "serve.h"
#include "sign_key.h"
#include "verify_cmd.h"
#include "witness.h"

enum {
	OPT_CONFIG = TB_OPT_PROGRAM,
	OPT_DATABASE,
	OPT_NAME,
};

static const struct tb_option options[] = {
	{ OPT_CONFIG, 'c', "config", "FILE", "configuration (default: " HUB_CONFIG_PATH ")" },
	{ OPT_DATABASE, 'd', "database", "CONNECTION",
	  "the database, as libpq has it, instead of the configuration's" },
	{ TB_OPT_KEY, 'k', "key", "FILE",
	  "file of the hub's private key, instead of the configuration's" },
	{ OPT_NAME, 'n', "name", "NAME",
	  "the hub's name, instead of the configuration's, as in hub.example/mirror" },
	{ TB_OPT_JSON, 0, "json", NULL, "answer for programs" },
	{ TB_OPT_HELP, 'h', "help", NULL, "this text" },
	{ 0 },
};

static const char *config_path = HUB_CONFIG_PATH;
static struct hub_config hub_config;
static bool json;

static int load(struct hub *hub, const char *what, const char *path, const char *name,
		struct tb_error *err)
{
	uint8_t public[TB_VKEY_LEN];
	bool made;
	int ret = tb_sign_key_load(what, path, &hub->private, &made, err);

	ret = ret ?: tb_sign_key_public(hub->private, public, err);
	return ret ?: tb_vkey_set(&hub->key, name, TB_VKEY_WITNESS, public, err);
}

static int load_key(struct hub *hub, struct tb_error *err)
{
	if (!hub_config.name)
		return tb_error_set(err, -EINVAL,
				    "the hub has no name, which it signs with: set 'name' in %s, or give --name NAME",
				    config_path);
	return load(hub, "key", hub_config.key, hub_config.name, err);
}

/* What it signs as a witness does not say that anything is held: it is another key. */
static int load_witness_key(struct hub *hub, struct tb_error *err)
{
	if (!hub_config.witness)
		return tb_error_set(err, -EINVAL,
				    "what is the witness called? its name is signed: 'witness' in %s",
				    config_path);
	if (hub_config.name && !strcmp(hub_config.name, hub_config.witness))
		return tb_error_set(err, -EINVAL,
				    "'witness' in %s is to be another name than the hub's: who sees it must know which of both signed",
				    config_path);
	return load(hub, "witness_key", hub_config.witness_key, hub_config.witness, err);
}

static int print_key(const struct hub *hub)
{
	char *text = tb_vkey_text(&hub->key);

	if (!text)
		return tb_command_bad("out of memory");
	puts(text);
	free(text);
	return TB_EXIT_OK;
}

static int show_key(struct hub *hub, char **args)
{
	struct tb_error err;

	(void)args;
	return load_key(hub, &err) ? tb_command_bad("%s", err.text) : print_key(hub);
}

static int show_witness_key(struct hub *hub, char **args)
{
	struct tb_error err;

	(void)args;
	return load_witness_key(hub, &err) ? tb_command_bad("%s", err.text) : print_key(hub);
}

static int add_log(struct hub *hub, const char *text, const char *what,
		   int (*add)(PGconn *db, const struct tb_vkey *key, struct tb_error *err))
{
	struct tb_vkey key;
	struct tb_error err;

	if (tb_vkey_parse(text, &key, &err))
		return tb_command_bad("%s", err.text);
	if (key.type != TB_VKEY_LOG)
		return tb_command_bad("the key %s is of a witness, not of a log", key.name);
	if (add(hub->db, &key, &err))
		return tb_command_bad("%s", err.text);
	if (!json)
		printf("%s %s is registered\n", what, key.name);
	return TB_EXIT_OK;
}

static int add_station(struct hub *hub, char **args)
{
	return add_log(hub, args[0], "station", hub_station_add);
}

static int add_witnessed(struct hub *hub, char **args)
{
	return add_log(hub, args[0], "log", hub_witness_add);
}

static int witness(struct hub *hub, char **args)
{
	struct tb_error err;

	(void)args;
	if (load_witness_key(hub, &err) || hub_witness_cgi(hub, hub_config.database, &err))
		return tb_command_bad("%s", err.text);
	return TB_EXIT_OK;
}

/* A table as it is: one line a row, or one object */
static int show(struct hub *hub, const char *sql, int count, const char *const *values)
{
	struct tb_error err;
	PGresult *result;
	json_t *row;
	int i, k;

	if (hub_query(hub->db, sql, count, values, &result, &err))
		return tb_command_bad("%s", err.text);
	for (i = 0; i < PQntuples(result); i++) {
		row = json_object();
		for (k = 0; k < PQnfields(result); k++) {
			const char *value = PQgetisnull(result, i, k) ? NULL :
									PQgetvalue(result, i, k);

			/* Of int8 (oid 20) and int4 (23) the numbers */
			if (value && (PQftype(result, k) == 20 || PQftype(result, k) == 23))
				json_object_set_new(row, PQfname(result, k),
						    json_integer(atoll(value)));
			else
				json_object_set_new(row, PQfname(result, k),
						    value ? json_string(value) : json_null());
			if (!json)
				printf("%s%s %s", k ? "  " : "", PQfname(result, k), value ?: "-");
		}
		if (json)
			tb_command_print(row);
		else {
			json_decref(row);
			putchar('\n');
		}
	}
	PQclear(result);
	return TB_EXIT_OK;
}

static int list_stations(struct hub *hub, char **args)
{
	(void)args;
	return show(hub, "SELECT * FROM tongbu.stations ORDER BY station", 0, NULL);
}

static int show_status(struct hub *hub, char **args)
{
	(void)args;
	return show(hub, "SELECT * FROM tongbu.status", 0, NULL);
}

static int list_refused(struct hub *hub, char **args)
{
	(void)args;
	return show(hub, "SELECT * FROM tongbu.refused ORDER BY id", 0, NULL);
}

static int show_refused(struct hub *hub, char **args)
{
	const char *const values[] = { args[0] };

	return show(hub,
		    "SELECT r.*, e.held, e.proof FROM tongbu.refused r JOIN tongbu.evidence e"
		    " USING (id) WHERE id::text = $1",
		    1, values);
}

static int scrub(struct hub *hub, char **args)
{
	uint64_t blocks, bad;
	struct tb_error err;

	if (hub_scrub(hub->db, args[0], &blocks, &bad, &err))
		return tb_command_bad("%s", err.text);
	if (json)
		tb_command_print(json_pack("{s:I, s:I}", "blocks", (json_int_t)blocks, "damaged",
					   (json_int_t)bad));
	else
		printf("%s: %" PRIu64 " blocks of 256 entries read, %" PRIu64 " damaged\n", args[0],
		       blocks, bad);
	return bad ? TB_EXIT_NO : TB_EXIT_OK;
}

/* Return: 0; 1 if it was refused; else what ends the taking. Those two were answered. */
static int take_one(struct hub *hub, const uint8_t *bytes, size_t len, struct tb_error *err)
{
	struct tb_batch *batch = calloc(1, sizeof(*batch));
	struct hub_group *group = NULL;
	struct hub_part *part = NULL;
	int ret = batch ? tb_batch_read(bytes, len, batch, err) :
			  tb_error_set(err, -ENOMEM, "out of memory");

	ret = ret ?: hub_group_begin(hub, &group, err);
	ret = ret ?: hub_take(group, batch, &part, err);
	ret = ret ?: hub_group_commit(group, err);
	if (!ret || hub_is_refusal(ret)) {
		tb_command_print(hub_answer(ret ? NULL : part, ret ? err->text : NULL));
		fflush(stdout);
		ret = ret || part->refused;
	}
	hub_group_end(group);
	if (batch)
		tb_batch_clear(batch);
	free(batch);
	return ret;
}

static int take(struct hub *hub, char **args)
{
	static uint8_t bytes[TB_BATCH_MAX_BYTES];
	int ret, status = TB_EXIT_OK;
	struct tb_error err;
	uint32_t big;
	bool got;

	(void)args;
	if (load_key(hub, &err) || hub_store_safe(hub->db, &err) ||
	    hub_store_lock(hub->db, hub_config.bus.shard, &got, &err))
		return tb_command_bad("%s", err.text);
	if (!got)
		return tb_command_bad("another tongbu-hub is storing records in this database: stop that one first");
	while (fread(&big, sizeof(big), 1, stdin) == 1) {
		size_t len = be32toh(big);

		if (len > sizeof(bytes) || fread(bytes, 1, len, stdin) != len)
			return tb_command_bad("standard input is not a batch, or is cut off");
		ret = take_one(hub, bytes, len, &err);
		if (ret < 0)
			return tb_command_bad("%s", err.text);
		status = ret ? TB_EXIT_NO : status;
	}
	return status;
}

static int serve(struct hub *hub, char **args)
{
	struct tb_error err;

	(void)args;
	if (!hub_config.bus.servers)
		return tb_command_bad("no NATS server is configured: set 'servers' in %s",
				      config_path);
	if (load_key(hub, &err))
		return tb_command_bad("%s", err.text);
	return hub_serve(hub, &hub_config, &err) ? tb_command_bad("%s", err.text) : TB_EXIT_OK;
}

static int show_user(struct hub *hub, char **args)
{
	char nkey[TB_NKEY_SIZE];
	struct tb_error err;

	(void)hub, (void)args;
	if (tb_bus_user(&hub_config.bus, nkey, &err))
		return tb_command_bad("%s", err.text);
	printf("{ nkey: %s }\n", nkey);
	return TB_EXIT_OK;
}

static int export(struct hub *hub, char **args)
{
	struct tb_error err;

	return hub_export(hub->db, args[0], "/dev/stdout", &err) ? tb_command_bad("%s", err.text) :
								   TB_EXIT_OK;
}

static int compare(struct hub *hub, char **args)
{
	char chain[TB_HEX_SIZE(TONGBU_CHAIN_LEN)];
	struct hub_difference differs;
	struct tb_error err;

	if (hub_compare(hub->db, args[0], args[1], &differs, &err))
		return tb_command_bad("%s", err.text);
	tb_hex_encode(chain, differs.chain, TONGBU_CHAIN_LEN);
	if (json)
		tb_command_print(json_pack("{s:b, s:I, s:s?, s:I}", "equal", !differs.found,
					   "entries", (json_int_t)differs.entries, "chain",
					   differs.found ? chain : NULL, "seq",
					   (json_int_t)differs.seq));
	else if (!differs.found)
		printf("equal: the bundle has the %" PRIu64 " records that the hub holds of %s\n",
		       differs.entries, args[0]);
	else
		printf("NOT equal: after %" PRIu64 " equal records, record %" PRIu64
		       " of chain %s %s\n",
		       differs.entries, differs.seq, chain,
		       differs.ended ? "is held, but is not in the bundle" : "differs");
	return differs.found ? TB_EXIT_NO : TB_EXIT_OK;
}

/**
 * struct hub_command - a command
 * @words: what it is called, one word or two
 * @arg: what it takes, one word or two; or NULL
 * @offline: it needs no database
 * @run: what it does; returns the exit status
 * @text: what it does, for people
 */
struct hub_command {
	const char *words;
	const char *arg;
	bool offline;
	int (*run)(struct hub *hub, char **args);
	const char *text;
};

static const struct hub_command commands[] = {
	{ "key", NULL, true, show_key, "print the hub's public key, for stations and verifiers" },
	{ "station add", "KEY", false, add_station, "register a station by the key of its log" },
	{ "user", NULL, true, show_user, "print what the servers of NATS are to know of the hub" },
	{ "serve", NULL, true, serve, "take what comes by NATS, until it is stopped" },
	{ "status", NULL, false, show_status, "does a hub take, how much is held, what is wrong" },
	{ "stations", NULL, false, list_stations, "how far each station is held, and since when" },
	{ "take", NULL, false, take, "take batches from standard input, answer each" },
	{ "refused", NULL, false, list_refused, "what was refused and kept as evidence" },
	{ "refused show", "ID", false, show_refused, "one of those, both checkpoints with it" },
	{ "export", "STATION", false, export,
	  "write what is held to standard output, as a bundle" },
	{ "compare", "STATION FILE", false, compare,
	  "does a bundle of the station's have the records that are held?" },
	{ "witness", NULL, true, witness,
	  "answer a request for a cosignature, for a server of HTTP, by CGI" },
	{ "witness key", NULL, true, show_witness_key,
	  "print the public key that those are signed with" },
	{ "witness add", "KEY", false, add_witnessed, "sign for a log of others, by its key" },
	{ "scrub", "STATION", false, scrub, "reread what is held and compare it to the tree" },
};

static int print_help(void)
{
	size_t i;

	puts("Usage: tongbu-hub [OPTION]... COMMAND\n"
	     "Hold what stations record, and cosign it.\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		printf("  %s%s%s\n%21s%s\n", commands[i].words, commands[i].arg ? " " : "",
		       commands[i].arg ?: "", "", commands[i].text);
	puts("");
	tb_options_help(options, stdout);
	puts("  -V, --version      version\n"
	     "\n"
	     "Exit status: 0 done, 1 something was refused or damaged, 2 it could not be done.\n"
	     "\n"
	     "Examples:\n"
	     "  tongbu-hub --name hub.example/mirror key\n"
	     "  tongbu-hub station add \"$(cat river-07.vkey)\"\n"
	     "  tongbu-hub stations");
	return TB_EXIT_OK;
}

static const struct hub_command *find(int argc, char **argv, int *used)
{
	const struct hub_command *found = NULL;
	char two[64];
	size_t i;

	*used = 0;
	snprintf(two, sizeof(two), "%s %s", argv[0], argc > 1 ? argv[1] : "");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		bool long_one = !strcmp(commands[i].words, two);

		if (!long_one && (*used || strcmp(commands[i].words, argv[0])))
			continue;
		found = &commands[i];
		*used = long_one ? 2 : 1;
	}
	return found;
}

static int run(int argc, char **argv)
{
	const struct hub_command *command;
	struct hub hub = { 0 };
	struct tb_error err;
	int used, status;

	if (!argc)
		return tb_command_bad("no command is given: see tongbu-hub --help");
	command = find(argc, argv, &used);
	if (!command)
		return tb_command_bad("there is no command %s: see tongbu-hub --help", argv[0]);
	if (argc - used != (!command->arg ? 0 : strchr(command->arg, ' ') ? 2 : 1))
		return tb_command_bad("the form is tongbu-hub %s %s: see --help", command->words,
				      command->arg ?: "");
	if (!command->offline && hub_store_open(hub_config.database, &hub.db, &err))
		return tb_command_bad("%s", err.text);
	status = command->run(&hub, argv + used);
	/* PostgreSQL would notice some time later that the connection ended; the next one takes now. */
	if (hub.db)
		hub_exec(hub.db, "SELECT pg_advisory_unlock_all()", NULL);
	PQfinish(hub.db);
	EVP_PKEY_free(hub.private);
	return status;
}

int main(int argc, char **argv)
{
	const char *database = NULL, *key = NULL, *name = NULL;
	const struct tb_option *given;
	struct tb_error err;
	int option;

	if (argc == 2 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))) {
		puts("tongbu-hub " TONGBU_VERSION);
		return TB_EXIT_OK;
	}
	umask(027);
	while ((option = tb_option_next(options, argc, argv, &given)) != -1) {
		if (option == OPT_CONFIG)
			config_path = optarg;
		else if (option == OPT_DATABASE)
			database = optarg;
		else if (option == TB_OPT_KEY)
			key = optarg;
		else if (option == OPT_NAME)
			name = optarg;
		else if (option == TB_OPT_JSON)
			json = true;
		else if (option == TB_OPT_HELP)
			return print_help();
		else
			return TB_EXIT_FAILED;
	}
	if (hub_config_load(config_path, strcmp(config_path, HUB_CONFIG_PATH) != 0, &hub_config,
			    &err) ||
	    hub_config_instead(&hub_config, database, key, name, &err))
		option = tb_command_bad("%s", err.text);
	else
		option = run(argc - optind, argv + optind);
	hub_config_clear(&hub_config);
	if (fflush(stdout) || ferror(stdout))
		return tb_command_bad("the answer could not be written: %s", strerror(errno));
	return option;
}
