// SPDX-License-Identifier: GPL-2.0-only
// What packs count, as a table: to read, to print, to take along.
import { fill, h } from "./dom.js";
import { report, rows } from "./station.js";
import { say, text } from "./words.js";

function cell(value) {
	if (value === null || value === undefined)
		return "";
	return typeof value === "object" && !("en" in value) && !("zh" in value) ? JSON.stringify(value) : text(value);
}

// RFC 4180. A cell that a spreadsheet would take for a formula begins with a quote.
function csv(columns, found) {
	const quoted = words => `"${(/^[=+@\t\r-]/.test(words) && isNaN(words) ? `'${words}` : words).replaceAll('"', '""')}"`;

	return [columns, ...found.map(row => columns.map(name => cell(row[name])))]
		.map(line => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

function table(chosen, found) {
	const columns = chosen.columns ?? Object.keys(found[0] ?? {});
	const file = URL.createObjectURL(new Blob([csv(columns, found)], { type: "text/csv" }));

	return [h("table", null, h("caption", null, text(chosen.doc)),
		h("thead", null, h("tr", null, columns.map(name => h("th", { scope: "col" }, name)))),
		h("tbody", null, found.map(row => h("tr", null, columns.map(name => h("td", null, cell(row[name]))))))),
	h("p", { class: "detail" }, say("reports.rows", { count: found.length }), " ",
		h("a", { href: file, download: `${chosen.id}.csv` }, `${chosen.id}.csv`))];
}

export async function reports(page, path, options) {
	const known = await rows("reports");
	const chosen = known.find(row => row.id === options.report) ?? known[0];
	const go = change => cockpit.location.go(["reports"], { ...options, report: chosen.id, ...change });

	page.append(h("h1", null, say("menu.reports")));
	if (!chosen) {
		page.append(h("p", { class: "nothing" }, say("boards.no-packs")));
		return;
	}
	const day = name => h("label", null, say(`reports.${name}`), h("input", { type: "date", id: `report-${name}`, value: options[name] ?? "",
		onchange: event => go({ [name]: event.target.value }) }));
	const answer = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": chosen.id });

	page.append(h("form", { class: "filters", onsubmit: event => event.preventDefault() },
		h("label", null, say("reports.which"), h("select", { id: "report", onchange: event => go({ report: event.target.value }) },
			known.map(row => h("option", { value: row.id, selected: row === chosen }, row.id)))),
		day("from"), day("to")), answer);
	const asked = Object.fromEntries(["from", "to"].filter(name => options[name]).map(name => [name, options[name]]));
	// That it is not for this person, or lacks a day, is said in its place.
	await report(chosen.pack, chosen.kind, asked).then(found => fill(answer, table(chosen, found)),
		error => fill(answer, h("p", { class: "refusal", role: "alert" }, error.message)));
}
