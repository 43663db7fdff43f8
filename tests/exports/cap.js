// SPDX-License-Identifier: GPL-2.0-only
// Reads alerts by npm's @dec112/cap-ts (MIT), which refuses what lacks an element or has a word
// CAP 1.2 does not know: cap.js PACKAGE FILE... Prints what each is.
const fs = require("fs");

const [folder, ...files] = process.argv.slice(2);
const { CAP_1_2: cap } = require(folder);

(async () => {
	for (const file of files) {
		const alert = await cap.Alert.fromXML(fs.readFileSync(file, "utf8"));
		console.log(alert.identifier, alert.sender, alert.sent, alert.info_list.length,
			alert.info_list.map((info) => `${info.language} ${info.severity}`).join(" "));
	}
})().catch((why) => {
	console.error(why.message);
	process.exit(1);
});
