import {expect, it} from 'vitest';
import type {LoaderContext} from '../../../source/cache/api/types.js';
import {LoaderSlots} from '../../../source/cache/load/limits/loader-slots.js';
import {GatheredLoads} from '../../../source/cache/load/many/gathered-loads.js';
import {settle} from '../../support/gate.js';

/** Loads of two keys, each with a time of its own, and what their loader was called for. */
const openLoads = () => {
	const calls: (readonly string[])[] = [];
	const loads = new GatheredLoads(
		({keys}) => {
			calls.push(keys);
			return keys.map((key) => [key, `value of ${key}`]);
		},
		new LoaderSlots({max: 1, maxWaiting: 0}),
	);
	const gathered = [loads.expect(0), loads.expect(1)] as const;
	const start = (index: 0 | 1, key: string) => {
		const controller = new AbortController();
		const context: LoaderContext = {
			key,
			signal: controller.signal,
			setOptions: () => {},
			stale: undefined,
			keep: () => {
				throw new Error('nothing to keep');
			},
		};
		return {controller, result: settle(gathered[index].loader(context))};
	};
	return {calls, gathered, start};
};

it('a key whose time is up before the others may be loaded is not loaded, and does not fail theirs', async () => {
	const {calls, start} = openLoads();
	start(0, 'early').controller.abort(new Error('its time is up'));
	expect(await start(1, 'late').result).toMatchObject({value: 'value of late'});
	expect(calls).toEqual([['late']]);
});

it('the loader is not called if all were aborted in the turn before', async () => {
	const {calls, gathered, start} = openLoads();
	for (const each of gathered) each.delayed();
	start(0, 'a').controller.abort(new Error('the cache is closed'));
	await new Promise(setImmediate);
	await new Promise(setImmediate);
	expect(calls).toEqual([]);
});
