import {expect, test} from 'vitest';
import {soak} from '../benchmark/screen/soak-run.js';

// The long form of this is `npm run benchmark -- screen`.
test('a dashboard that runs for long does not grow', {timeout: 120_000}, async () => {
	const {start, end} = await soak(300);
	// One snapshot kept for each that came would be twice as much and more.
	expect(end.heapMb - start.heapMb).toBeLessThan(1.5);
	expect(end.externalMb - start.externalMb).toBeLessThan(0.5);
	expect(end.listeners).toBe(start.listeners);
	expect(end.resources).toBeLessThanOrEqual(start.resources);
	// The development build of React adds entries with every frame.
	expect(end.timelineEntries).toBe(start.timelineEntries);
});
