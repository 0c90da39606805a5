import {describe, expect, it} from 'vitest';
import {Reconnects} from '../../../source/drills/wire/reconnects.js';

type Close = {
	readonly commands?: number;
	readonly lost?: number;
	readonly by?: 'application' | 'server' | 'tap';
	readonly isReset?: boolean;
};

/** A connection that was reset while none of its commands had a reply, unless told otherwise. */
function close(reconnects: Reconnects, connection: number, at: number, parts: Close = {}): void {
	const end = {by: 'tap', isReset: true, commands: 1, lost: 1, ...parts} as const;
	reconnects.closed({type: 'closed', connection, at, openedAt: 0, ...end}, true);
}

/** Breaks `connections` of an application that waits for these times before its attempts, of which only the last succeeds. */
function outage(pauses: readonly number[], connections = 1): Reconnects {
	const reconnects = new Reconnects();
	const numbers = Array.from({length: connections}, (_, index) => index + 1);
	let at = 0;
	for (const connection of numbers) close(reconnects, connection, at, {commands: 9, lost: 2});
	pauses.forEach((pause, attempt) => {
		at += pause;
		for (const connection of numbers) reconnects.opened(100 * (attempt + 1) + connection, at);
		if (attempt === pauses.length - 1) return;
		at += 1;
		for (const connection of numbers) close(reconnects, 100 * (attempt + 1) + connection, at);
	});
	return reconnects;
}

describe('attempts of an application to connect again', () => {
	it('are counted with their pauses, and with those that failed', () => {
		const reconnects = outage([50, 100, 150, 200], 3);
		expect(reconnects.report(1000)).toEqual({
			attempts: 12,
			failed: 9,
			perSecond: 12,
			pauseMs: {shortest: 50, median: 100},
			backOff: true,
			unseenMs: 0,
		});
		expect([reconnects.brokenCount, reconnects.missing]).toEqual([3, 0]);
	});

	it.for([
		['growing', [50, 100, 200, 400, 800, 800, 800, 800], true],
		['always the same', [50, 51, 48, 60, 55, 50], false],
		['late at times, on a busy machine', [80, 30, 30, 90, 30, 30, 31], false],
		['none', [0.1, 0.4, 0.2, 0.9, 0.3], false],
		['of several connections, taken for each other', [17, 35, 31, 40, 36, 42], null],
		['the same, and mostly late in the end', [30, 33, 80, 30, 31, 95, 70, 31, 90, 30, 85, 70], null],
		['growing, on a busy machine', [80, 100, 130, 170], null],
		['growing, and as late at first', [150, 90, 130, 170], null],
		['growing and late, but long enough', [110, 95, 120, 190, 210, 240, 290], true],
		['as those of ioredis', [50, 100, 150, 200], true],
		['too few to tell', [50, 100, 150], null],
	] as const)('show by pauses that are %s whether there is a back-off', ([, pauses, backOff]) => {
		expect(outage(pauses).report(1e5).backOff).toBe(backOff);
	});

	it('are at most so many within any second', () => {
		expect(outage([300, 300, 300, 300, 300, 300]).report(1e5).perSecond).toBe(4);
	});

	it('are not seen while the port is closed, so that pauses around that time are not known', () => {
		const reconnects = new Reconnects();
		close(reconnects, 1, 0, {by: 'tap', isReset: false, commands: 5, lost: 0});
		reconnects.setPortClosed(true, 1);
		close(reconnects, 2, 2, {by: 'tap', isReset: false, commands: 5, lost: 0});
		reconnects.setPortClosed(true, 300);
		reconnects.setPortClosed(false, 601);
		reconnects.opened(3, 700);
		expect(reconnects.report(1000)).toEqual({
			attempts: 1,
			failed: 0,
			perSecond: 1,
			pauseMs: null,
			backOff: null,
			unseenMs: 600,
		});
		expect(reconnects.missing).toBe(1);
	});

	it('do not follow a connection that the application closes in order', () => {
		const reconnects = new Reconnects();
		const inOrder = {by: 'application', isReset: false, commands: 5, lost: 0} as const;
		close(reconnects, 1, 0, inOrder);
		reconnects.opened(2, 5);
		close(reconnects, 3, 10, {...inOrder, lost: 1});
		reconnects.opened(4, 20);
		close(reconnects, 4, 30, inOrder);
		expect(reconnects.report(100)).toMatchObject({attempts: 1, failed: 0});
		expect([reconnects.brokenCount, reconnects.missing]).toEqual([1, 0]);
	});
});
