// SPDX-License-Identifier: GPL-2.0-only
// Rows of the referee's lists as they stand on several pages.
import { h } from "./dom.js";
import { text, say, word } from "./words.js";
import { day, left, minute } from "./when.js";

export function matterLink(id, title) {
	return id ? h("a", { href: `#/matter/${encodeURIComponent(id)}` }, text(title) ? `${text(title)} (${id})` : id) : null;
}

function mark(name) {
	return h("strong", { class: `mark ${name}` }, word("state", name));
}

// A row of the law: its clause, and where it stands
function clause(law) {
	if (!law?.clause && !law?.source)
		return null;
	return h("p", { class: "law" }, text(law.clause) || law.id,
		law.source ? h("span", { class: "source" }, ` ${law.source}`) : null,
		law.mark === "R" ? h("span", { class: "source" }, ` ${say("law.recalled")}`) : null);
}

export function clockRow(clock, inMatter) {
	const runs = ["running", "waiting", "overdue"].includes(clock.state);

	return [
		h("p", { class: "line" }, runs ? h("strong", { class: `days ${clock.state}` }, left(clock.due)) : mark(clock.state === "stopped" ? "stopped.clock" : clock.state),
			h("span", null, say("clock.due", { day: day(clock.due) })),
			inMatter ? h("span", null, clock.name) : matterLink(clock.matter, clock.matter_title)),
		clause(clock.law),
		h("p", { class: "detail" }, say("clock.from", { name: clock.name, day: clock.started }),
			clock.extended ? ` ${say("clock.extended")}` : "", clock.doubt ? ` ${word("doubt", clock.doubt)}` : ""),
	];
}

export function taskRow(task, inMatter) {
	return [
		h("p", { class: "line" }, h("span", null, text(task.text)), inMatter ? null : matterLink(task.matter, task.matter_title)),
		h("p", { class: "detail" }, say("task.whose", { who: task.name ?? task.office_name ?? "", time: minute(task.time) }),
			task.done ? ` ${say("task.done", { record: task.done })}` : ""),
	];
}

export function findingRow(finding, inMatter, isNew) {
	return [
		h("p", { class: "line" }, mark(finding.level), isNew ? h("strong", { class: "mark new" }, say("new")) : null,
			h("span", null, text(finding.text)), inMatter ? null : matterLink(finding.matter)),
		clause(finding.law),
		h("p", { class: "detail" }, say("finding.by", { rule: finding.rule, who: finding.name ?? finding.uid ?? "-",
			record: finding.record, time: minute(finding.time) }),
			finding.resolved === null ? "" : ` ${say("finding.resolved")} ${text(finding.resolved)}`),
	];
}
