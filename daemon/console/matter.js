// SPDX-License-Identifier: GPL-2.0-only
// One matter: what both sides see of it, in one timeline.
import { h, list, section } from "./dom.js";
import { actEntry } from "./form.js";
import { clockRow, findingRow, matterLink, taskRow } from "./row.js";
import { matterKinds, rows } from "./station.js";
import { say, text, word } from "./words.js";
import { minute } from "./when.js";

// Stages in their order, the present one marked
function stages(matter, kind) {
	const names = kind ? kind.order : [matter.stage];

	return h("ol", { class: "stages", "aria-label": say("matter.stages") }, names.map(name =>
		h("li", { "aria-current": name === matter.stage ? "step" : null, title: text(kind?.stages[name]?.doc) || null }, name)));
}

function facts(matter) {
	const of = { office: matter.office_name ?? matter.office, key: matter.key, place: matter.place_name ?? matter.place,
		opened: minute(matter.opened), closed: matter.closed ? minute(matter.closed) : null };

	return h("dl", { class: "facts" }, Object.entries(of).filter(([, value]) => value).map(([name, value]) =>
		h("div", null, h("dt", null, say(`matter.${name}`)), h("dd", null, value))),
	h("div", null, h("dt", null, say("matter.sides")), h("dd", null, matter.sides.map(side =>
		`${side.office_name ?? side.office} (${word("side", side.how)})`).join(", "))));
}

// What one record did stands together: who, when, and all that came of it.
function timeline(matter) {
	const groups = [];

	for (const line of matter.timeline) {
		const last = groups[groups.length - 1];

		if (last?.record === line.record)
			last.lines.push(line);
		else
			groups.push({ ...line, lines: [line] });
	}
	return h("ol", { class: "timeline" }, groups.map(group => h("li", null,
		h("p", { class: "detail" }, h("time", null, minute(group.time)), ` · ${group.name ?? group.uid ?? say("matter.by-clock")} · `,
			h("code", null, group.record)),
		group.lines.map(line => h("p", null, text(line.text))))));
}

// Names in a matter's data as the pack has them; what is deeper is shown as it is.
function data(matter) {
	const erased = matter.erased ?? [];
	const shown = value => typeof value === "object" && value !== null ? text(value.en || value.zh ? value : JSON.stringify(value)) : String(value);

	return h("dl", { class: "facts" }, Object.entries(matter.data ?? {}).map(([name, value]) =>
		h("div", null, h("dt", null, name), h("dd", null, shown(value),
			erased.includes(value) ? ` ${say("matter.erased")}` : ""))));
}

// What this person may do now; then what is for this office and stage, and not for this person
function acts(offers) {
	const sorted = [...offers].sort((a, b) => Boolean(a.barred) - Boolean(b.barred));

	return section("acts", say("matter.acts"), list(sorted.map(act => actEntry(act)), say("matter.no-acts")));
}

export async function matter(page, path) {
	const [found, kinds] = await Promise.all([rows("matter", { id: path[0] ?? "" }), matterKinds()]);
	const [one] = found;
	const offers = await rows("offers", { matter: one.id });
	const kind = kinds.find(row => row.id === `${one.pack}.${one.kind}`);

	page.append(
		h("h1", null, text(one.title) || one.id),
		h("p", { class: "detail" }, `${one.id} · ${text(kind?.title) || one.kind}`),
		stages(one, kind), facts(one), acts(offers),
		h("div", { class: "columns" },
			section("timeline", say("matter.timeline"), timeline(one)),
			h("div", null,
				section("clocks", say("matter.clocks"), list(one.clocks.map(row => clockRow(row, true)), say("matter.no-clocks"))),
				section("findings", say("matter.findings"), list(one.findings.map(row => findingRow(row, true)), say("matter.no-findings"))),
				section("tasks", say("matter.tasks"), list(one.tasks.filter(row => !row.done).map(row => taskRow(row, true)), say("matter.no-tasks"))),
				section("links", say("matter.links"), list(one.links.map(row =>
					[matterLink(row.matter), ` ${row.how}`]), say("matter.no-links"))),
				section("data", say("matter.data"), data(one)))));
}
