import {expect, test} from 'vitest';
import {clockAhead, parseSlowLog} from '../../../source/inspect/server/info/slow-log.js';

test('slow commands are dated by the clock of this machine', () => {
	const now = Date.UTC(2026, 10, 14, 3, 0, 0);
	const hourMs = 3_600_000;
	const info = {server: {server_time_usec: String((now + hourMs + 240) * 1000)}};
	const aheadMs = clockAhead(info, now);
	const [call] = parseSlowLog(
		[[7, (now + hourMs) / 1000 - 30, 52_000, ['KEYS', '*'], '10.0.0.7:4711', 'shop']],
		aheadMs,
	);
	expect(call).toMatchObject({at: now - 30_000, ms: 52, command: 'KEYS *', client: 'shop'});
	// A server that does not tell its time is taken to have ours.
	expect(clockAhead({}, now)).toBe(0);
});
