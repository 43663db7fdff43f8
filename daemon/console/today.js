// SPDX-License-Identifier: GPL-2.0-only
// What a person on duty has to know first: own tasks, deadlines, what was refused or late, and
// whether the station records.
import { h, list, section } from "./dom.js";
import { clockRow, findingRow, taskRow } from "./row.js";
import { rows, runForJson, standing } from "./station.js";
import { say, word } from "./words.js";

const SHOWN = 50;
// The last finding that this person has seen here, in this browser
const SEEN = "tongbu.seen-finding";

// One glance: how many faults there are; then each check, the worst first.
function station(checks) {
	if (!checks.rows.length)
		return h("p", { class: "trouble", role: "alert" }, say("health.unknown", { why: checks.error }));
	const order = ["fail", "warn", "ok"];
	const sorted = [...checks.rows].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
	const count = level => sorted.filter(row => row.level === level).length;

	return [h("p", { class: "line" }, h("strong", { class: `mark ${sorted[0].level}` },
		say("health.counts", { faults: count("fail"), warnings: count("warn") }))), table(sorted)];
}

function table(sorted) {
	return h("table", { class: "health" }, h("thead", null, h("tr", null, ["level", "check", "text"].map(name =>
		h("th", { scope: "col" }, say(`health.${name}`))))),
	h("tbody", null, sorted.map(row => h("tr", { class: row.level },
		h("td", null, h("strong", { class: `mark ${row.level}` }, word("level", row.level))),
		h("th", { scope: "row" }, row.check), h("td", null, row.text)))));
}

// Where it is not the last state that is shown, that comes first.
async function notLast() {
	const { trouble, remaking } = await standing();

	if (trouble)
		return h("p", { class: "trouble", role: "alert" }, say("state.stopped", { why: trouble }));
	return remaking ? h("p", { class: "trouble", role: "alert" }, say("state.remaking", remaking)) : null;
}

export async function today(page) {
	const seen = Number(localStorage.getItem(SEEN) ?? 0);
	const [tasks, clocks, findings, checks, first] = await Promise.all([
		rows("tasks", { mine: true, open: true, limit: SHOWN }),
		rows("clocks", { open: true, limit: SHOWN }),
		rows("findings", { open: true, limit: SHOWN }),
		runForJson(["tongbuctl", "doctor"]),
		notLast(),
	]);
	const wanted = findings.filter(finding => finding.level !== "info");

	if (findings.length)
		localStorage.setItem(SEEN, findings[0].id);
	page.append(h("h1", null, say("menu.today")), first ?? "", h("div", { class: "columns" },
		h("div", null,
			section("tasks", say("today.tasks"), list(tasks.map(task => taskRow(task)), say("today.no-tasks"))),
			section("health", say("today.station"), station(checks))),
		section("clocks", say("today.clocks"), list(clocks.map(clock => clockRow(clock)), say("today.no-clocks"))),
		section("findings", say("today.findings"),
			list(wanted.map(finding => findingRow(finding, false, finding.id > seen)), say("today.no-findings")))));
}
