/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of answers share. */
#ifndef TONGBU_METHODS_H
#define TONGBU_METHODS_H

#include "server.h"

#define TB_SERVICE "org.varlink.service"
#define TB_STATION "org.tongbu.Station"

/* methods.c: tell the asker what went wrong */
int tb_method_refuse(struct tb_conn *conn, const struct tb_error *err);

/* methods_blob.c */
int tb_method_put_blob(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		       const json_t *parameters);
int tb_method_get_blob(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		       const json_t *parameters);
int tb_method_erase_subject(struct tb_station *station, struct tb_conn *conn, const json_t *call,
			    const json_t *parameters);

void tb_method_mark_erased(struct tb_station *station, const json_t *rows);

/* methods_state.c */
int tb_method_query(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters);
int tb_method_measures(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		       const json_t *parameters);
int tb_method_report(struct tb_station *station, struct tb_conn *conn, const json_t *call,
		     const json_t *parameters);

#endif /* TONGBU_METHODS_H */
