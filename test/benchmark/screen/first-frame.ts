import {type Figure, quantile, range} from '../budget.js';
import {openDashboard, quit} from './dashboard.js';
import {mainThreadTime} from './processor-time.js';

const rounds = 7;

/** From the start of the process to the first frame on the screen, and to the first one with figures of a Redis in it. */
export async function measureFirstFrame(): Promise<readonly Figure[]> {
	const frames: number[] = [];
	const busy: number[] = [];
	const waited: number[] = [];
	const connected: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const begin = performance.now();
		const terminal = openDashboard();
		await terminal.waitFor('Overview', 30_000);
		frames.push(performance.now() - begin);
		const time = mainThreadTime(terminal.pid);
		busy.push(time?.ran ?? Number.NaN);
		waited.push(time?.waited ?? Number.NaN);
		await terminal.waitFor('● connected', 30_000);
		connected.push(performance.now() - begin);
		await quit(terminal);
	}
	const known = (values: readonly number[]) => (values.some(Number.isNaN) ? undefined : quantile(values, 0.5));
	return [
		{what: 'start → first frame, median', value: quantile(frames, 0.5), unit: 'ms', budget: 500, note: range(frames)},
		{what: 'the main thread ran', value: known(busy), unit: 'ms'},
		{what: 'the main thread waited for a processor', value: known(waited), unit: 'ms', note: 'other programs had it'},
		{what: 'start → connected to a private Redis', value: quantile(connected, 0.5), unit: 'ms', note: range(connected)},
	];
}
