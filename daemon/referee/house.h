/* SPDX-License-Identifier: GPL-2.0-only */
/* The referee's parts, together. */
#ifndef TONGBU_HOUSE_H
#define TONGBU_HOUSE_H

#include <systemd/sd-event.h>

#include "config.h"
#include "fold.h"
#include "server.h"
#include "subjects.h"

#define TB_REFEREE "org.tongbu.Referee"

/**
 * struct tb_house - one referee
 * @event: the event loop
 * @config_path: file of the configuration
 * @rebuild: the state is to be made anew
 * @copy: file of a ledger or a bundle that is folded instead of tongbud's records, or
 *	NULL; then it is a replica, which answers and does nothing else
 * @config: what it says
 * @fold: the fold, or NULL without packs
 * @service: what may be asked
 * @server: answers questions
 * @subjects: keys of people's data, once they were asked for
 * @started: CLOCK_REALTIME at which it was ready, ns
 */
struct tb_house {
	sd_event *event;
	const char *config_path;
	bool rebuild;
	const char *copy;
	struct tb_config *config;
	struct tb_fold *fold;
	struct tb_service service;
	struct tb_server *server;
	struct tb_subjects *subjects;
	uint64_t started;
};

/**
 * struct tb_replica_options - how a replica is to be
 * @copy: file of a ledger or a bundle
 * @config_path: file of a configuration, or NULL: packs_dir, kept and timezone hold
 * @state: file of the state, which is made anew; NULL for one that is gone afterwards
 * @packs_dir: directory with the packs, or NULL
 * @archive: directory with the bundles of archived chains; NULL if it is "archive", beside
 *	@copy
 * @socket: where it is to listen, or NULL
 */
struct tb_replica_options {
	const char *copy;
	const char *config_path;
	const char *state;
	const char *packs_dir;
	const char *archive;
	const char *socket;
};

int tb_house_start(struct tb_house *house, sd_event *event, const char *config_path,
		   struct tb_error *err);
int tb_house_replica(struct tb_house *house, const struct tb_replica_options *options,
		     struct tb_error *err);
int tb_house_answer(struct tb_house *house, sd_event *event, struct tb_error *err);
void tb_house_reload(struct tb_house *house);
void tb_house_stop(struct tb_house *house);

/* answers.c */
void tb_answers_service(struct tb_house *house, struct tb_service *service);

/* answers_blob.c */
int tb_answer_put_blob(void *userdata, struct tb_conn *conn, const json_t *call,
		       const json_t *parameters);
int tb_answer_get_blob(void *userdata, struct tb_conn *conn, const json_t *call,
		       const json_t *parameters);
int tb_answer_erase_subject(void *userdata, struct tb_conn *conn, const json_t *call,
			    const json_t *parameters);
void tb_answer_mark_erased(struct tb_house *house, const json_t *rows);

#endif /* TONGBU_HOUSE_H */
