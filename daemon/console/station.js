// SPDX-License-Identifier: GPL-2.0-only
// What pages ask of the station, and how a person acts there.
import { ask, referee } from "./varlink.js";
import { language } from "./words.js";

const PAGE = 1000; // rows in one answer, the most there may be

let zone = 0;
let kinds, me;

// Seconds east of UTC at the station, as of the last answer
export function stationZone() {
	return zone;
}

async function query(what, filter) {
	const reply = await ask(referee, "Query", { what, filter });

	zone = reply.zone;
	return reply;
}

// Rows of a list, the first ones if there are more than limit
export async function rows(what, filter) {
	return (await query(what, filter)).rows;
}

// All rows of a list, page by page; each page is handed on as it comes.
export async function eachPage(what, filter, take) {
	let after;

	for (;;) {
		const page = await rows(what, { ...filter, limit: PAGE, ...(after === undefined ? {} : { after }) });

		if (!take(page) || page.length < PAGE)
			return;
		after = page[page.length - 1].id;
	}
}

// What the referee says of itself with an answer: whether it is the last state
export async function standing() {
	const { trouble, remaking } = await query("packs", { open: true });

	return { trouble, remaking };
}

// The matters there can be, with their stages in order; of packs in force
export async function matterKinds() {
	kinds ??= (await rows("kinds")).map(row => ({ ...row, order: inOrder(row.first, row.stages) }));
	return kinds;
}

// From the first stage on, by where each leads; what nothing leads to comes last.
function inOrder(first, stages) {
	const order = [first];

	for (let i = 0; i < order.length; i++)
		for (const next of [stages[order[i]]?.to ?? []].flat())
			if (!order.includes(next) && next in stages)
				order.push(next);
	const rest = Object.keys(stages).filter(name => !order.includes(name)).sort();
	return [...order, ...rest].sort((a, b) => Boolean(stages[a]?.final) - Boolean(stages[b]?.final));
}

// Who logged in: as an actor of the station, or without office and roles
export async function myself() {
	if (!me) {
		const user = await cockpit.user();
		const [actor] = await rows("actors", { uid: user.id });

		me = { uid: user.id, login: user.name, ...(actor ?? { name: null, office: null, roles: [] }) };
	}
	return me;
}

// Keep a file beside the records; its name is the hash that goes on record.
export async function keep(file) {
	const bytes = new Uint8Array(await file.arrayBuffer());
	let text = "";

	for (const byte of bytes)
		text += String.fromCharCode(byte);
	return (await ask(referee, "PutBlob", { bytes: btoa(text) })).hash;
}

// The rows of a report of a pack; asked are its own words, as from and to
export async function report(pack, name, asked) {
	return (await ask(referee, "Report", { pack, report: name, query: asked })).rows;
}

// Run a program as the person who logged in. The promise is kept however it ends:
// { status, out, error }, status null if it could not be run.
export function run(command) {
	const locale = language === "zh" ? "zh_CN.UTF-8" : "C.UTF-8";

	return new Promise(resolve => cockpit.spawn(command, { err: "message", environ: [`LC_ALL=${locale}`] })
		.then(out => resolve({ status: 0, out, error: "" }), (failure, out) => resolve({
			status: failure.exit_status ?? null, out: out ?? "", error: failure.message || failure.problem || "",
		})));
}

// The same, for one that prints JSON objects, one a line
export async function runForJson(command) {
	const result = await run([...command, "--json"]);

	return { ...result, rows: result.out.split("\n").filter(line => line.startsWith("{")).map(line => JSON.parse(line)) };
}
