// SPDX-License-Identifier: GPL-2.0-only
/* The answering side: what is asked of it costs bounded time and memory, whoever asks. */
#include "unit.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "rpc.h"
#include "server.h"
#include "timefmt.h"

static const struct tb_peer peer = { "test", "org.tongbu.Test" };
static sd_event *event;
static struct tb_server *server;
static struct tb_error err;
static unsigned int calls;

static int echo(void *userdata, struct tb_conn *conn, const json_t *call, const json_t *parameters)
{
	(void)userdata, (void)call;
	calls++;
	return tb_conn_reply(conn, json_pack("{s:O?}", "it", json_object_get(parameters, "it")),
			     false);
}

static int refuse(void *userdata, struct tb_conn *conn, const json_t *call,
		  const json_t *parameters)
{
	struct tb_error why;

	(void)userdata, (void)call, (void)parameters;
	/* Words of three bytes each, so that the end falls within one */
	tb_error_set(&why, -EIO, "%s%0*d", "\xe6\xb2\xb3", 507, 0);
	tb_error_set(&why, -EIO, "%s\xe6\xb2\xb3\xe6\xb2\xb3", strdupa(why.text));
	return tb_conn_failed(conn, &why);
}

static const struct tb_method methods[] = { { "Echo", echo }, { "Fail", refuse }, { NULL, NULL } };

static struct tb_service service = {
	.program = "test",
	.interface = "org.tongbu.Test",
	.description = "interface org.tongbu.Test",
	.methods = methods,
	.large = 12UL * 1024 * 1024,
};

static int make(void **state)
{
	(void)state;
	calls = 0;
	service.socket = scratch_path("socket");
	return sd_event_new(&event) < 0 || tb_server_start(event, &service, &server, &err) ? -1 : 0;
}

static int unmake(void **state)
{
	(void)state;
	tb_server_free(server);
	unlink(service.socket);
	sd_event_unref(event);
	return 0;
}

static int knock(void)
{
	int fd = tb_rpc_socket(&peer, service.socket, &err);

	assert_true(fd >= 0);
	return fd;
}

/* As much as the server takes, while it takes its turns; less if it hangs up */
static size_t put(int fd, const char *text, size_t len)
{
	size_t at = 0;
	ssize_t sent;

	while (at < len) {
		sent = send(fd, text + at, len - at, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno != EAGAIN)
			break;
		at += sent > 0 ? (size_t)sent : 0;
		assert_true(sd_event_run(event, 0) >= 0);
	}
	return at;
}

static const char *answer(int fd)
{
	static char text[65536];
	ssize_t len = -1;
	int i;

	for (i = 0; i < 1000 && len < 0; i++) {
		assert_true(sd_event_run(event, 1000) >= 0);
		len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	}
	text[len > 0 ? len : 0] = '\0';
	return text;
}

#define ECHO_CALL "{\"method\":\"org.tongbu.Test.Echo\",\"parameters\":{\"it\":"

static void answers(void **state)
{
	static const char call[] = ECHO_CALL "7}}";
	int fd = knock();

	(void)state;
	put(fd, call, sizeof(call));
	assert_string_equal(answer(fd), "{\"parameters\":{\"it\":7}}");
	close(fd);
}

/* 12 MB of {} would be a gigabyte as JSON: refused when the first 64 KiB are here. */
static void values_without_end(void **state)
{
	const size_t size = 12 * 1000 * 1000;
	char *text = malloc(size);
	size_t at, used = mallinfo2().uordblks, sent;
	int fd = knock();

	(void)state;
	at = (size_t)sprintf(text, ECHO_CALL "[{}");
	for (; at + 3 <= size; at += 3)
		memcpy(text + at, ",{}", 3);
	sent = put(fd, text, at);
	assert_true(sent < 1024 * 1024);
	assert_contains(answer(fd), "InvalidParameter");
	assert_int_equal(calls, 0);
	assert_true(mallinfo2().uordblks < used + 1024 * 1024);
	free(text);
	close(fd);
}

/* One long text is a blob, and is taken. */
static void one_long_text(void **state)
{
	const size_t size = 8 * 1000 * 1000;
	char *text = malloc(size);
	size_t at;
	int fd = knock();

	(void)state;
	at = (size_t)sprintf(text,
			     "{\"method\":\"org.tongbu.Test.Echo\",\"parameters\":{\"not\":\"");
	memset(text + at, 'x', size - at);
	memcpy(text + size - 4, "\"}}", 4);
	assert_int_equal(put(fd, text, size), size);
	assert_contains(answer(fd), "\"it\":null");
	free(text);
	close(fd);
}

/* Who sends a thousand questions at once has one turn, and then others have theirs. */
static void one_turn_each(void **state)
{
	static const char call[] = ECHO_CALL "1}}";
	char many[1000 * sizeof(call)];
	int greedy = knock(), modest = knock();
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		memcpy(many + i * sizeof(call), call, sizeof(call));
	assert_true(send(greedy, many, sizeof(many), MSG_DONTWAIT) > 0);
	assert_true(send(modest, call, sizeof(call), MSG_DONTWAIT) > 0);
	answer(modest);
	assert_true(calls < 20);
	close(greedy);
	close(modest);
}

