// SPDX-License-Identifier: GPL-2.0-only
// Times as the station's people read them: in its zone, and in days.
import { stationZone } from "./station.js";
import { say } from "./words.js";

const DAY = 86400;

function local(seconds) {
	return new Date((seconds + stationZone()) * 1000).toISOString();
}

// Of seconds since 1970, the day there: 2026-11-27
export function day(seconds) {
	return local(seconds).slice(0, 10);
}

// ... and the minute
export function minute(seconds) {
	return local(seconds).slice(0, 16).replace("T", " ");
}

// Days from today to the day of that time, at the station: 0 is today, -1 yesterday
export function daysUntil(seconds, now = Date.now() / 1000) {
	const number = time => Math.floor((time + stationZone()) / DAY);

	return number(seconds) - number(now);
}

// In words: 3 days left, today, 2 days over
export function left(seconds) {
	const days = daysUntil(seconds);

	if (days === 0)
		return seconds * 1000 < Date.now() ? say("days.today-over") : say("days.today");
	return days > 0 ? say(days === 1 ? "days.one" : "days.left", { days }) :
		say(days === -1 ? "days.one-over" : "days.over", { days: -days });
}
