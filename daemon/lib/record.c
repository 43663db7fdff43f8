// SPDX-License-Identifier: GPL-2.0-only
/* Where a record begins and ends, what stands in its header, which kinds there are. */
#include "record.h"

#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

_Static_assert(sizeof(struct tongbu_header) == TONGBU_HEADER_LEN, "unpadded");
_Static_assert(sizeof(struct tongbu_genesis) == 304, "unpadded");

/**
 * tb_record_frame() - find a record's parts, whatever it says
 * @buf: where it begins; any alignment
 * @len: bytes there are, of this record and what follows
 * @chain: id of the chain it is from; NULL only for record 0, which names it
 * @rec: filled in
 *
 * Only what is needed to find the end is looked at. On -EBADMSG the fields of
 * the header are filled in, but @payload, @tag and @size are not.
 *
 * Return: 0; -ENODATA if @buf ends before the record; -EBADMSG if its length is
 * more than a record can have.
 */
int tb_record_frame(const void *buf, size_t len, const uint8_t *chain, struct tb_record *rec)
{
	struct tongbu_header h;

	memset(rec, 0, sizeof(*rec));
	if (len < TONGBU_RECORD_MIN)
		return -ENODATA;
	memcpy(&h, buf, sizeof(h));
	rec->bytes = buf;
	rec->chain = chain;
	rec->seq = le64toh(h.seq);
	rec->boottime = le64toh(h.boottime);
	rec->realtime = le64toh(h.realtime);
	rec->kind = le16toh(h.kind);
	rec->flags = le16toh(h.flags);
	rec->source = le32toh(h.source);
	rec->source_seq = le32toh(h.source_seq);
	rec->uid = le32toh(h.uid);
	rec->pid = le32toh(h.pid);
	rec->length = le16toh(h.length);
	rec->version = h.version;
	rec->precision = h.precision;
	if (rec->length > TONGBU_PAYLOAD_MAX)
		return -EBADMSG;
	if (len < (size_t)TONGBU_RECORD_MIN + rec->length)
		return -ENODATA;
	rec->size = (size_t)TONGBU_RECORD_MIN + rec->length;
	rec->payload = rec->bytes + TONGBU_HEADER_LEN;
	rec->tag = rec->payload + rec->length;
	if (rec->kind == TONGBU_KIND_GENESIS && rec->length >= sizeof(struct tongbu_genesis))
		rec->chain = rec->payload + offsetof(struct tongbu_genesis, chain);
	return 0;
}

/**
 * tb_record_parse() - read a record
 * @buf: where it begins; any alignment
 * @len: bytes there are, of this record and what follows
 * @chain: id of the chain it is from; NULL only for record 0, which names it
 * @rec: filled in
 *
 * What comes out well has a version and payload this program can read. It need
 * not be authentic: see seal.h.
 *
 * Return: 0; -ENODATA if @buf ends before the record; -EBADMSG if it is no
 * record of this version.
 */
int tb_record_parse(const void *buf, size_t len, const uint8_t *chain, struct tb_record *rec)
{
	int ret;

	ret = tb_record_frame(buf, len, chain, rec);
	if (ret)
		return ret;
	return tb_record_fault(rec) ? -EBADMSG : 0;
}

/**
 * tb_record_sealed_len() - how much of a record its tag covers
 * @rec: the record
 *
 * Return: bytes from its beginning, header and payload.
 */
size_t tb_record_sealed_len(const struct tb_record *rec)
{
	return (size_t)TONGBU_HEADER_LEN + rec->length;
}

struct kind {
	const char *name;
	size_t payload;
};

