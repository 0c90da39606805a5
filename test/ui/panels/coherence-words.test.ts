import {expect, it} from 'vitest';
import type {CacheSnapshot, MemorySnapshot} from '../../../source/metrics/snapshot.js';
import {coherenceSpan} from '../../../source/ui/panels/cache/tiers.js';

type Coherence = MemorySnapshot['coherence'];

/** The words for a cache whose worst node keeps memory coherent by `worst`. */
const wordsOf = (
	worst: Coherence,
	nodes: readonly Coherence[] = [],
	mode: CacheSnapshot['mode']['mode'] = 'connected',
) => coherenceSpan({memory: {coherence: worst}, mode: {mode}, nodes: nodes.map((coherence) => ({coherence}))}).text;

it('a lost node of a cluster does not make the memory of the others look as if nothing were announced', () => {
	expect(wordsOf('tracking', ['tracking', 'tracking'])).toBe('broadcast by Redis');
	expect(wordsOf('ttl', ['tracking', 'ttl', 'tracking'])).toBe('broadcast by 2 of 3 nodes');
	expect(wordsOf('ttl', ['ttl', 'tracked'])).toBe('tracked by 1 of 2 nodes');
	expect(wordsOf('ttl', ['ttl', 'ttl'])).toBe('short TTLs only');
	expect(wordsOf('ttl', ['bypass', 'ttl'])).toBe('bypass by 1 of 2 nodes');
	expect(wordsOf('bypass')).toBe('bypassed: few hits');
});

it('in an outage, in which memory is served for as long as grace lasts, no short TTLs are claimed', () => {
	expect(wordsOf('ttl', [], 'fallback')).toBe('none in an outage');
	expect(wordsOf('ttl')).toBe('short TTLs only');
	expect(wordsOf('off', [], 'fallback')).toBe('memory tier off');
});
