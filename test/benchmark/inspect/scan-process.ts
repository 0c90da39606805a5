import {describedSteps} from '../../../source/inspect/keys/described-steps.js';
import {keyPage} from '../../../source/inspect/keys/key-page.js';
import {ScanPace} from '../../../source/inspect/keys/scan-pace.js';
import type {Sender} from '../../../source/inspect/sender.js';
import {createPool} from '../../../source/pool/create-pool.js';

/** Printed after a full scan. Times are those of the scan alone: the start of the process is not in them. */
export type ScanResult = {
	readonly firstPageMs: readonly number[];
	readonly seconds: number;
	/** That this process has worked in them. */
	readonly processorSeconds: number;
	readonly seen: number;
	readonly rssMb: number;
};

/** Looks at a keyspace as the dashboard does, as fast as it can. */
async function scanOnce(lane: Sender): Promise<ScanResult> {
	const firstPageMs: number[] = [];
	for (let time = 0; time < 5; time++) {
		const begin = performance.now();
		await keyPage(lane);
		firstPageMs.push(performance.now() - begin);
	}
	const begin = performance.now();
	const before = process.cpuUsage();
	let seen = 0;
	for await (const {rows} of describedSteps(lane)) seen += rows.length;
	const {user, system} = process.cpuUsage(before);
	return {
		firstPageMs,
		seconds: (performance.now() - begin) / 1000,
		processorSeconds: (user + system) / 1e6,
		seen,
		rssMb: process.resourceUsage().maxRSS / 1024,
	};
}

/** Scans again and again, at a rate of keys a second, until the process is ended. */
async function scanForEver(lane: Sender, rate: number): Promise<void> {
	const pace = new ScanPace(rate);
	for (;;) for await (const step of describedSteps(lane, {pace})) step.rows.length;
}

const [port, rate] = process.argv.slice(2).map(Number);
const pool = createPool({url: `redis://127.0.0.1:${port}`, lanes: 1, capacity: 20_000, deadlineMs: 10_000});
await pool.ready(10_000);
const [lane] = pool.lanes;
if (!lane) throw new Error('the pool has no lane');
if (rate !== undefined) await scanForEver(lane, rate);
process.stdout.write(JSON.stringify(await scanOnce(lane)));
await pool.close();
