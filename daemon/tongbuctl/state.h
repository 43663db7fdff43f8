/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands about what records came to; commands_state.c has their help. */
#ifndef TONGBU_STATE_H
#define TONGBU_STATE_H

#include "ctl.h"

int cmd_act(int argc, char **argv);
int act_list(int argc, char **argv);
int act_show(int argc, char **argv);
int matter_list(int argc, char **argv);
int matter_show(int argc, char **argv);
int matter_act(int argc, char **argv);
int task_list(int argc, char **argv);
int clock_list(int argc, char **argv);
int finding_list(int argc, char **argv);
int notice_list(int argc, char **argv);
int notice_publish(int argc, char **argv);
int place_list(int argc, char **argv);
int place_check(int argc, char **argv);
int place_import(int argc, char **argv);
int office_list(int argc, char **argv);
int cmd_points(int argc, char **argv);
int cmd_report(int argc, char **argv);
int report_list(int argc, char **argv);
int cmd_export(int argc, char **argv);
int export_list(int argc, char **argv);
int pack_list(int argc, char **argv);
int pack_check(int argc, char **argv);
int pack_show(int argc, char **argv);

#endif /* TONGBU_STATE_H */