static const struct kind kinds[] = {
	[TONGBU_KIND_GENESIS] = { "genesis", sizeof(struct tongbu_genesis) },
	[TONGBU_KIND_HEARTBEAT] = { "heartbeat", sizeof(struct tongbu_heartbeat) },
	[TONGBU_KIND_LOST] = { "lost", sizeof(struct tongbu_lost) },
	[TONGBU_KIND_CLOCK] = { "clock", sizeof(struct tongbu_clock) },
	[TONGBU_KIND_ATTACH] = { "attach", sizeof(struct tongbu_reader) },
	[TONGBU_KIND_DETACH] = { "detach", sizeof(struct tongbu_reader) },
	[TONGBU_KIND_SOURCE_ADD] = { "source-add", sizeof(struct tongbu_source) },
	[TONGBU_KIND_SOURCE_DEL] = { "source-del", sizeof(struct tongbu_source_end) },
	[TONGBU_KIND_REFUSED] = { "refused", sizeof(struct tongbu_refused) },
	[TONGBU_KIND_OUTPUT_ADD] = { "output-add", sizeof(struct tongbu_output) },
	[TONGBU_KIND_OUTPUT_DEL] = { "output-del", sizeof(struct tongbu_output_end) },
	[TONGBU_KIND_REFLEX_ADD] = { "reflex-add", sizeof(struct tongbu_reflex) },
	[TONGBU_KIND_REFLEX_DEL] = { "reflex-del", sizeof(struct tongbu_reflex_end) },
	[TONGBU_KIND_END] = { "end", sizeof(struct tongbu_end) },
	[TONGBU_KIND_EDGE] = { "edge", sizeof(struct tongbu_edge) },
	[TONGBU_KIND_KEY] = { "key", sizeof(struct tongbu_key) },
	[TONGBU_KIND_CODE] = { "code", sizeof(struct tongbu_code) },
	[TONGBU_KIND_FRAME] = { "frame", sizeof(struct tongbu_frame) },
	[TONGBU_KIND_COUNT] = { "count", sizeof(struct tongbu_count) },
	[TONGBU_KIND_STORM] = { "storm", sizeof(struct tongbu_storm) },
	[TONGBU_KIND_SILENT] = { "silent", sizeof(struct tongbu_silence) },
	[TONGBU_KIND_RESTORED] = { "restored", sizeof(struct tongbu_silence) },
	[TONGBU_KIND_GONE] = { "gone", sizeof(struct tongbu_presence) },
	[TONGBU_KIND_BACK] = { "back", sizeof(struct tongbu_presence) },
	[TONGBU_KIND_PPS] = { "pps", sizeof(struct tongbu_pps) },
	[TONGBU_KIND_ACT] = { "act", sizeof(struct tongbu_act) },
	[TONGBU_KIND_DUE] = { "due", sizeof(struct tongbu_due) },
	[TONGBU_KIND_OUTPUT] = { "output", sizeof(struct tongbu_output_change) },
	[TONGBU_KIND_REFLEX] = { "reflex", sizeof(struct tongbu_firing) },
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

/**
 * tb_record_fault() - does a record contradict its own format?
 * @rec: the record, framed
 *
 * Return: NULL if it does not; else what is wrong, to follow "record N".
 */
const char *tb_record_fault(const struct tb_record *rec)
{
	if (rec->length > TONGBU_PAYLOAD_MAX)
		return "has a payload longer than a record can hold";
	if (rec->version != TONGBU_RECORD_VERSION)
		return "is of another version than 2";
	if (rec->precision > TONGBU_PRECISION_MAX)
		return "has a clock error greater than a record can tell";
	if (rec->kind < KIND_COUNT && rec->length < kinds[rec->kind].payload)
		return "has a payload too short for its kind";
	if ((rec->kind == TONGBU_KIND_GENESIS) != !rec->seq)
		return rec->seq ? "begins a chain but is not number 0" :
				  "is number 0 but does not begin a chain";
	return NULL;
}

/**
 * tb_record_payload() - copy a payload out
 * @rec: the record
 * @payload: where to; its numbers remain little-endian
 * @size: sizeof the structure of the record's kind
 *
 * A longer payload is a newer one that begins the same way.
 *
 * Return: 0, or -EBADMSG if the record's payload is shorter than that.
 */
int tb_record_payload(const struct tb_record *rec, void *payload, size_t size)
{
	if (rec->length < size)
		return -EBADMSG;
	memcpy(payload, rec->payload, size);
	return 0;
}

/**
 * tb_record_act() - find what a person submitted
 * @rec: the record
 * @act: filled in; its numbers remain little-endian
 * @data: set to what was submitted, in the record
 * @len: set to its bytes
 *
 * Return: 0, or -EBADMSG if this is no act.
 */
int tb_record_act(const struct tb_record *rec, struct tongbu_act *act, const uint8_t **data,
		  size_t *len)
{
	if (rec->kind != TONGBU_KIND_ACT || tb_record_payload(rec, act, sizeof(*act)))
		return -EBADMSG;
	*data = rec->payload + sizeof(*act);
	*len = rec->length - sizeof(*act);
	return 0;
}

/**
 * tb_record_error() - how far off the time of a record may be
 * @rec: the record
 *
 * Return: the clock's estimated error, ns; 0 if it is not known.
 */
uint64_t tb_record_error(const struct tb_record *rec)
{
	if (!rec->precision || rec->precision > TONGBU_PRECISION_MAX)
		return 0;
	return (1ULL << (rec->precision - 1)) * 1000;
}

/**
 * tb_kind_name() - the word for a kind of record
 * @kind: enum tongbu_kind, or any number
 *
 * Return: the word, or NULL for a kind not known.
 */
const char *tb_kind_name(unsigned int kind)
{
	return kind < KIND_COUNT ? kinds[kind].name : NULL;
}

/**
 * tb_kind_from_name() - the kind a word stands for
 * @name: the word
 *
 * Return: enum tongbu_kind, or -EINVAL.
 */
int tb_kind_from_name(const char *name)
{
	unsigned int kind;

	for (kind = 0; kind < KIND_COUNT; kind++)
		if (kinds[kind].name && !strcmp(kinds[kind].name, name))
			return (int)kind;
	return -EINVAL;
}

/**
 * tb_kind_list() - the words for all kinds, one after another
 * @index: which, from 0
 *
 * Return: the word, or NULL after the last.
 */
const char *tb_kind_list(unsigned int index)
{
	unsigned int kind;

	for (kind = 0; kind < KIND_COUNT; kind++)
		if (kinds[kind].name && !index--)
			return kinds[kind].name;
	return NULL;
}
