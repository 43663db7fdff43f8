/* SPDX-License-Identifier: GPL-2.0-only */
/* What may be asked of tongbud: org.tongbu.Station.varlink. */
#ifndef TONGBU_METHODS_H
#define TONGBU_METHODS_H

#include "server.h"
#include "station.h"

#define TB_STATION "org.tongbu.Station"

void tb_methods_service(struct tb_station *station, struct tb_service *service);

/* methods_log.c: proofs */
int tb_method_checkpoint(void *userdata, struct tb_conn *conn, const json_t *call,
			 const json_t *parameters);
int tb_method_prove(void *userdata, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters);
int tb_method_prove_old(void *userdata, struct tb_conn *conn, const json_t *call,
			const json_t *parameters);
int tb_method_keep(void *userdata, struct tb_conn *conn, const json_t *call,
		   const json_t *parameters);
json_t *tb_method_log_json(const struct tb_station *station);

/* methods_order.c: what the referee may want of the kernel */
bool tb_method_is_referee(const struct tb_station *station, const struct tb_conn *conn);
int tb_method_clocks(void *userdata, struct tb_conn *conn, const json_t *call,
		     const json_t *parameters);
int tb_method_arm(void *userdata, struct tb_conn *conn, const json_t *call,
		  const json_t *parameters);
int tb_method_output(void *userdata, struct tb_conn *conn, const json_t *call,
		     const json_t *parameters);
int tb_method_readers(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters);
int tb_method_force(void *userdata, struct tb_conn *conn, const json_t *call,
		    const json_t *parameters);

/* archive.c: chains moved out of the ledger, and back */
int tb_method_archive(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters);
int tb_method_restore(void *userdata, struct tb_conn *conn, const json_t *call,
		      const json_t *parameters);

#endif /* TONGBU_METHODS_H */
