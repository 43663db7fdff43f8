// SPDX-License-Identifier: GPL-2.0-only
// Deadlines by the day on which they end, a month at a time.
import { h } from "./dom.js";
import { eachPage } from "./station.js";
import { language, say, text } from "./words.js";
import { day } from "./when.js";

// The month so many months on: 2026-11 and 2 is 2027-01
function later(month, count) {
	const [year, number] = month.split("-").map(Number);

	return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

// Weeks from Monday to Sunday; null is a day of another month.
function weeks(month) {
	const [year, number] = month.split("-").map(Number);
	const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
	const before = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
	const cells = [...Array(before).fill(null), ...Array.from({ length: days }, (_, i) => `${month}-${String(i + 1).padStart(2, "0")}`)];

	while (cells.length % 7)
		cells.push(null);
	return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(7 * i, 7 * i + 7));
}

function names() {
	const format = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en", { weekday: "short", timeZone: "UTC" });

	// 2024 began on a Monday.
	return Array.from({ length: 7 }, (_, i) => format.format(Date.UTC(2024, 0, 1 + i)));
}

function entry(clock) {
	return h("li", { class: clock.state === "overdue" ? "overdue" : null },
		h("a", { href: `#/matter/${encodeURIComponent(clock.matter)}` }, text(clock.matter_title) || clock.matter),
		h("span", { class: "detail" }, ` ${text(clock.law?.clause) || clock.name}`));
}

export async function calendar(page, path, options) {
	const today = day(Date.now() / 1000);
	const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(options.month) ? options.month : today.slice(0, 7);
	const found = [];

	await eachPage("clocks", { open: true }, rows => found.push(...rows));
	const go = (name, count) => h("a", { href: `#/calendar?month=${later(month, count)}` }, say(name));

	page.append(h("h1", null, `${say("menu.calendar")} ${month}`),
		h("p", { class: "line" }, go("calendar.before", -1), go("calendar.after", 1)),
		h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": month }, h("table", { class: "month" },
			h("thead", null, h("tr", null, names().map(name => h("th", { scope: "col" }, name)))),
			h("tbody", null, weeks(month).map(week => h("tr", null, week.map(date => date === null ? h("td") :
				h("td", { class: date === today ? "today" : null, "aria-current": date === today ? "date" : null, id: `day-${date}` },
					h("strong", null, date.slice(8)), h("ul", null, found.filter(clock => day(clock.due) === date).map(entry))))))))));
}
