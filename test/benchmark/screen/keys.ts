import type {Terminal} from '../../support/terminal.js';
import {type Figure, quantile, range} from '../budget.js';
import {type Dashboard, openRunningDashboard, openTapDashboard, pause, quit} from './dashboard.js';
import {mainThreadTime, type ThreadTime, timeBetween} from './processor-time.js';

const word = 'the quick brown fox';
const lines = 8;
const switches = 30;

/** Presses at moments that have nothing to do with when frames are drawn. */
const unevenly = (index: number) => pause(60 + ((index * 37) % 90));

async function timed(terminal: Terminal, bytes: string, isPainted: (screen: string) => boolean): Promise<number> {
	const begin = performance.now();
	terminal.write(bytes);
	await terminal.waitFor(isPainted, 10_000);
	return performance.now() - begin;
}

type Typed = {readonly times: readonly number[]; readonly threads: readonly ThreadTime[]};

async function typing(terminal: Terminal): Promise<Typed> {
	const times: number[] = [];
	const threads: ThreadTime[] = [];
	for (let line = 0; line < lines; line++) {
		terminal.write(':');
		await terminal.waitFor('▸ Command');
		const start = 'get ';
		terminal.write(start);
		await terminal.waitFor(start);
		for (let index = 0; index < word.length; index++) {
			const typed = start + word.slice(0, index + 1);
			// A blank at the end cannot be seen: it is painted together with the next letter.
			if (!typed.endsWith(' ')) {
				await unevenly(index);
				const before = mainThreadTime(terminal.pid);
				times.push(await timed(terminal, word[index] ?? '', (screen) => screen.includes(typed)));
				const time = timeBetween(before, mainThreadTime(terminal.pid));
				if (time) threads.push(time);
			} else terminal.write(' ');
		}
		terminal.write('\u001B');
		await terminal.waitFor((screen) => !screen.includes('▸ Command'));
	}
	return {times, threads};
}

async function switching(terminal: Terminal): Promise<number[]> {
	const times: number[] = [];
	for (let index = 0; index < switches; index++) {
		await unevenly(index);
		const isThere = index % 2 === 1;
		times.push(await timed(terminal, isThere ? '1' : '3', (screen) => screen.includes('Hit ratio') === isThere));
	}
	return times;
}

/** Calls of the workload, or commands of the application, in a second. */
const rate = 5000;

/** From a key to what it changes on the screen, as a terminal shows it. */
export async function measureKeys(): Promise<readonly Figure[]> {
	const terminal = await openRunningDashboard('--rate', String(rate));
	return measure({terminal, close: () => quit(terminal)});
}

/** The same while the screen shows an application. */
export const measureTapKeys = async (): Promise<readonly Figure[]> => measure(await openTapDashboard(rate));

async function measure({terminal, close}: Dashboard): Promise<readonly Figure[]> {
	try {
		await pause(2000);
		const {times: letters, threads} = await typing(terminal);
		const threadTime = (at: number, part: keyof ThreadTime) =>
			threads.length === 0
				? undefined
				: quantile(
						threads.map((time) => time[part]),
						at,
					);
		const views = await switching(terminal);
		return [
			{what: 'letter in the palette → painted, median', value: quantile(letters, 0.5), unit: 'ms'},
			{
				what: 'letter in the palette → painted, p95',
				value: quantile(letters, 0.95),
				unit: 'ms',
				budget: 25,
				note: range(letters),
			},
			{what: 'meanwhile the main thread ran, p95', value: threadTime(0.95, 'ran'), unit: 'ms'},
			{
				what: 'meanwhile the main thread waited for a processor, p95',
				value: threadTime(0.95, 'waited'),
				unit: 'ms',
				note: 'other programs had it',
			},
			{what: 'another view → painted, median', value: quantile(views, 0.5), unit: 'ms'},
			{what: 'another view → painted, p95', value: quantile(views, 0.95), unit: 'ms', budget: 45, note: range(views)},
		];
	} finally {
		await close();
	}
}
