// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints tongbu-devices(5) from the tables of fields: `make docs` does it, and
 * `make test` looks whether it was done.
 */
#include "fields.h"

int main(void)
{
	puts(".\\\" SPDX-License-Identifier: GPL-2.0-only\n"
	     ".\\\" Made from daemon/lib/fields_table.c by `make docs`: do not edit.\n"
	     ".Dd November 26, 2026\n"
	     ".Dt TONGBU-DEVICES 5\n"
	     ".Os Tongbu\n"
	     ".Sh NAME\n"
	     ".Nm tongbu-devices\n"
	     ".Nd what sources, outputs and reflexes can be set to\n"
	     ".Sh DESCRIPTION\n"
	     "A field has one name, one unit and one range, wherever it occurs: as a setting in\n"
	     ".Xr tongbu.conf 5 ,\n"
	     "as an option of\n"
	     ".Cm source add , output add\n"
	     "and\n"
	     ".Cm reflex add\n"
	     "of\n"
	     ".Xr tongbuctl-devices 1 ,\n"
	     "there with\n"
	     ".Ql -\n"
	     "for\n"
	     ".Ql _ ,\n"
	     "and in what\n"
	     ".Cm list\n"
	     "prints with\n"
	     ".Fl Fl json .\n"
	     "Times end in their unit.\n"
	     ".Sh SOURCES\n"
	     ".Bl -tag -width Ds");
	tb_fields_man(&tb_source_table, stdout);
	puts(".El\n"
	     ".Sh OUTPUTS\n"
	     ".Bl -tag -width Ds");
	tb_fields_man(&tb_output_table, stdout);
	puts(".El\n"
	     ".Sh REFLEXES\n"
	     ".Bl -tag -width Ds");
	tb_fields_man(&tb_reflex_table, stdout);
	puts(".El\n"
	     ".Sh SEE ALSO\n"
	     ".Xr tongbuctl-devices 1 ,\n"
	     ".Xr tongbu.conf 5");
	return 0;
}
