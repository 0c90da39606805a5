import {describedSteps} from '../../../source/inspect/keys/described-steps.js';
import {keyPage} from '../../../source/inspect/keys/key-page.js';
import {createPool} from '../../../source/pool/create-pool.js';

export type ScanResult = {
	readonly firstPageMs: readonly number[];
	readonly seconds: number;
	/** That this process has worked in them. */
	readonly processorSeconds: number;
	readonly seen: number;
	readonly rssMb: number;
};

/** Looks at a keyspace as the dashboard does, in a process of its own, so that its memory can be told. */
async function scan(port: number): Promise<ScanResult> {
	const pool = createPool({url: `redis://127.0.0.1:${port}`, lanes: 1, capacity: 20_000, deadlineMs: 10_000});
	await pool.ready(10_000);
	const [lane] = pool.lanes;
	if (!lane) throw new Error('the pool has no lane');
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
	const seconds = (performance.now() - begin) / 1000;
	const {user, system} = process.cpuUsage(before);
	await pool.close();
	return {
		firstPageMs,
		seconds,
		processorSeconds: (user + system) / 1e6,
		seen,
		rssMb: process.resourceUsage().maxRSS / 1024,
	};
}

process.stdout.write(JSON.stringify(await scan(Number(process.argv[2]))));
