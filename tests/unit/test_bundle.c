// SPDX-License-Identifier: GPL-2.0-only
/* Bundles written and read; what is no bundle; what a failed write leaves. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hex.h"
#include "pair.h"

#define CREATED 1795435200000000000ULL

static struct tb_error err;

static struct tb_bundle_writer *begin(const struct tb_bundle_chain *parts, size_t count)
{
	struct tb_bundle_writer *writer;

	assert_done(tb_bundle_writer_new(scratch_path("b.tongbu"), "river-07", CREATED, parts,
					 count, &writer, &err),
		    err);
	return writer;
}

static int add(struct tb_bundle_writer *writer, const struct chain *chain, size_t from, size_t end)
{
	return tb_bundle_writer_add(writer, chain->bytes + chain->at[from],
				    chain->at[end] - chain->at[from], &err);
}

static void nothing_left(struct tb_bundle_writer *writer)
{
	tb_bundle_writer_free(writer);
	assert_int_equal(scratch_files(), 0);
}

/* Read through a window, from the last record to the first, and on again */
static void holds(const struct tb_bundle *bundle, uint64_t at, const struct chain *chain,
		  size_t count)
{
	struct tb_window window;
	struct tb_record rec;
	size_t i, seq;

	assert_int_equal(tb_window_open(&window, bundle), 0);
	for (i = 0; i < 2 * count; i++) {
		seq = i < count ? count - 1 - i : i - count;
		assert_int_equal(tb_window_frame(&window, at + chain->at[seq], chain->id, &rec), 0);
		assert_int_equal(rec.size, chain_size(chain, seq));
		assert_memory_equal(rec.bytes, chain->bytes + chain->at[seq], rec.size);
	}
	assert_int_equal(tb_window_frame(&window, bundle->records_len, unit_chain, &rec), -ENODATA);
	assert_int_equal(tb_window_error(&window, NULL), 0);
	tb_window_close(&window);
}

