// SPDX-License-Identifier: GPL-2.0-only
// Acts as forms, made from what packs declare; what comes of one, at the field at fault or as
// a receipt. The act is tongbuctl's, run as the person: the kernel seals that person's uid.
import { announce, fill, h } from "./dom.js";
import { fieldOf } from "./fields.js";
import { matterLink } from "./row.js";
import { myself, runForJson } from "./station.js";
import { say, text } from "./words.js";

// The form's first refusal, and which field it names, if it names one
function refusalOf(outcome) {
	const found = outcome?.findings?.find(finding => ["engine.refused", "engine.failed"].includes(finding.rule));
	const words = typeof found?.text === "object" ? found.text.en : found?.text;

	return found && { words: text(found.text), field: words?.match(/^field ([\w-]+)/)?.[1] };
}

function receipt(outcome) {
	const file = URL.createObjectURL(new Blob([JSON.stringify(outcome.receipt) + "\n"], { type: "application/json" }));

	return h("div", { class: "receipt", tabindex: "-1" },
		h("p", null, h("strong", { class: "mark ok" }, say("form.done")), " ", h("code", null, outcome.record)),
		outcome.matters.map(row => h("p", null, matterLink(row.id, row.title), ` ${row.stage}`)),
		outcome.findings.map(row => h("p", null, h("strong", { class: `mark ${row.level}` }, row.rule), " ", text(row.text))),
		h("p", null, h("a", { href: file, download: `${outcome.record.replace(":", "-")}.receipt` }, say("form.receipt"))),
		h("p", null, h("button", { type: "button", onclick: () => cockpit.dispatchEvent("locationchanged") }, say("form.refresh"))));
}

async function submit(act, form, fields, signed) {
	const button = form.querySelector("button");
	const data = {};

	for (const one of [...Object.values(fields), signed])
		one.refuse("");
	for (const [name, field] of Object.entries(fields)) {
		try {
			const value = await field.value();

			if (value !== undefined)
				data[name] = value;
		} catch (error) {
			field.refuse(error.message);
			return;
		}
	}
	button.disabled = true;
	const result = await runForJson(["tongbuctl", "act", act.id, "--wait", "--json-data", JSON.stringify(data)]);
	const [outcome] = result.rows;
	const refused = refusalOf(outcome);

	button.disabled = false;
	if (refused) {
		(fields[refused.field] ?? signed).refuse(`${say("form.refused", { record: outcome.record })} ${refused.words}`);
		announce(refused.words);
	} else if (outcome) {
		const shown = receipt(outcome);

		form.replaceWith(shown);
		shown.focus();
	} else {
		signed.refuse(result.error);
	}
}

// Who signs: a refusal that is about no field is about who does it, where and when.
async function signature(id, barred) {
	const me = await myself();
	const why = h("p", { class: "refusal", id: `${id}-why`, tabindex: "-1", role: "alert" }, barred ? text(barred) : "");

	return {
		element: h("div", { class: "field" }, h("p", null, say("form.signed", { name: me.name ?? me.login, uid: me.uid })), why),
		refuse(words) {
			why.textContent = words;
			if (words)
				why.focus();
		},
	};
}

async function form(act) {
	const prefix = `act-${act.pack}-${act.kind}`;
	const fields = {};
	// What must be there comes first.
	const names = Object.keys(act.fields ?? {}).sort((a, b) =>
		(b === act.field) - (a === act.field) || Boolean(act.fields[b].required) - Boolean(act.fields[a].required));

	for (const name of names)
		fields[name] = await fieldOf(prefix, name, act.fields[name], name === act.field ? act.value : undefined);
	const signed = await signature(prefix, act.barred);
	const element = h("form", { class: "act", onsubmit: event => {
		event.preventDefault();
		submit(act, element, fields, signed);
	} }, Object.values(fields).map(field => field.element), signed.element,
	h("p", { class: "detail" }, say("form.warning")), h("button", { type: "submit" }, say("form.submit")));

	return element;
}

// An act that opens into its form
export function actEntry(act) {
	const place = h("div");
	const open = event => {
		if (event.target.open && !place.firstChild)
			form(act).then(made => fill(place, made), error => fill(place, h("p", { class: "trouble", role: "alert" }, error.message)));
	};

	return h("details", { class: act.barred ? "offer barred" : "offer", id: `offer-${act.kind}`, ontoggle: open },
		h("summary", null, h("strong", null, act.kind), " ", h("span", { class: "detail" }, text(act.doc)),
			act.barred ? h("span", { class: "refusal" }, ` ${text(act.barred)}`) : null), place);
}
