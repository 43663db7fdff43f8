// SPDX-License-Identifier: GPL-2.0-only
/* A table of a pack, as a spreadsheet writes it */
#include "fuzz.h"

#include "csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char why[128];
	json_t *rows = tb_csv_rows((const char *)data, len, why, sizeof(why));

	if (rows)
		json_decref(tb_csv_by_id(rows));
	json_decref(rows);
	return 0;
}