static void write_and_read(void **state)
{
	const struct tb_bundle_chain parts[] = { chain_part(first, 0, 29),
						 chain_part(second, 0, 9) };
	struct tb_bundle_writer *writer = begin(parts, 2);
	struct tb_bundle *bundle;
	struct stat st;

	(void)state;
	assert_int_equal(access(scratch_path("b.tongbu"), F_OK), -1);
	assert_done(add(writer, first, 0, 1), err);
	assert_done(add(writer, first, 1, 12), err);
	assert_done(add(writer, first, 12, 12), err);
	assert_done(add(writer, first, 12, 30), err);
	assert_done(add(writer, second, 0, 10), err);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
	assert_int_equal(scratch_files(), 1);
	assert_int_equal(stat(scratch_path("b.tongbu"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);

	assert_done(tb_bundle_open(scratch_path("b.tongbu"), &bundle, &err), err);
	assert_string_equal(bundle->station, "river-07");
	assert_string_equal(bundle->created, "2026-11-23T12:00:00.000000000Z");
	assert_int_equal(bundle->chain_count, 2);
	assert_memory_equal(bundle->chains, parts, sizeof(parts));
	assert_int_equal(bundle->records_len, first->at[30] + second->at[10]);
	holds(bundle, 0, first, 30);
	holds(bundle, first->at[30], second, 10);
	assert_int_equal(bundle->records_offset + bundle->records_len, (size_t)st.st_size);
	tb_bundle_close(bundle);
}

static void range_needs_record_0(void **state)
{
	const struct tb_bundle_chain part = chain_part(first, 5, 6);
	struct tb_bundle_writer *writer = begin(&part, 1);

	(void)state;
	assert_done(add(writer, first, 0, 1), err);
	assert_done(add(writer, first, 5, 7), err);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);

	writer = begin(&part, 1);
	assert_int_equal(add(writer, first, 5, 7), -EINVAL);
	assert_contains(err.text, "record 5 comes where record 0 of chain");
	tb_bundle_writer_free(writer);
}

static void record_0_stands_once(void **state)
{
	const struct tb_bundle_chain zero = chain_part(first, 0, 0), one = chain_part(first, 1, 1);
	struct tb_bundle_writer *writer = begin(&zero, 1);

	(void)state;
	assert_done(add(writer, first, 0, 1), err);
	assert_int_equal(add(writer, first, 0, 1), -EINVAL);
	assert_contains(err.text, "after the last");
	nothing_left(writer);
	writer = begin(&one, 1);
	assert_done(add(writer, first, 0, 2), err);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
}

static void wrong_order(void **state)
{
	const struct tb_bundle_chain parts[] = { chain_part(first, 0, 9),
						 chain_part(second, 0, 9) };
	struct tb_bundle_writer *writer = begin(parts, 2);

	(void)state;
	assert_done(add(writer, first, 0, 4), err);
	assert_int_equal(add(writer, first, 5, 6), -EINVAL);
	assert_contains(err.text, "record 5 comes where record 4 of chain");
	nothing_left(writer);

	writer = begin(parts, 2);
	assert_done(add(writer, first, 0, 4), err);
	assert_int_equal(add(writer, first, 3, 4), -EINVAL);
	nothing_left(writer);

	writer = begin(parts, 2);
	assert_int_equal(add(writer, second, 0, 1), -EINVAL);
	nothing_left(writer);

	writer = begin(parts, 2);
	assert_done(add(writer, first, 0, 10), err);
	assert_int_equal(add(writer, first, 10, 11), -EINVAL);
	nothing_left(writer);
}

/* A chain with a hole in it, as a ledger restored from a backup has it */
static void several_ranges_of_a_chain(void **state)
{
	const struct tb_bundle_chain parts[] = { chain_part(first, 3, 5), chain_part(first, 7, 7),
						 chain_part(first, 20, 29),
						 chain_part(second, 0, 9) };
	const struct tb_bundle_chain adjoining[] = { chain_part(first, 3, 5),
						     chain_part(first, 6, 7) };
	struct tb_bundle_writer *writer = begin(parts, ARRAY_SIZE(parts));
	struct tb_bundle *bundle;

	(void)state;
	assert_done(add(writer, first, 0, 1), err);
	assert_done(add(writer, first, 3, 6), err);
	assert_done(add(writer, first, 7, 8), err);
	assert_done(add(writer, first, 20, 30), err);
	assert_done(add(writer, second, 0, 10), err);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
	assert_done(tb_bundle_open(scratch_path("b.tongbu"), &bundle, &err), err);
	assert_memory_equal(bundle->chains, parts, sizeof(parts));
	tb_bundle_close(bundle);

	writer = begin(parts, ARRAY_SIZE(parts));
	assert_done(add(writer, first, 0, 1), err);
	assert_done(add(writer, first, 3, 6), err);
	assert_int_equal(add(writer, first, 0, 1), -EINVAL);
	tb_bundle_writer_free(writer);
	assert_int_equal(tb_bundle_writer_new(scratch_path("b"), "s", 0, adjoining, 2, &writer,
					      &err),
			 -EINVAL);
	assert_contains(err.text, "leaves no gap");
}

static void records_missing(void **state)
{
	const struct tb_bundle_chain parts[] = { chain_part(first, 0, 9),
						 chain_part(second, 0, 9) };
	struct tb_bundle_writer *writer = begin(parts, 2);

	(void)state;
	assert_int_equal(tb_bundle_writer_commit(writer, &err), -EINVAL);
	assert_contains(err.text, "record 0 of chain");
	nothing_left(writer);

	writer = begin(parts, 2);
	assert_done(add(writer, first, 0, 9), err);
	assert_int_equal(tb_bundle_writer_commit(writer, &err), -EINVAL);
	assert_contains(err.text, "record 9 of chain");
	assert_contains(err.text, "is still to come");
	nothing_left(writer);

	writer = begin(parts, 2);
	assert_done(add(writer, first, 0, 10), err);
	assert_int_equal(tb_bundle_writer_commit(writer, &err), -EINVAL);
	nothing_left(writer);
}

static void bytes_that_are_no_record(void **state)
{
	const struct tb_bundle_chain part = chain_part(first, 0, 9);
	struct tb_bundle_writer *writer = begin(&part, 1);

	(void)state;
	assert_int_equal(tb_bundle_writer_add(writer, first->bytes, first->at[2] - 1, &err),
			 -EINVAL);
	assert_contains(err.text, "record 1 was due");
	nothing_left(writer);
	writer = begin(&part, 1);
	assert_int_equal(tb_bundle_writer_add(writer, first->bytes, 10, &err), -EINVAL);
	nothing_left(writer);
}

static void ranges_that_are_none(void **state)
{
	struct tb_bundle_chain part = chain_part(first, 5, 4);
	struct tb_bundle_writer *writer;

	(void)state;
	assert_int_equal(tb_bundle_writer_new(scratch_path("b"), "s", 0, &part, 0, &writer, &err),
			 -EINVAL);
	assert_int_equal(tb_bundle_writer_new(scratch_path("b"), "s", 0, &part, 1, &writer, &err),
			 -EINVAL);
	assert_contains(err.text, "no records from 5 to 4");
	part.last = UINT64_MAX;
	assert_int_equal(tb_bundle_writer_new(scratch_path("b"), "s", 0, &part, 1, &writer, &err),
			 -EINVAL);
	part.last = 5;
	assert_int_equal(tb_bundle_writer_new(scratch_path("b"), "\xff", 0, &part, 1, &writer,
					      &err),
			 -ENOMEM);
	assert_int_equal(scratch_files(), 0);
}

static void no_such_folder(void **state)
{
	const struct tb_bundle_chain part = chain_part(first, 0, 0);
	struct tb_bundle_writer *writer;

	(void)state;
	assert_int_equal(tb_bundle_writer_new(scratch_path("no/b"), "s", 0, &part, 1, &writer,
					      &err),
			 -ENOENT);
	assert_contains(err.text, "no/b");
}

/* A failed write must not cost the bundle that was there before. */
static void old_bundle_stays_until_commit(void **state)
{
	const struct tb_bundle_chain part = chain_part(first, 0, 0);
	struct tb_bundle_writer *writer;
	struct stat st;

	(void)state;
	scratch_write("b.tongbu", "precious", 8);
	writer = begin(&part, 1);
	assert_int_equal(add(writer, first, 1, 2), -EINVAL);
	tb_bundle_writer_free(writer);
	assert_int_equal(scratch_files(), 1);
	assert_int_equal(stat(scratch_path("b.tongbu"), &st), 0);
	assert_int_equal(st.st_size, 8);

	writer = begin(&part, 1);
	assert_done(add(writer, first, 0, 1), err);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
	assert_int_equal(scratch_files(), 1);
	assert_int_equal(stat(scratch_path("b.tongbu"), &st), 0);
	assert_true(st.st_size > 8);
}

static void station_name_is_escaped(void **state)
{
	const struct tb_bundle_chain part = chain_part(first, 0, 0);
	const char *name = "Wehr \"Süd\"\n\t\\ 水位";
	struct tb_bundle_writer *writer;
	struct tb_bundle *bundle;

	(void)state;
	assert_done(tb_bundle_writer_new(scratch_path("b"), name, CREATED, &part, 1, &writer, &err),
		    err);
	assert_done(add(writer, first, 0, 1), err);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
	assert_done(tb_bundle_open(scratch_path("b"), &bundle, &err), err);
	assert_string_equal(bundle->station, name);
	holds(bundle, 0, first, 1);
	tb_bundle_close(bundle);
}

#define ID   "0364c08ebef8cd7c6186fb48a87b0ffa"
#define HEAD "{\"bundle\":\"tongbu\",\"version\":2,\"chains\":"

static void no_bundle(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} files[] = {
		{ "", "is this a bundle?" },
		{ "\n", "is no manifest" },
		{ "water", "is this a bundle?" },
		{ "water\n", "is no manifest" },
		{ "{}\n", "is this a bundle?" },
		{ "[]\n", "is this a bundle?" },
		{ "{\"bundle\":\"other\",\"version\":1}\n", "is this a bundle?" },
		{ "{\"bundle\":\"tongbu\",\"version\":3,\"chains\":[]}\n", "version 3" },
		{ "{\"bundle\":\"tongbu\",\"version\":\"1\"}\n", "is this a bundle?" },
		{ "{\"bundle\":\"tongbu\",\"bundle\":\"tongbu\",\"version\":1}\n", "no manifest" },
		{ "{\"bundle\":\"tongbu\",\"version\":2}\n", "no list of chains" },
		{ HEAD "{}}\n", "no list of chains" },
		{ HEAD "[]}\n", "names no chains" },
		{ HEAD "[7]}\n", "chain number 0" },
		{ HEAD "[{\"chain\":\"" ID "\",\"first\":0}]}\n", "lacks" },
		{ HEAD "[{\"chain\":\"00\",\"first\":0,\"last\":1}]}\n", "lacks" },
		{ HEAD "[{\"chain\":\"" ID "\",\"first\":\"0\",\"last\":1}]}\n", "lacks" },
		{ HEAD "[{\"chain\":\"" ID "\",\"first\":2,\"last\":1}]}\n", "goes from 2 to 1" },
		{ HEAD "[{\"chain\":\"" ID "\",\"first\":-1,\"last\":1}]}\n", "goes from -1" },
		{ HEAD "[{\"chain\":\"" ID "\",\"first\":2,\"last\":9}]}\n", "the tag before it" },
		{ HEAD "[{\"chain\":\"" ID "\",\"first\":0,\"last\":1}]}", "no first line" },
		{ HEAD "[{\"chain\":\"" ID "\",\"first\":0,\"last\":3},{\"chain\":\"" ID
		       "\",\"first\":3,\"last\":4,\"before\":\"" ID ID "\"}]}\n",
		  "leave a gap" },
	};
	struct tb_bundle *bundle;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		assert_int_equal(tb_bundle_open_memory(files[i].text, strlen(files[i].text),
						       &bundle, &err),
				 -EBADMSG);
		assert_contains(err.text, files[i].message);
		scratch_write("x", files[i].text, strlen(files[i].text));
		assert_int_equal(tb_bundle_open(scratch_path("x"), &bundle, &err), -EBADMSG);
		assert_contains(err.text, scratch_path("x"));
	}
}