/* An error's words are cut at a character: what is within one is no JSON. */
static void words_are_cut_at_characters(void **state)
{
	static const char call[] = "{\"method\":\"org.tongbu.Test.Fail\"}";
	int fd = knock();
	json_t *reply;

	(void)state;
	put(fd, call, sizeof(call));
	reply = json_loads(answer(fd), 0, NULL);
	assert_non_null(reply);
	assert_string_equal(json_string_value(json_object_get(reply, "error")),
			    "org.tongbu.Test.Failed");
	json_decref(reply);
	close(fd);
}

static void all_turns(void)
{
	while (sd_event_run(event, 0) > 0)
		;
}

static void too_many_connections(void **state)
{
	int fds[80], i;
	char byte;

	(void)state;
	for (i = 0; i < 80; i++) {
		fds[i] = knock();
		all_turns();
	}
	/* The last one was turned away, and told so. */
	assert_contains(answer(fds[79]), "org.tongbu.Test.Busy");
	assert_int_equal(recv(fds[79], &byte, 1, MSG_DONTWAIT), 0);
	assert_int_equal(recv(fds[0], &byte, 1, MSG_DONTWAIT), -1);
	for (i = 0; i < 80; i++)
		close(fds[i]);
}

/* Who asks and does not listen, or holds a connection and asks nothing, gives way to who
 * has something to ask; who just asked does not.
 */
static void slow_ones_give_way(void **state)
{
	static const char call[] = ECHO_CALL "1}}";
	int slow = knock(), fds[63], late, i, held = 0;
	char many[64 * sizeof(call)], byte;
	ssize_t len = 1;

	(void)state;
	service.patience = 50;
	for (i = 0; i < 64; i++)
		memcpy(many + (size_t)i * sizeof(call), call, sizeof(call));
	/* Until its own buffers are full of answers that it does not take */
	for (i = 0; i < 1000 && len > 0; i++) {
		len = send(slow, many, sizeof(many), MSG_DONTWAIT | MSG_NOSIGNAL);
		all_turns();
	}
	for (i = 0; i < 63; i++) {
		fds[i] = knock();
		all_turns();
	}
	usleep(100000);
	/* One of them asks something now: it does not rest. */
	put(fds[0], call, sizeof(call));
	assert_string_equal(answer(fds[0]), "{\"parameters\":{\"it\":1}}");
	for (i = 0; i < 32; i++) {
		late = knock();
		all_turns();
		put(late, call, sizeof(call));
		assert_string_equal(answer(late), "{\"parameters\":{\"it\":1}}");
		close(late);
		all_turns();
	}
	late = knock();
	all_turns();
	put(fds[0], call, sizeof(call));
	assert_string_equal(answer(fds[0]), "{\"parameters\":{\"it\":1}}");
	/* It was the first to rest. */
	while ((len = recv(slow, many, sizeof(many), MSG_DONTWAIT)) > 0)
		;
	assert_true(!len || errno == ECONNRESET);
	for (i = 1; i < 63; i++)
		held += recv(fds[i], &byte, 1, MSG_DONTWAIT) < 0;
	assert_true(held > 50);
	service.patience = 0;
	for (i = 0; i < 63; i++)
		close(fds[i]);
	close(late);
	close(slow);
}

/* Without systemd to make the socket's folder: who may ask must get there. */
static void the_folder_lets_all_knock(void **state)
{
	struct tb_service other = service;
	struct tb_server *second;
	mode_t mask = umask(077);
	struct stat st;

	(void)state;
	other.socket = strdupa(scratch_path("folder/socket"));
	assert_done(tb_server_start(event, &other, &second, &err), err);
	umask(mask);
	assert_int_equal(stat(scratch_path("folder"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	assert_int_equal(stat(other.socket, &st), 0);
	assert_int_equal(st.st_mode & 0666, 0666);
	tb_server_free(second);
	unlink(other.socket);
	rmdir(scratch_path("folder"));
}

/* Whatever somebody asks for, the log gets a few lines of it, and how many were left out. */
static void lines_without_end(void **state)
{
	struct tb_pace pace = { 0 };
	unsigned long left_out, said = 0;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++)
		said += tb_pace_take(&pace, &left_out);
	/* Should the machine be so slow, ten seconds begin anew. */
	assert_true(said >= 5 && said <= 50);
	pace.since -= 11 * TB_NSEC_PER_SEC;
	assert_true(tb_pace_take(&pace, &left_out));
	assert_true(left_out >= 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers, make, unmake),
		cmocka_unit_test_setup_teardown(values_without_end, make, unmake),
		cmocka_unit_test_setup_teardown(one_long_text, make, unmake),
		cmocka_unit_test_setup_teardown(one_turn_each, make, unmake),
		cmocka_unit_test_setup_teardown(words_are_cut_at_characters, make, unmake),
		cmocka_unit_test_setup_teardown(too_many_connections, make, unmake),
		cmocka_unit_test_setup_teardown(slow_ones_give_way, make, unmake),
		cmocka_unit_test_setup_teardown(the_folder_lets_all_knock, make, unmake),
		cmocka_unit_test(lines_without_end),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
