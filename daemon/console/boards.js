// SPDX-License-Identifier: GPL-2.0-only
// Matters of one kind, each in the column of its stage.
import { announce, fill, h, list, section } from "./dom.js";
import { actEntry } from "./form.js";
import { eachPage, matterKinds, myself, rows } from "./station.js";
import { say, text } from "./words.js";
import { day, left } from "./when.js";

const CARDS = 100; // in a column; the rest is counted

// What a person may look for, in lower case
function searched(row) {
	return [row.id, row.key, row.title?.en ?? row.title, row.title?.zh, row.office, row.office_name, row.place, row.place_name]
		.filter(Boolean).join("\n").toLowerCase();
}

function card(row) {
	return h("a", { class: row.overdue ? "card overdue" : "card", href: `#/matter/${encodeURIComponent(row.id)}` },
		h("span", { class: "title" }, text(row.title) || row.id),
		h("span", { class: "detail" }, `${row.id} · ${row.office_name ?? row.office ?? ""}`),
		row.overdue ? h("strong", { class: "mark fault" }, say("boards.overdue")) : null,
		row.due ? h("span", { class: "detail" }, `${say("clock.due", { day: day(row.due) })}, ${left(row.due)}`) : null);
}

function column(name, stage, cards) {
	const id = `stage-${name}`;

	return h("section", { class: "stage", "aria-labelledby": id },
		h("h2", { id }, name, " ", h("span", { class: "count" }, String(cards.length))),
		stage?.doc ? h("p", { class: "detail" }, text(stage.doc)) : null,
		h("ul", { class: "cards" }, cards.slice(0, CARDS).map(row => h("li", null, card(row)))),
		cards.length > CARDS ? h("p", { class: "nothing" }, say("boards.more", { count: cards.length - CARDS })) : null);
}

// Arrow keys go from card to card, and to the columns beside.
function move(board, event) {
	const step = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[event.key];
	const columns = [...board.querySelectorAll(".stage")].map(stage => [...stage.querySelectorAll(".card")]).filter(cards => cards.length);
	const x = columns.findIndex(cards => cards.includes(document.activeElement));

	if (!step || x < 0)
		return;
	const y = columns[x].indexOf(document.activeElement);
	const cards = columns[x + step[0]];

	event.preventDefault();
	cards?.[Math.min(y + step[1], cards.length - 1)]?.focus();
}

function choices(kinds, chosen, closed) {
	const change = event => cockpit.location.go(["boards"], { kind: event.target.value, ...(closed ? { closed: "yes" } : {}) });
	const packs = [...new Set(kinds.map(kind => kind.pack))];

	return h("label", null, say("boards.kind"), h("select", { id: "kind", onchange: change }, packs.map(pack =>
		h("optgroup", { label: text(kinds.find(kind => kind.pack === pack).pack_title) || pack },
			kinds.filter(kind => kind.pack === pack).map(kind =>
				h("option", { value: kind.id, selected: kind === chosen }, text(kind.title) || kind.kind))))));
}

export async function boards(page, path, options) {
	const [kinds, me] = await Promise.all([matterKinds(), myself()]);
	const mine = kind => me.roles.some(role => role.startsWith(`${kind.pack}.`));
	const chosen = kinds.find(kind => kind.id === options.kind) ?? kinds.find(mine) ?? kinds[0];
	const closed = options.closed === "yes";
	const found = [];

	page.append(h("h1", null, say("menu.boards")));
	if (!chosen) {
		page.append(h("p", { class: "nothing" }, say("boards.no-packs")));
		return;
	}
	const search = h("input", { type: "search", id: "search", oninput: () => draw() });
	const overdue = h("input", { type: "checkbox", id: "overdue", onchange: () => draw() });
	const all = h("input", { type: "checkbox", id: "closed", checked: closed, onchange: () =>
		cockpit.location.go(["boards"], { kind: chosen.id, ...(closed ? {} : { closed: "yes" }) }) });
	const board = h("div", { class: "board", onkeydown: event => move(board, event) });

	function draw() {
		const words = search.value.trim().toLowerCase();
		const shown = found.filter(row => (!words || row.searched.includes(words)) && (!overdue.checked || row.overdue));
		const stages = chosen.order.filter(name => closed || !chosen.stages[name]?.final);

		fill(board, stages.map(name => column(name, chosen.stages[name], shown.filter(row => row.stage === name))));
		announce(say("boards.found", { count: shown.length }));
	}

	page.append(h("form", { class: "filters", role: "search", onsubmit: event => event.preventDefault() },
		choices(kinds, chosen, closed), h("label", null, say("boards.search"), search),
		h("label", { class: "tick" }, overdue, say("boards.only-overdue")),
		h("label", { class: "tick" }, all, say("boards.with-closed"))), board);
	// What begins a matter, or is about none
	const offers = await rows("offers", { pack: chosen.pack });

	if (offers.length)
		page.append(section("begin", say("boards.begin"), list(offers.map(act => actEntry(act)), "")));
	const filter = { pack: chosen.pack, kind: chosen.kind, ...(closed ? {} : { open: true }) };
	const take = rows => {
		found.push(...rows.map(row => ({ ...row, searched: searched(row) })));
		draw();
		return board.isConnected || found.length <= rows.length;
	};

	// The first page is waited for; those behind it are added as they come.
	await new Promise((resolve, reject) => eachPage("matters", filter, rows => {
		const goOn = take(rows);

		resolve();
		return goOn;
	}).then(resolve, reject));
}
