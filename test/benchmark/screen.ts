import {figureTable} from './budget.js';
import {measureBytes, measureTapBytes} from './screen/bytes.js';
import {measureClears} from './screen/clears.js';
import {measureFirstFrame} from './screen/first-frame.js';
import {measureKeys, measureTapKeys} from './screen/keys.js';
import {measureLoad} from './screen/load.js';
import {measureSoak} from './screen/soak.js';

/** The built program in a pseudo-terminal, against the budgets of the dashboard. `npm run build` first. */
export async function run(): Promise<void> {
	const parts = [
		['Start', measureFirstFrame],
		['Keys, while the workload makes 5,000 calls a second', measureKeys],
		['Keys, while an application behind the tap sends 5,000 commands a second', measureTapKeys],
		['Bytes written, at 120×40', measureBytes],
		['Bytes written on an application, at 120×40', measureTapBytes],
		['Full clears of the screen', measureClears],
		['Processor time of the main thread, at 120×40', measureLoad],
		['An hour of snapshots at 4 Hz', measureSoak],
	] as const;
	for (const [title, measure] of parts) process.stdout.write(figureTable(title, await measure()));
}