static void no_file(void **state)
{
	struct tb_bundle *bundle;

	(void)state;
	assert_int_equal(tb_bundle_open(scratch_path("none"), &bundle, &err), -ENOENT);
	assert_int_equal(tb_bundle_open(scratch_path(""), &bundle, &err), -EISDIR);
	assert_contains(err.text, "it is a folder");
	assert_int_equal(tb_bundle_open("/dev/null", &bundle, &err), -EBADMSG);
	/* Without a first line, however much there is */
	assert_int_equal(tb_bundle_open("/dev/zero", &bundle, &err), -EBADMSG);
	tb_bundle_close(NULL);
}

/* A first line without end, and a file of nothing but zeros */
static void endless_line(void **state)
{
	size_t len = TB_BUNDLE_LINE_MAX + 16;
	char *text = malloc(len);
	struct tb_bundle *bundle;

	(void)state;
	memset(text, ' ', len);
	text[len - 1] = '\n';
	assert_int_equal(tb_bundle_open_memory(text, len, &bundle, &err), -EBADMSG);
	memset(text, 0, len);
	text[100] = '\n';
	assert_int_equal(tb_bundle_open_memory(text, len, &bundle, &err), -EBADMSG);
	free(text);
}

static struct tb_bundle_writer *begin_at(const char *path, int expected)
{
	const struct tb_bundle_chain part = chain_part(first, 0, 0);
	struct tb_bundle_writer *writer = NULL;

