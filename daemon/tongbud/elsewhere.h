/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is held elsewhere of the log: the last checkpoint that witnesses signed, in the
 * file "held" beside the ledger, where whoever has it signed hands it in; or what the hub
 * signed, in a file of tongbu-uplink's.
 */
#ifndef TONGBU_ELSEWHERE_H
#define TONGBU_ELSEWHERE_H

#include "held.h"
#include "station.h"

int tb_elsewhere_own(const struct tb_station *station, const char *note,
		     struct tb_checkpoint *checkpoint, struct tb_error *err);
int tb_elsewhere_load(const struct tb_station *station, struct tb_held *held, struct tb_error *err);
char *tb_elsewhere_trouble(const struct tb_station *station);
int tb_elsewhere_keep(const struct tb_station *station, const char *note, struct tb_error *err);

#endif /* TONGBU_ELSEWHERE_H */
