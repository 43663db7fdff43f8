/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands about what records came to; commands_state.c has their help. */
#ifndef TONGBU_STATE_H
#define TONGBU_STATE_H

#include "ctl.h"

const struct ctl_command *ctl_state_commands(void);

int cmd_act(int argc, char **argv);
int cmd_matter(int argc, char **argv);
int cmd_task(int argc, char **argv);
int cmd_clock(int argc, char **argv);
int cmd_finding(int argc, char **argv);
int cmd_notice(int argc, char **argv);
int notice_publish(int argc, char **argv);
int cmd_place(int argc, char **argv);
int cmd_office(int argc, char **argv);
int cmd_points(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_pack(int argc, char **argv);
int pack_check(int argc, char **argv);
int pack_show(int argc, char **argv);

#endif /* TONGBU_STATE_H */
