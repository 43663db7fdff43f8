/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of the state as people ask for them; query.c puts questions together. */
#ifndef TONGBU_VIEW_H
#define TONGBU_VIEW_H

#define TB_VIEW_FILTERS 12

/**
 * struct tb_view_filter - one thing that can be asked for
 * @name: its name
 * @type: t text, i number, b yes or no
 * @sql: what must hold; of text and numbers with one "?"
 */
struct tb_view_filter {
	const char *name;
	char type;
	const char *sql;
};

/**
 * struct tb_view - one list
 * @name: its name
 * @columns: what to select; a name that ends in "{}" is one of JSON
 * @from: from where
 * @see: what must hold for a viewer who does not see all; ?1 is the uid, own the
 *	offices from the viewer's own downwards
 * @after_type: type of what names a row, t or i
 * @after: what holds for all rows behind the one named by "?"
 * @order: in which order
 * @filters: what can be asked for, closed by one without a name
 */
struct tb_view {
	const char *name;
	const char *columns;
	const char *from;
	const char *see;
	char after_type;
	const char *after;
	const char *order;
	struct tb_view_filter filters[TB_VIEW_FILTERS];
};

const struct tb_view *tb_view_find(const char *name);

#endif /* TONGBU_VIEW_H */
