import {expect, it} from 'vitest';
import {SlowLoads} from '../../../source/cache/live/slow-loads.js';

const load = (key: string, durationMs: number) => ({namespace: 'shop', key, durationMs, outcome: 'loaded'}) as const;

it('keeps the slowest twenty, and of a key the slowest one', () => {
	const loads = new SlowLoads();
	for (let ms = 1; ms <= 50; ms++) loads.add(load(`key:${ms}`, ms));
	loads.add(load('key:50', 3));
	loads.add(load('key:49', 90));
	const kept = loads.list();
	expect(kept.map(({ms}) => ms)).toEqual([90, 50, ...Array.from({length: 18}, (_, index) => 48 - index)]);
	expect(kept[0]?.key).toBe('key:49');
	expect(new Set(kept.map(({key}) => key)).size).toBe(20);
});

it('tells the same key in two namespaces apart', () => {
	const loads = new SlowLoads();
	loads.add(load('user:1', 5));
	loads.add({...load('user:1', 4), namespace: 'accounts'});
	expect(loads.list().map(({namespace}) => namespace)).toEqual(['shop', 'accounts']);
});
