// SPDX-License-Identifier: GPL-2.0-only
// Questions to the two daemons: Varlink, JSON objects each closed by a NUL, over a channel of
// Cockpit's. The bridge runs as the person who logged in, so that is whom the daemon sees.
import { say } from "./words.js";

export const recorder = { program: "tongbud", socket: "/run/tongbu/socket", interface: "org.tongbu.Station" };
export const referee = {
	program: "tongbu-referee", socket: "/run/tongbu-referee/socket", interface: "org.tongbu.Referee",
};

// What a daemon refused, or why it could not be asked
export class Refused extends Error {
	constructor(name, message) {
		super(message);
		this.name = name;
	}
}

function unreachable(peer, problem) {
	if (problem === "access-denied")
		return new Refused("access", say("trouble.access", { program: peer.program }));
	if (problem === "not-found" || !problem)
		return new Refused("gone", say("trouble.gone", { program: peer.program }));
	return new Refused("gone", say("trouble.channel", { program: peer.program, problem }));
}

function answer(text) {
	const reply = JSON.parse(text);

	if (!reply.error)
		return reply.parameters;
	throw new Refused(reply.error.split(".").pop(), reply.parameters?.reason ?? reply.error);
}

// Ask one question; the answer is a promise of its parameters.
export function ask(peer, method, parameters) {
	return new Promise((resolve, reject) => {
		// Text channels of Cockpit end at the first NUL.
		const channel = cockpit.channel({ payload: "stream", unix: peer.socket, binary: true });
		const decoder = new TextDecoder();
		let text = "";

		channel.addEventListener("message", (event, data) => {
			const end = data.indexOf(0);

			text += decoder.decode(end < 0 ? data : data.subarray(0, end), { stream: true });
			if (end < 0)
				return;
			try {
				resolve(answer(text));
			} catch (error) {
				reject(error);
			}
			channel.close();
		});
		// After an answer this comes too late to say anything.
		channel.addEventListener("close", (event, options) => reject(unreachable(peer, options.problem)));
		channel.send(new TextEncoder().encode(
			JSON.stringify({ method: `${peer.interface}.${method}`, parameters: parameters ?? {} }) + "\0"));
	});
}
