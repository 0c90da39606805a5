import {type HealDrill, healDrills} from './heal/drills.js';
import {measure} from './heal/measure.js';
import {calmTable, drillTable, legend, type Row, settingsTable} from './heal/tables.js';
import {loadPeer} from './peers/load-peer.js';
import {peerNames} from './peers/names.js';

/** Number of libraries measured at the same time. Each makes 200 calls a second: little even for two processors. */
const atOnce = 3;

/** Puts every library through the same outages, each behind its own fault proxy, on a real redis-server. */
export async function run(): Promise<void> {
	const peers = await Promise.all(peerNames.map(loadPeer));
	process.stdout.write(`\n## Heal table\n\n${settingsTable(peers)}\n`);
	for (const [index, drill] of healDrills.entries()) {
		const rows = await rowsOf(drill);
		if (index === 0) process.stdout.write(`\n### Before the outage\n\n${calmTable(rows)}\n\n${legend}\n`);
		process.stdout.write(`\n${drillTable(drill, rows)}\n`);
	}
}

async function rowsOf(drill: HealDrill): Promise<readonly Row[]> {
	const rows: Row[] = [];
	let next = 0;
	const work = async (): Promise<void> => {
		for (let index = next++; index < peerNames.length; index = next++) {
			const name = peerNames[index];
			if (name === undefined) continue;
			rows[index] = {peer: await loadPeer(name), outcome: await measure(name, drill)};
		}
	};
	await Promise.all(Array.from({length: atOnce}, work));
	return rows;
}
