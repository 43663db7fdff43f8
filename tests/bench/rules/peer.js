// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conditions of market and of sentence's commutation for json-rules-engine: peer.js
 * PACKS FILE. Those of a commutation are made of the pack's own tables when it begins,
 * for the day all cases have; those of a knife are the notice's five clauses, its
 * exemption and its limits. Writes the findings of each line of FILE.
 */
import { readFileSync } from "node:fs";
import { Engine } from "json-rules-engine";

const [packs, file] = process.argv.slice(2);
const ON = "2026-11-20";

function table(pack, name) {
	const text = readFileSync(`${packs}/${pack}/data/${name}.csv`, "utf8");
	const rows = [[]];
	for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\r?\n|$)/g)) {
		rows.at(-1).push(quoted !== undefined ? quoted.replaceAll('""', '"') : plain);
		if (end !== ",")
			rows.push([]);
	}
	const names = rows.shift();
	return rows.filter((r) => r.length === names.length)
		.map((r) => Object.fromEntries(names.map((n, i) => [n, r[i]])));
}

// Facts and limits

const truth = (v) => Array.isArray(v) ? v.length > 0 : v !== undefined && v !== null && v !== false;
const units = { y: 12, mo: 1, d: 1 };

function literal(text) {
	const unit = /^(\d+(?:\.\d+)?)(y|mo|d)?$/.exec(text);
	return unit ? Number(unit[1]) * (units[unit[2]] ?? 1) : text;
}

function figure(text) {
	const part = /^(\d+)\/(\d+)$/.exec(text);
	return part ? part[1] / part[2] : Number(text);
}

function dayAfter(from, n, unit) {
	const [year, month, day] = from.split("-").map(Number);
	if (unit !== "months")
		return new Date(Date.UTC(year, month - 1, day + n)).toISOString().slice(0, 10);
	const whole = Math.floor(n + 1e-9), days = Math.floor((n - whole) * 30 + 0.5);
	const last = new Date(Date.UTC(year, month + whole, 0)).getUTCDate();
	return new Date(Date.UTC(year, month - 1 + whole, Math.min(day, last) + days)).toISOString().slice(0, 10);
}

const holds = {
	">=": (a, b) => a >= b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, "<": (a, b) => a < b,
	"=": (a, b) => a === b, "!=": (a, b) => a !== b,
};

// Conditions as tables write them

function term(word) {
	const found = /^(!?)([\w.]+)(?:(<=|>=|!=|[<>=~])(.+))?$/.exec(word);
	const [, not, fact, op, text] = found;
	if (!op)
		return { fact, operator: not ? "no" : "yes", value: true };
	const value = text.split("|").map(literal);
	const operators = { "=": "in", "!=": "notIn", "~": "has", "<": "lessThan", "<=": "lessThanInclusive",
		">": "greaterThan", ">=": "greaterThanInclusive" };
	return { fact, operator: operators[op], value: "=~!=".includes(op) ? value : value[0] };
}

const words = (text) => text.split(/\s+/).filter(Boolean);
const expression = (text) => ({ all: words(text).map(term) });

// None of none would hold here: what is never true is among them.
function alternatives(text) {
	const list = text.split(";").filter((one) => one.trim()).map(expression);
	return { any: [{ fact: "on", operator: "no", value: true }, ...list] };
}

function lawOf(law, id) {
	const rows = law.filter((row) => row.id === id);
	const row = rows.find((one) => one.from <= ON && (!one.until || ON <= one.until));
	return row ?? (ON < rows[0].from && rows[0].before !== "none" ? rows[0] : undefined);
}

// The condition is met where what the row demands is not
function failure(engine, row, law, facts, widen) {
	const [limit, times] = row.limit.split("*");
	if (row.op === "never")
		return { fact: "on", operator: "yes", value: true };
	if (row.op === "yes" || row.op === "no")
		return { fact: row.fact, operator: row.op === "yes" ? "no" : "yes", value: true };
	const text = lawOf(law, limit), name = `fails ${row.op} ${limit} ${widen ?? 0} ${row.fact}`;
	const unit = times ? facts[times].unit : text.unit;
	let bound = figure(text.figure);
	if (widen)
		bound *= row.op === "<=" ? 1 + widen : 1 - widen;
	engine.addOperator(name, (value, by) => {
		if (value === undefined || value === null)
			return false;
		const n = bound * (by ?? 0);
		return !(typeof value === "object" ? holds[row.op](value.to, dayAfter(value.from, n, unit)) :
			holds[row.op](value, n));
	});
	return { fact: row.fact, operator: name, value: times ? { fact: times } : 1 };
}

