// SPDX-License-Identifier: GPL-2.0-only
// What was made public, the newest first, and what of it was taken back.
import { h, list } from "./dom.js";
import { eachPage } from "./station.js";
import { say, text, word } from "./words.js";
import { minute } from "./when.js";

function entry(notice) {
	const when = notice.to ? say("notices.between", { from: minute(notice.from), to: minute(notice.to) }) :
		say("notices.since", { from: minute(notice.from ?? notice.time) });

	return h("article", { class: notice.cancelled === null ? null : "cancelled" },
		h("h2", null, text(notice.title) || notice.kind),
		h("p", { class: "detail" }, [when, notice.place, notice.group, notice.record].filter(Boolean).join(" · ")),
		h("p", null, text(notice.text)),
		notice.cancelled === null ? null : h("p", null, h("strong", { class: "mark warn" }, word("state", "cancelled")), " ", text(notice.cancelled)));
}

export async function notices(page, path, options) {
	const all = options.all === "yes";
	const found = [];

	await eachPage("notices", all ? {} : { open: true }, rows => found.push(...rows));
	page.append(h("h1", null, say("menu.notices")),
		h("form", { class: "filters", onsubmit: event => event.preventDefault() }, h("label", { class: "tick" },
			h("input", { type: "checkbox", id: "cancelled", checked: all, onchange: () =>
				cockpit.location.go(["notices"], all ? {} : { all: "yes" }) }), say("notices.all"))),
		list(found.map(entry), say("notices.none"), { class: "rows notices" }));
}