	assert_int_equal(tb_bundle_writer_new(path, "river-07", CREATED, &part, 1, &writer, &err),
			 expected);
	if (!expected)
		assert_done(add(writer, first, 0, 1), err);
	return writer;
}

/* As root, /dev/null once became a file. */
static void f10_what_is_no_file_is_written_through(void **state)
{
	struct tb_bundle_writer *writer;
	const char *path = scratch_path("pipe");
	char buf[512] = "";
	struct stat st;
	int fd, ends[2];

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	writer = begin_at(path, 0);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
	assert_true(read(fd, buf, sizeof(buf) - 1) > 0);
	close(fd);
	assert_contains(buf, "\"bundle\":\"tongbu\"");
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	writer = begin_at("/dev/null", 0);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
	assert_int_equal(pipe(ends), 0);
	snprintf(buf, sizeof(buf), "/proc/self/fd/%d", ends[1]);
	writer = begin_at(buf, 0);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
	memset(buf, 0, sizeof(buf));
	assert_true(read(ends[0], buf, sizeof(buf) - 1) > 0);
	assert_contains(buf, "\"bundle\":\"tongbu\"");
	close(ends[0]);
	close(ends[1]);
	/* It has no room, and stays what it is. */
	writer = begin_at("/dev/full", 0);
	assert_int_equal(tb_bundle_writer_commit(writer, &err), -ENOSPC);
	tb_bundle_writer_free(writer);
	begin_at(scratch_path("."), -EISDIR);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void f10_a_link_stays(void **state)
{
	struct tb_bundle_writer *writer;
	char link[256];
	struct stat st;

	(void)state;
	scratch_write("target", "old", 3);
	snprintf(link, sizeof(link), "%s", scratch_path("link"));
	assert_int_equal(symlink("target", link), 0);
	writer = begin_at(link, 0);
	assert_done(tb_bundle_writer_commit(writer, &err), err);
	tb_bundle_writer_free(writer);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(scratch_path("target"), &st), 0);
	assert_true(st.st_size > 3);
	assert_int_equal(unlink(scratch_path("target")), 0);
	assert_null(begin_at(link, -ELOOP));
	assert_contains(err.text, "is a link to nothing");
}

static int make(void **state)
{
	(void)state;
	umask(027);
	return pair_make(30, 10);
}

#define BUNDLE_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BUNDLE_TEST(write_and_read),
		BUNDLE_TEST(range_needs_record_0),
		BUNDLE_TEST(record_0_stands_once),
		BUNDLE_TEST(wrong_order),
		BUNDLE_TEST(several_ranges_of_a_chain),
		BUNDLE_TEST(records_missing),
		BUNDLE_TEST(bytes_that_are_no_record),
		BUNDLE_TEST(ranges_that_are_none),
		BUNDLE_TEST(no_such_folder),
		BUNDLE_TEST(old_bundle_stays_until_commit),
		BUNDLE_TEST(f10_what_is_no_file_is_written_through),
		BUNDLE_TEST(f10_a_link_stays),
		BUNDLE_TEST(station_name_is_escaped),
		BUNDLE_TEST(no_bundle),
		BUNDLE_TEST(no_file),
		cmocka_unit_test(endless_line),
	};

	return cmocka_run_group_tests_name("bundle", tests, make, pair_free);
}
