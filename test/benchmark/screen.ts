import {figureTable} from './budget.js';
import {measureBytes} from './screen/bytes.js';
import {measureClears} from './screen/clears.js';
import {measureFirstFrame} from './screen/first-frame.js';
import {measureKeys} from './screen/keys.js';
import {measureLoad} from './screen/load.js';
import {measureSoak} from './screen/soak.js';

/** The built program in a pseudo-terminal, against the budgets of the dashboard. `npm run build` first. */
export async function run(): Promise<void> {
	const parts = [
		['Start', measureFirstFrame],
		['Keys, while the workload makes 5,000 calls a second', measureKeys],
		['Bytes written, at 120×40', measureBytes],
		['Full clears of the screen', measureClears],
		['Processor time of the main thread, at 120×40', measureLoad],
		['An hour of snapshots at 4 Hz', measureSoak],
	] as const;
	for (const [title, measure] of parts) process.stdout.write(figureTable(title, await measure()));
}
