import type {EngineSnapshot} from '../../../source/engine/protocol.js';
import {snapshotAt, storyStart} from '../../support/fake-engine.js';

const base = snapshotAt(0);

/** A snapshot whose hits grow by `perSecond`: cheaper than one of a whole story. */
export function ticking(at: number, perSecond = 100): EngineSnapshot {
	const seconds = (at - storyStart) / 1000;
	const counters = {
		...base.cache.counters,
		hitsMemory: seconds * perSecond,
		hitsRedis: 0,
		misses: 0,
		sets: 0,
		deletes: 0,
	};
	return {...base, at, cache: {...base.cache, at, counters}};
}
