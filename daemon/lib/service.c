// SPDX-License-Identifier: GPL-2.0-only
/* From a question to the method that answers it; org.varlink.service. */
#include <errno.h>
#include <string.h>

#include "server_priv.h"

/* Values in one question. JSON takes a hundred times the room of what it is written in. */
#define VALUES_MAX 20000

static int get_info(struct tb_conn *conn)
{
	const struct tb_service *service = conn->server->service;

	return tb_conn_reply(conn,
			     json_pack("{s:s, s:s, s:s, s:s, s:[s, s]}", "vendor", "Tongbu",
				       "product", service->program, "version", TONGBU_VERSION,
				       "url", "", "interfaces", TB_SERVICE, service->interface),
			     false);
}

static int get_interface(struct tb_conn *conn, const json_t *parameters)
{
	const struct tb_service *service = conn->server->service;
	const char *name = json_string_value(json_object_get(parameters, "interface"));

	if (!name || strcmp(name, service->interface) != 0)
		return tb_conn_invalid(conn, "interface");
	return tb_conn_reply(conn, json_pack("{s:s}", "description", service->description), false);
}

static const struct tb_method *find(const struct tb_service *service, const char *name)
{
	const struct tb_method *method;
	size_t len = strlen(service->interface);

	if (strncmp(name, service->interface, len) != 0 || name[len] != '.')
		return NULL;
	for (method = service->methods; method->name; method++)
		if (!strcmp(name + len + 1, method->name))
			return method;
	return NULL;
}

static int call_method(struct tb_conn *conn, const json_t *call)
{
	const char *name = json_string_value(json_object_get(call, "method"));
	const json_t *parameters = json_object_get(call, "parameters");
	const struct tb_service *service = conn->server->service;
	const struct tb_method *method;

	if (!name)
		return -EPROTO;
	if (!strcmp(name, TB_SERVICE ".GetInfo"))
		return get_info(conn);
	if (!strcmp(name, TB_SERVICE ".GetInterfaceDescription"))
		return get_interface(conn, parameters);
	method = find(service, name);
	if (!method)
		return tb_conn_refuse(conn, TB_SERVICE ".MethodNotFound", "method", name);
	if (!conn->allowed && !service->group)
		return tb_conn_denied(conn, "only root and who started it may ask");
	if (!conn->allowed)
		return tb_conn_denied(conn,
				      "only root and members of the group %s may ask: usermod -a -G %s USER",
				      service->group, service->group);
	return method->call(service->userdata, conn, call, parameters);
}

/**
 * tb_service_too_many() - has a question more values than any has?
 * @text: the question, or its beginning
 * @len: bytes of it
 *
 * Told from the text, before anything is made of it.
 *
 * Return: whether.
 */
bool tb_service_too_many(const char *text, size_t len)
{
	unsigned int values = 0;
	bool quoted = false;
	size_t i;

	for (i = 0; i < len && values <= VALUES_MAX; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted)
			values += text[i] == ',' || text[i] == '[' || text[i] == '{';
	}
	return values > VALUES_MAX;
}

/**
 * tb_service_call() - answer one question
 * @conn: who asks
 * @text: the question
 * @len: bytes of it
 *
 * Return: 0, if it was answered or refused; a negative errno to hang up.
 */
int tb_service_call(struct tb_conn *conn, const char *text, size_t len)
{
	json_t *call;
	int ret;

	if (tb_service_too_many(text, len))
		return tb_conn_invalid(conn, "too many values");
	call = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	ret = call ? call_method(conn, call) : -EPROTO;
	json_decref(call);
	return ret;
}
