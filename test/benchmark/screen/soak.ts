import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import type {Figure} from '../budget.js';
import type {SoakResult} from './soak-run.js';

const run = promisify(execFile);

/** As many as come in an hour at 4 Hz, each a second after the one before, after two hours and a half of them. */
const snapshots = 14_400;

/** In a process of its own, so that nothing but the screen is in its memory. */
export async function measureSoak(): Promise<readonly Figure[]> {
	const child = fileURLToPath(new URL('./soak-process.ts', import.meta.url));
	const {stdout} = await run(process.execPath, ['--import', 'tsx', child, String(snapshots)], {
		env: {...process.env, NODE_ENV: 'production', CI: '', FORCE_COLOR: '1'},
	});
	const {start, end, frames, seconds} = JSON.parse(stdout) as SoakResult;
	return [
		{
			what: 'heap after a collection, at the start',
			value: start.heapMb,
			unit: 'MB',
			note: `${snapshots} snapshots, ${frames} writes in ${Math.round(seconds)} s`,
		},
		{
			what: 'heap after a collection, at the end',
			value: end.heapMb,
			unit: 'MB',
			budget: start.heapMb * 1.1,
			note: 'compiled code is in it',
		},
		{what: 'external memory, growth', value: end.externalMb - start.externalMb, unit: 'MB', budget: 0.5},
		{what: 'listeners', value: end.listeners, unit: '', budget: start.listeners},
		{what: 'timers and handles', value: end.resources, unit: '', budget: start.resources},
		{what: 'entries of the performance timeline', value: end.timelineEntries, unit: '', budget: start.timelineEntries},
	];
}
