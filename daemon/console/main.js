// SPDX-License-Identifier: GPL-2.0-only
// Which page is shown: by the address behind the "#", which Cockpit's shell follows.
import { boards } from "./boards.js";
import { calendar } from "./calendar.js";
import { fill, h } from "./dom.js";
import { evidence } from "./evidence.js";
import { matter } from "./matter.js";
import { notices } from "./notices.js";
import { reports } from "./reports.js";
import { myself } from "./station.js";
import { today } from "./today.js";
import { language, say } from "./words.js";

const pages = { today, boards, matter, calendar, notices, reports, evidence };
const inMenu = ["today", "boards", "calendar", "notices", "reports", "evidence"];
let shown = 0;

function menu(current) {
	return h("nav", { "aria-label": say("menu.label") }, h("ul", { class: "menu" }, inMenu.map(name =>
		h("li", null, h("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null },
			say(`menu.${name}`))))));
}

// Who acts here is the person who logged in, so that stands on each page.
async function person() {
	const me = await myself();

	return h("p", { class: "person" }, me.name ? say("person", { ...me, office: me.office_name ?? me.office }) :
		say("person.nobody", me));
}

async function show() {
	const { path, options } = cockpit.location;
	const name = path[0] in pages ? path[0] : "today";
	const page = document.getElementById("page");
	const mine = ++shown;

	fill(document.getElementById("head"), h("a", { class: "skip", href: "#page", onclick: skip }, say("menu.skip")),
		h("p", { class: "brand" }, say("brand")), menu(name === "matter" ? "boards" : name), h("div", { id: "person" }));
	page.setAttribute("aria-busy", "true");
	const content = h("div", { class: `page ${name}` });
	const who = person().catch(() => "");
	try {
		await pages[name](content, path.slice(1), options);
	} catch (error) {
		console.warn(error.message);
		content.append(h("div", { class: "trouble", role: "alert" }, h("h2", null, say("trouble.title")), h("p", null, error.message)));
	}
	// Somebody may have gone on meanwhile.
	if (mine !== shown)
		return;
	fill(page, content);
	fill(document.getElementById("person"), await who);
	document.title = `${content.querySelector("h1")?.textContent ?? ""} · ${say("brand")}`;
	page.setAttribute("aria-busy", "false");
}

function skip(event) {
	event.preventDefault();
	document.getElementById("page").focus();
}

// Within Cockpit's own page the base of an address is another than the page.
document.addEventListener("click", event => {
	const link = event.target.closest?.('a[href^="#/"]');

	if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
		event.preventDefault();
		window.location.hash = link.getAttribute("href");
	}
});

// "/" goes to where one searches, unless somebody writes.
document.addEventListener("keydown", event => {
	const search = document.getElementById("search");

	if (event.key === "/" && search && !event.target.matches("input, textarea, select")) {
		event.preventDefault();
		search.focus();
	}
});

document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
cockpit.addEventListener("locationchanged", () => show().then(() => {
	document.getElementById("page").focus({ preventScroll: true });
	window.scrollTo(0, 0);
}));
show();
