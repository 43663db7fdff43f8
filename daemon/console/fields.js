// SPDX-License-Identifier: GPL-2.0-only
// One field of an act as something to fill in, by the type that the pack declares.
import { h } from "./dom.js";
import { keep, rows, stationZone } from "./station.js";
import { say, text } from "./words.js";

const LONG = 100; // characters from which on a text gets several lines

function choice(attributes, options, field) {
	return h("select", attributes, field.required && field.default === undefined ? h("option", { value: "" }, "") : null,
		field.required || field.default !== undefined ? null : h("option", { value: "" }, say("form.none")),
		options.map(([value, words]) => h("option", { value, selected: String(field.default ?? "") === String(value) }, words)));
}

async function people() {
	return (await rows("actors", { limit: 1000 })).map(actor => [actor.uid, `${actor.name}, ${actor.office_name ?? actor.office} (${actor.uid})`]);
}

async function offices() {
	return (await rows("offices", { limit: 1000 })).map(office => [office.id, `${office.name} (${office.id})`]);
}

async function places(attributes) {
	const list = `${attributes.id}-known`;
	const known = await rows("places", { limit: 1000 });

	return h("span", null, h("input", { ...attributes, list }), h("datalist", { id: list },
		known.map(place => h("option", { value: place.id }, place.name))));
}

function number(attributes, field) {
	return h("input", { ...attributes, type: "number", min: field.min, max: field.max, value: field.default,
		step: field.type === "integer" ? 1 : "any" });
}

function written(attributes, field) {
	const more = { ...attributes, minlength: field.min, maxlength: field.max };

	return (field.max ?? LONG) < LONG ? h("input", { ...more, value: field.default }) : h("textarea", { ...more, rows: 2 }, field.default ?? "");
}

// What one writes or chooses; a file for a blob
async function control(field, attributes) {
	switch (field.type) {
	case "number":
	case "integer": return number(attributes, field);
	case "boolean": return choice(attributes, [["true", say("form.yes")], ["false", say("form.no")]], field);
	case "enum": return choice(attributes, field.values.map(value => [value, value]), field);
	case "date": return h("input", { ...attributes, type: "date" });
	case "time": return h("input", { ...attributes, type: "datetime-local" });
	case "uid": return choice(attributes, await people(), field);
	case "office": return choice(attributes, await offices(), field);
	case "place": return places(attributes);
	case "blob": return h("input", { ...attributes, type: "file" });
	case "list":
		return field.of?.type === "blob" ? h("input", { ...attributes, type: "file", multiple: true }) :
			h("textarea", { ...attributes, rows: 3 });
	case "object":
	case "any": return h("textarea", { ...attributes, rows: 3 });
	default: return written(attributes, field);
	}
}

// A minute at the station, as a time with its zone
function zoned(value) {
	const minutes = Math.abs(stationZone()) / 60;
	const two = count => String(Math.floor(count)).padStart(2, "0");

	return `${value}:00${stationZone() < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

function one(type, value) {
	if (type === "number" || type === "integer" || type === "uid")
		return Number(value);
	if (type === "boolean")
		return value === "true";
	if (type === "time")
		return zoned(value);
	return type === "object" || type === "any" ? JSON.parse(value) : value;
}

async function read(field, input) {
	if (input.type === "file") {
		const hashes = await Promise.all([...input.files].map(keep));

		return field.type === "list" ? (hashes.length ? hashes : undefined) : hashes[0];
	}
	if (input.value === "")
		return undefined;
	if (field.type === "list")
		return input.value.split("\n").filter(line => line.trim()).map(line => one(field.of?.type, line.trim()));
	return one(field.type, input.value);
}

// { element, input, value(), refuse(why) } of a field; given is a value that stands already
export async function fieldOf(prefix, name, field, given) {
	const id = `${prefix}-${name}`;
	const attributes = { id, name, required: field.required, "aria-describedby": `${id}-doc ${id}-why` };
	const input = given === undefined ? await control(field, attributes) : h("input", { ...attributes, value: given, readonly: true });
	const filled = input.matches("input, select, textarea") ? input : input.querySelector("input");
	const why = h("p", { class: "refusal", id: `${id}-why` });
	const hints = [text(field.doc), field.unit, field.type === "list" && field.of?.type !== "blob" ? say("form.lines") : null,
		field.type === "object" || field.type === "any" ? "JSON" : null].filter(Boolean);

	return {
		element: h("div", { class: "field" }, h("label", { for: id }, name, field.required ? null : h("span", { class: "detail" }, ` ${say("form.optional")}`)),
			input, h("p", { class: "detail", id: `${id}-doc` }, hints.join("; ")), why),
		value: () => given !== undefined ? given : read(field, filled),
		refuse(words) {
			why.textContent = words;
			filled.setAttribute("aria-invalid", words ? "true" : "false");
			if (words)
				filled.focus();
		},
	};
}
