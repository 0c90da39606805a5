import type {Figure} from '../budget.js';
import {type Dashboard, openRunningDashboard, openTapDashboard, pause, quit} from './dashboard.js';

const seconds = 15;
const hz = 4;

/** Measures the bytes that the program writes while charts move, and while they are paused. */
export async function measureBytes(): Promise<readonly Figure[]> {
	const terminal = await openRunningDashboard('--fps', String(hz));
	return measure({terminal, close: () => quit(terminal)});
}

/** The same while the screen shows an application. It draws four times a second as well. */
export const measureTapBytes = async (): Promise<readonly Figure[]> => measure(await openTapDashboard(5000));

async function measure({terminal, close}: Dashboard): Promise<readonly Figure[]> {
	await pause(3000);
	const before = terminal.bytes;
	await pause(seconds * 1000);
	const drawn = terminal.bytes - before;
	await terminal.press('p');
	await terminal.waitFor(/paused/i);
	await pause(1000);
	const paused = terminal.bytes;
	await pause(5000);
	const whilePaused = terminal.bytes - paused;
	await close();
	return [
		{
			what: 'for each frame, mean',
			value: drawn / (seconds * hz),
			unit: 'B',
			budget: 4096,
			note: `${seconds} s at ${hz} Hz`,
		},
		{what: 'while paused, in 5 s', value: whilePaused, unit: 'B', budget: 0},
	];
}
