// SPDX-License-Identifier: GPL-2.0-only
// Which language, and what is said in it. en.js and zh.js have the same keys; what packs and
// the referee say comes in both languages by itself.
import en from "./en.js";
import zh from "./zh.js";

const known = { en, zh };

export const language = navigator.languages.map(name => name.slice(0, 2).toLowerCase())
	.find(name => name in known) ?? "en";

// The message of a key; {name} in it is values.name.
export function say(key, values) {
	const message = known[language][key];

	if (message === undefined)
		throw new Error(`there are no words for ${key}`);
	return message.replace(/\{(\w+)\}/g, (all, name) => values?.[name] ?? all);
}

// A word of the state, as "overdue"; those that no catalogue has are shown as they are.
export function word(kind, name) {
	return known[language][`${kind}.${name}`] ?? name;
}

// Text of a pack: one text, or one for each language
export function text(value) {
	if (value === null || value === undefined)
		return "";
	return typeof value === "object" ? value[language] ?? value.en ?? value.zh ?? "" : String(value);
}
