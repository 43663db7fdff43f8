// SPDX-License-Identifier: GPL-2.0-only
/* A file of places: lines of JSON, CSV, GeoJSON, or GPX */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);
	struct tb_error err;
	json_t *places;

	if (!text)
		return 0;
	memcpy(text, data, len);
	text[len] = '\0';
	if (!places_read(text, &places, &err))
		json_decref(places);
	free(text);
	return 0;
}
