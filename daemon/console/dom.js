// SPDX-License-Identifier: GPL-2.0-only
// Elements out of what the station says. Text becomes text nodes, never markup.

// h("a", { href: "#/today", class: "card" }, "text", more...): an element. An attribute of
// null or false is left out; one that begins with "on" is a listener.
export function h(name, attributes, ...children) {
	const element = document.createElement(name);

	for (const [key, value] of Object.entries(attributes ?? {})) {
		if (value === null || value === undefined || value === false)
			continue;
		if (key.startsWith("on"))
			element.addEventListener(key.slice(2), value);
		else
			element.setAttribute(key, value === true ? "" : value);
	}
	element.append(...nodes(children));
	return element;
}

function nodes(children) {
	return children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false);
}

// Put these children in the place of those there are.
export function fill(element, ...children) {
	element.replaceChildren(...nodes(children));
	return element;
}

// A list, or the words that say there is nothing
export function list(items, nothing, attributes) {
	return items.length ? h("ul", { class: "rows", ...attributes }, items.map(item => h("li", null, item))) :
		h("p", { class: "nothing" }, nothing);
}

// A part of a page under a heading of its own
export function section(id, heading, ...children) {
	return h("section", { "aria-labelledby": id }, h("h2", { id }, heading), children);
}

// What is read out, and nowhere seen
export function announce(words) {
	fill(document.getElementById("said"), words);
}
