// SPDX-License-Identifier: GPL-2.0-only
/* The chains of a bundle over time, a row each: SVG that stands in a page. */
#include <inttypes.h>

#include "timefmt.h"
#include "verify_page.h"

/* In its own units: the bars begin at LEFT and end at LEFT + WIDTH. */
#define LEFT  90
#define WIDTH 860
#define TOP   30
#define ROW   34
#define ROWS  100U

/**
 * struct scale - where a time is drawn
 * @from: the earliest, ns since 1970
 * @span: to the latest, at least 1 ns
 */
struct scale {
	uint64_t from;
	uint64_t span;
};

static double x_of(const struct scale *scale, uint64_t time)
{
	uint64_t behind = time < scale->from ? 0 : time - scale->from;

	return LEFT +
	       WIDTH * (double)(behind < scale->span ? behind : scale->span) / (double)scale->span;
}

static struct scale scale_of(const struct tb_verify_result *result)
{
	struct scale scale = { .from = UINT64_MAX };
	uint64_t last = 0;
	size_t i;

	for (i = 0; i < result->each_count; i++) {
		if (result->each[i].from < scale.from)
			scale.from = result->each[i].from;
		if (result->each[i].until > last)
			last = result->each[i].until;
	}
	scale.span = last > scale.from ? last - scale.from : 1;
	return scale;
}

static void put_box(const char *class, double x, double y, double width, double height, FILE *out)
{
	/* A moment is seen as well. */
	fprintf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">",
		class, x, y, width < 2 ? 2 : width, height);
}

static void put_event(const struct tb_verify_result *result, const struct tb_verify_event *event,
		      const struct scale *scale, FILE *out)
{
	static const struct {
		int top;
		int height;
	} where[] = { { 0, 16 }, { -4, 8 }, { -4, 24 }, { 10, 6 }, { 0, 5 }, { 0, 5 } };
	int y = TOP + ROW * (int)event->chain + where[event->kind].top;
	double from = x_of(scale, event->from);
	double until = x_of(scale, tb_verify_event_until(result, event));

	put_box(tb_verify_event_name(event->kind), from < until ? from : until, y,
		from < until ? until - from : from - until, where[event->kind].height, out);
	fputs("<title>", out);
	tb_verify_event_text(event, out);
	fputs("</title></rect>\n", out);
}

static void put_row(const struct tb_verify_result *result, size_t row, const struct scale *scale,
		    FILE *out)
{
	const struct tb_verify_chain *chain = &result->each[row];
	double from = x_of(scale, chain->from), until = x_of(scale, chain->until), width;
	int y = TOP + ROW * (int)row;

	if (until < from)
		until = from;
	fprintf(out, "<text x=\"4\" y=\"%d\">%02x%02x%02x%02x</text>\n", y + 12, chain->id[0],
		chain->id[1], chain->id[2], chain->id[3]);
	put_box("chain", from, y, until - from, 16, out);
	fputs("</rect>\n", out);
	fprintf(out, "<path class=\"%s\" d=\"M%.1f %d v24\"/>\n", chain->ended ? "end" : "open",
		until < from + 2 ? from + 2 : until, y - 4);
	if (!chain->held)
		return;
	/* Of one that is held in part it is known up to which record, so that is drawn. */
	width = chain->held_seq == chain->last || !chain->last ?
			until - from :
			(until - from) * (double)chain->held_seq / (double)chain->last;
	put_box("held", from, y + 19, width, 3, out);
	fprintf(out, "<title>held elsewhere up to record %" PRIu64 "</title></rect>\n",
		chain->held_seq);
}

static void put_key(FILE *out)
{
	static const struct {
		const char *class;
		const char *text;
	} key[] = {
		{ "chain", "records 记录" },
		{ "gap", "gap 缺失" },
		{ "lost", "lost 丢失" },
		{ "clock_step", "clock stepped 时钟跳变" },
		{ "unsynced", "not synchronised 未同步" },
		{ "silent", "silent 无声" },
		{ "gone", "gone 离线" },
		{ "held", "held elsewhere 异地留存" },
	};
	size_t i;

	fputs("<ul class=\"key\">\n", out);
	for (i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		fputs("<li><svg width=\"14\" height=\"10\" viewBox=\"0 0 14 10\">", out);
		put_box(key[i].class, 1, 1, 12, 8, out);
		fprintf(out, "</rect></svg> %s</li>\n", key[i].text);
	}
	fputs("</ul>\n", out);
}

/**
 * tb_verify_picture() - draw the chains over time
 * @result: the result
 * @out: where to
 */
void tb_verify_picture(const struct tb_verify_result *result, FILE *out)
{
	size_t i, rows = result->each_count < ROWS ? result->each_count : ROWS;
	struct scale scale = scale_of(result);
	char first[TB_TIME_SIZE], last[TB_TIME_SIZE];

	if (!rows)
		return;
	fprintf(out,
		"<svg class=\"time\" role=\"img\" viewBox=\"0 0 960 %d\">\n<title>Chains over time 记录链时间图</title>\n"
		"<text x=\"%d\" y=\"12\">%s</text>\n<text class=\"last\" x=\"%d\" y=\"12\">%s</text>\n",
		TOP + ROW * (int)rows, LEFT, tb_time_format(scale.from, first), LEFT + WIDTH,
		tb_time_format(scale.from + scale.span, last));
	for (i = 0; i < rows; i++)
		put_row(result, i, &scale, out);
	for (i = 0; i < result->event_count && result->events[i].chain < rows; i++)
		put_event(result, &result->events[i], &scale, out);
	fputs("</svg>\n", out);
	if (result->chains > rows)
		fprintf(out, "<p>%" PRIu64 " chains more are not drawn. 其余未画出。</p>\n",
			result->chains - rows);
	put_key(out);
}
