// SPDX-License-Identifier: GPL-2.0-only
// What leaves the station as evidence: the log itself, bundles, and what comes back checked.
// Words about records and verdicts are tongbuctl's.
import { announce, fill, h, section } from "./dom.js";
import { run, runForJson } from "./station.js";
import { say } from "./words.js";

const SHOWN = 200; // records at first, and at most while new ones come
const LARGEST = 256 * 1024 * 1024;

// Do something in a directory of the person's own that is gone afterwards.
async function inPassing(use) {
	const made = await run(["mktemp", "-d"]);

	if (made.status !== 0)
		throw new Error(made.error);
	const folder = made.out.trim();

	try {
		return await use(folder);
	} finally {
		await run(["rm", "-r", folder]);
	}
}

function download(name, type, content) {
	return h("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name }, name);
}

// The log

function chosen(form) {
	return [...new FormData(form)].filter(([name, value]) => value.trim() && name !== "follow")
		.flatMap(([name, value]) => [`--${name}`, value.trim()]);
}

let following; // the program that tells of new records, while one does

function stop() {
	following?.close();
	following = undefined;
}

function append(lines, text) {
	lines.append(...text.split("\n").filter(Boolean).map(line => h("li", null, line)));
	while (lines.children.length > SHOWN)
		lines.firstChild.remove();
}

function follow(lines, options) {
	const mine = cockpit.spawn(["tongbuctl", "log", "--follow", "--no-pager", ...options], { err: "message" });
	let rest = "";

	following = mine;
	mine.stream(text => {
		// Whoever has left the page wants no more.
		if (!lines.isConnected || following !== mine) {
			mine.close();
			return;
		}
		const whole = (rest + text).split("\n");
		rest = whole.pop();
		append(lines, whole.join("\n"));
	});
	mine.then(() => {}, () => {});
}

async function look(form, lines, trouble) {
	const options = chosen(form);
	const result = await run(["tongbuctl", "log", "--no-pager", "-n", String(SHOWN), ...options]);

	stop();
	fill(lines);
	fill(trouble, result.status === 0 ? "" : result.error);
	append(lines, result.out);
	announce(say("log.found", { count: lines.children.length }));
	if (result.status === 0 && form.elements.follow.checked)
		follow(lines, options);
}

function log() {
	const trouble = h("p", { class: "refusal", role: "alert" });
	const lines = h("ol", { class: "log", tabindex: "0", "aria-label": say("log.title") });
	const field = name => h("label", null, say(`log.${name}`), h("input", { name, id: `log-${name}` }));
	const form = h("form", { class: "filters", onsubmit: event => {
		event.preventDefault();
		look(form, lines, trouble);
	} }, ["since", "until", "kind", "source", "uid"].map(field),
	h("label", { class: "tick" }, h("input", { type: "checkbox", name: "follow" }), say("log.follow")),
	h("button", { type: "submit" }, say("log.show")));

	look(form, lines, trouble);
	return section("log", say("log.title"), form, trouble, lines);
}

// A bundle

async function makeBundle(challenge, answer) {
	fill(answer, say("bundle.working"));
	await inPassing(async folder => {
		const path = `${folder}/station.bundle`;
		const made = await run(["tongbuctl", "bundle", "export", path, ...(challenge ? ["--challenge", challenge] : [])]);

		if (made.status !== 0) {
			fill(answer, h("span", { class: "refusal" }, made.error));
			return;
		}
		const bytes = await cockpit.file(path, { binary: true, max_read_size: LARGEST }).read();
		fill(answer, download("station.bundle", "application/octet-stream", bytes), ` ${made.out.trim()}`);
	}).catch(error => fill(answer, h("span", { class: "refusal" }, error.message)));
}

function bundle() {
	const answer = h("p", { role: "status", class: "answer" });
	const challenge = h("input", { id: "challenge", pattern: "[0-9a-fA-F]*", "aria-describedby": "challenge-doc" });

	return section("bundle", say("bundle.title"), h("form", { class: "filters", onsubmit: event => {
		event.preventDefault();
		makeBundle(challenge.value.trim(), answer);
	} }, h("label", null, say("bundle.challenge"), challenge), h("button", { type: "submit" }, say("bundle.make"))),
	h("p", { class: "detail", id: "challenge-doc" }, say("bundle.doc")), answer);
}

// A verdict

async function put(path, file) {
	await cockpit.file(path, { binary: true }).replace(new Uint8Array(await file.arrayBuffer()));
}

// Of what was dropped the first that is no receipt is the bundle.
async function verify(files, key, answer) {
	const receipts = files.filter(file => file.name.endsWith(".receipt"));
	const [evidence] = files.filter(file => !receipts.includes(file));

	if (!evidence) {
		fill(answer, h("span", { class: "refusal" }, say("verify.no-bundle")));
		return;
	}
	fill(answer, say("verify.working", { name: evidence.name }));
	await inPassing(async folder => {
		await put(`${folder}/bundle`, evidence);
		await Promise.all(receipts.map((file, i) => put(`${folder}/${i}.receipt`, file)));
		const told = await run(["tongbuctl", "verify", `${folder}/bundle`, key ? `--key=${key}` : "--no-key",
			`--page=${folder}/page.html`,
			...receipts.map((file, i) => `--receipt=${folder}/${i}.receipt`)]);
		const page = await cockpit.file(`${folder}/page.html`, { max_read_size: LARGEST }).read();
		const good = told.status === 0;

		fill(answer, h("strong", { class: `mark ${good ? "ok" : "fault"}` }, say(good ? key ? "verify.good" : "verify.structure" : "verify.bad")),
			h("pre", null, `${told.out}${good ? "" : told.error}`.replaceAll(`${folder}/bundle`, evidence.name)),
			page ? h("p", null, download(`${evidence.name}.html`, "text/html", page)) : null);
	}).catch(error => fill(answer, h("span", { class: "refusal" }, error.message)));
}

function verdict() {
	const answer = h("div", { role: "status", class: "answer", id: "verdict" });
	const key = h("input", { id: "key", "aria-describedby": "key-doc", autocomplete: "off" });
	const take = files => verify([...files], key.value.trim(), answer);

	return section("verify", say("verify.title"), h("div", { class: "filters" }, h("label", null, say("verify.key"), key)),
		h("p", { class: "detail", id: "key-doc" }, say("verify.key-doc")), h("div", { class: "drop",
		ondragover: event => event.preventDefault(),
		ondrop: event => {
			event.preventDefault();
			take(event.dataTransfer.files);
		} }, h("label", null, say("verify.drop"), h("input", { type: "file", id: "evidence", multiple: true, onchange: event => {
			take(event.target.files);
			event.target.value = "";
		} }))), answer);
}

// What tongbuctl knows of the chains there are
async function chains() {
	const { rows, error } = await runForJson(["tongbuctl", "chain", "list"]);

	return rows.length ? h("ul", { class: "rows" }, rows.map(row => h("li", null, h("code", null, row.chain),
		` ${say("chain.range", { first: row.first, last: row.last })}`, row.archived ? ` ${row.archived}` : ""))) :
		h("p", { class: "refusal" }, error);
}

export async function evidence(page) {
	stop();
	page.append(h("h1", null, say("menu.evidence")), verdict(), bundle(),
		section("chains", say("chain.title"), await chains()), log());
}
