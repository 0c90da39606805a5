import {expect, test} from 'vitest';
import {inspectorName, workloadName} from '../../../source/inspect/server/clients/own-clients.js';
import {clockAhead, newestOwnCall, parseSlowLog} from '../../../source/inspect/server/info/slow-log.js';

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

const entry = (id: number, client: string) => [id, 1_700_000_000, 12_000, ['SCAN', '0'], '10.0.0.7:4711', client];

test('a command of this dashboard is found among those of others', () => {
	const others = [entry(9, 'shop'), entry(8, 'redis-cache-tui-inspect-elsewhere'), entry(7, workloadName)];
	expect(newestOwnCall(others)).toBeUndefined();
	expect(newestOwnCall([...others, entry(6, inspectorName), entry(5, inspectorName)])).toBe(6);
});