function addRow(engine, row, i, law, facts) {
	const [limit] = row.limit.split("*");
	if (!words(row.case).includes("commutation") || !lawOf(law, limit))
		return;
	const fails = { all: [expression(row.when), { not: alternatives(row.unless) }, failure(engine, row, law, facts)] };
	const by = row.by ? lawOf(law, row.by) : undefined;
	const priority = row.when.includes("found.") ? 1 : 2;
	if (!by) {
		engine.addRule({ name: `${i}`, conditions: fails, event: { type: row.rule }, priority });
		return;
	}
	const mild = { all: [alternatives(row.relax)] };
	if (by.figure)
		mild.all.push({ not: failure(engine, row, law, facts, figure(by.figure)) });
	engine.addRule({ name: `${i}`, conditions: { all: [fails, { not: mild }] }, event: { type: row.rule }, priority });
	engine.addRule({ name: `${i} mild`, conditions: { all: [fails, mild] }, event: { type: `${row.rule}.refer` }, priority });
}

function commutation() {
	const engine = new Engine([], { allowUndefinedFacts: true });
	const law = table("sentence", "law");
	const facts = Object.fromEntries(table("sentence", "facts").map((row) => [row.id, row]));
	engine.addOperator("yes", truth);
	engine.addOperator("no", (v) => !truth(v));
	engine.addOperator("has", (list, wanted) => Array.isArray(list) && list.some((v) => wanted.includes(v)));
	table("sentence", "conditions").forEach((row, i) => addRow(engine, row, i, law, facts));
	engine.on("success", (event, almanac) => almanac.addFact(`found.${event.type}`, true));
	return engine;
}

// Knives: 公通字[2007]2号

const is = (fact, value = true) => ({ fact, operator: "equal", value });
const at = (name) => ({ condition: name });
const fit = {
	"clause.1": [[is("hilt"), is("guard"), is("blood_groove")], [["tip_angle", "lessThan", 60]]],
	"clause.2": [[is("scraper"), is("edges", "triple")], []],
	"clause.3": [[{ any: [is("spring"), is("folding")] }, is("self_lock")], []],
	"clause.4": [[], [["tip_angle", "lessThan", 60], ["blade", "greaterThan", 150]]],
	"clause.5": [[], [["tip_angle", "greaterThan", 60], ["blade", "greaterThan", 220]]],
};

function knife() {
	const engine = new Engine([], { allowUndefinedFacts: true });
	const clauses = Object.keys(fit);
	const met = { any: clauses.map((name) => at(`${name} yes`)) };
	const edge = { any: clauses.map((name) => at(`${name} edge`)) };
	const uses = { fact: "use", operator: "in", value: ["martial", "craft", "gift"] };
	for (const [name, [features, limits]] of Object.entries(fit)) {
		const yes = limits.map(([fact, operator, value]) => ({ fact, operator, value }));
		const near = limits.map(([fact, operator, value]) => ({ fact, operator: `${operator}Inclusive`, value }));
		engine.setCondition(`${name} yes`, { all: [...features, ...yes] });
		engine.setCondition(`${name} edge`, { all: limits.length ? [...features, ...near, { not: { all: yes } }] : [is("never")] });
	}
	const blunt = [is("sharpened", false), { fact: "tip_radius", operator: "greaterThanInclusive", value: 2.5 }];
	const exempt = { all: [is("sharpened", false), { fact: "tip_radius", operator: "greaterThan", value: 2.5 }, uses] };
	engine.setCondition("exempt", exempt);
	engine.setCondition("exempt edge", { all: [...blunt, { not: exempt }] });
	engine.setCondition("met", met);
	engine.setCondition("edge", edge);
	engine.setCondition("neither", { all: [is("tip_angle", 60), { not: at("met") }, { not: at("edge") }] });
	engine.setCondition("fits", { any: [at("met"), at("edge"), at("neither")] });
	engine.setCondition("doubt", { all: [at("exempt edge"), at("fits")] });
	engine.setCondition("out", { any: [is("ethnic"), at("exempt"), at("doubt")] });
	const add = (type, ...all) => engine.addRule({ conditions: { all }, event: { type } });
	add("refer:ethnic", is("ethnic"));
	add("exempt:exempt", { not: is("ethnic") }, at("exempt"));
	add("refer:exempt", { not: is("ethnic") }, { not: at("exempt") }, at("doubt"));
	for (const name of clauses) {
		add(`controlled:${name}`, { not: at("out") }, at(`${name} yes`));
		add(`refer:${name}`, { not: at("out") }, { not: at("met") },
			name === "clause.4" || name === "clause.5" ? { any: [at(`${name} edge`), at("neither")] } : at(`${name} edge`));
	}
	return engine;
}

const engines = { sentence: commutation(), market: knife() };

for (const line of readFileSync(file, "utf8").split("\n")) {
	if (!line)
		continue;
	const { report } = JSON.parse(line);
	const { events } = await engines[report.pack].run(report.query);
	console.log([...new Set(events.map((event) => event.type))].sort().join(" "));
}
