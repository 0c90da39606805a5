import {describe, expect, it} from 'vitest';
import {type CoherenceRates, chooseWay} from '../../../source/cache/memory/coherence-choice.js';

const none: CoherenceRates = {
	announced: 0,
	useful: 0,
	calls: 0,
	hits: 0,
	unchanged: 0,
	read: 0,
	batches: 0,
	set: 0,
	deleted: 0,
	loaded: 0,
};
/** Memory answers half of the reads, and each of the others is a command of its own, unless it is said otherwise. */
const rates = (some: Partial<CoherenceRates>): CoherenceRates => {
	const {read = 0, hits = read} = some;
	return {...none, calls: hits + read, hits, batches: read, ...some};
};
const facts = (processes: number | undefined, remembered = 0) => ({processes, remembered});

describe('the way in which Redis announces changes', () => {
	it.each([
		['a process alone that makes no calls', none, 1],
		['a process alone that reads and writes a little', rates({announced: 5, read: 50, set: 5}), 1],
		['a process alone that writes much', rates({read: 500, set: 300}), 1],
		['a process alone that loads much', rates({announced: 200, read: 100, loaded: 100}), 1],
		['a hundred that write', rates({announced: 27, useful: 27, read: 400, set: 3}), 100],
		['a hundred whose reads would be cheaper to broadcast by less than it is worth', rates({read: 200}), 100],
		['a hundred whose beats cost as much to broadcast', rates({read: 2000, set: 1}), 100],
	])('stays tracked for %s', (_what, measured, processes) => {
		expect(chooseWay('tracked', measured, none, facts(processes))).toBe('tracked');
	});

	it.each([
		['a process alone that reads much and hardly writes', rates({read: 2000, set: 10}), 1],
		['a hundred that read much and hardly write', rates({read: 4000, set: 1}), 100],
		['a number that is not known', rates({read: 2000, set: 1}), undefined],
	])('becomes broadcast for %s', (_what, measured, processes) => {
		expect(chooseWay('tracked', measured, none, facts(processes))).toBe('broadcast');
	});

	it.each([
		['a hundred that hardly write', rates({announced: 5, read: 50}), 100],
		['a hundred whose announcements nearly all concern memory', rates({announced: 300, useful: 290, read: 300}), 100],
		['a hundred that read much more than is written', rates({announced: 100, read: 2000, set: 1}), 100],
		['loads, of which it would be told anyway', rates({announced: 200, read: 100, loaded: 100}), 1],
		['sets of keys that are read in between', rates({announced: 300, useful: 300, read: 300, set: 300}), 1],
	])('stays broadcast for %s', (_what, measured, processes) => {
		expect(chooseWay('broadcast', measured, measured, facts(processes))).toBe('broadcast');
	});

	it.each([
		['a hundred processes that write', rates({announced: 300, useful: 5, read: 30, set: 3}), 100],
		['ten', rates({announced: 300, useful: 100, read: 270, set: 30}), 10],
		['a process alone that sets what it does not read', rates({announced: 300, useful: 300, read: 10, set: 300}), 1],
		['a process alone that deletes what it does not read', rates({announced: 300, read: 10, deleted: 300}), 1],
	])('becomes tracked for %s', (_what, measured, processes) => {
		expect(chooseWay('broadcast', measured, measured, facts(processes))).toBe('tracked');
	});

	describe('where memory answers few reads', () => {
		const one = rates({announced: 16, useful: 16, hits: 1, read: 26, set: 3});

		it('bypasses memory in one of a hundred processes that share the traffic', () => {
			expect(chooseWay('tracked', one, none, facts(100))).toBe('bypass');
		});

		it.each([
			['memory answers a third of them', rates({announced: 16, useful: 16, hits: 13, read: 26, set: 3})],
			['there is little traffic', rates({announced: 2, useful: 2, hits: 0, read: 4, set: 1})],
			['hits save Redis more than announcements cost it', rates({announced: 5, hits: 90, read: 1000, set: 50})],
			['nothing is read', rates({announced: 20, set: 20})],
		])('stays tracked if %s', (_what, measured) => {
			expect(chooseWay('tracked', measured, none, facts(100))).toBe('tracked');
		});

		it('bypasses memory although it answers some, where they would share commands', () => {
			const measured = rates({announced: 5, hits: 90, read: 1000, set: 50, batches: 100});
			expect(chooseWay('tracked', measured, none, facts(100))).toBe('bypass');
		});

		it.each([10, undefined])(
			'stays tracked if there are few processes, to which that is worth little: %s',
			(processes) => {
				expect(chooseWay('tracked', one, none, facts(processes))).toBe('tracked');
			},
		);

		it('goes on without it while most reads find what others have changed', () => {
			const measured = rates({hits: 0, read: 27, unchanged: 3, set: 3});
			expect(chooseWay('bypass', measured, none, facts(100))).toBe('bypass');
		});

		it('goes on without it while nothing is read', () => {
			expect(chooseWay('bypass', none, none, facts(100))).toBe('bypass');
		});

		it('uses memory again when little is read, and a part of that twice', () => {
			expect(chooseWay('bypass', rates({hits: 0, read: 1, unchanged: 0.4}), none, facts(100))).toBe('tracked');
		});

		it('counts calls whose reads take leases, too, and are no keys of a batch', () => {
			const loading = rates({announced: 60, calls: 100, hits: 5, read: 10, loaded: 30});
			expect(chooseWay('tracked', loading, none, facts(100))).toBe('bypass');
			expect(chooseWay('bypass', {...loading, hits: 0, unchanged: 7}, none, facts(100))).toBe('bypass');
		});

		it('uses memory again when a fifth of the reads find what it has', () => {
			const measured = rates({hits: 0, read: 27, unchanged: 6, set: 3});
			expect(chooseWay('bypass', measured, none, facts(100))).toBe('tracked');
		});
	});

	describe('after it was broadcast', () => {
		const before = rates({announced: 300, useful: 5, read: 1000, set: 3});

		it('stays tracked while as much is written as then', () => {
			expect(chooseWay('tracked', rates({announced: 5, useful: 5, read: 1000, set: 3}), before, facts(1))).toBe(
				'tracked',
			);
		});

		it('stays tracked in a process that neither writes nor reads what others write', () => {
			const quiet = rates({announced: 300, read: 1000});
			expect(chooseWay('tracked', rates({read: 1000}), quiet, facts(undefined))).toBe('tracked');
		});

		it('is broadcast again when the writes have ended', () => {
			expect(chooseWay('tracked', rates({read: 1000}), before, facts(100))).toBe('broadcast');
		});

		it('does not go back for what would not have made it change', () => {
			const between = rates({announced: 35, useful: 5, read: 30});
			expect(chooseWay('broadcast', between, between, facts(100))).toBe('broadcast');
			expect(chooseWay('tracked', rates({announced: 5, useful: 5, read: 30}), between, facts(100))).toBe('tracked');
		});
	});

	describe('where Redis would remember many keys for this process', () => {
		const many = 10_001;

		it('becomes broadcast if little is written, however little is read', () => {
			const measured = rates({read: 30, set: 3});
			expect(chooseWay('tracked', measured, none, facts(10, 10_000))).toBe('tracked');
			expect(chooseWay('tracked', measured, none, facts(10, many))).toBe('broadcast');
		});

		it('stays tracked if much is written', () => {
			const measured = rates({announced: 27, useful: 27, read: 27, set: 30});
			expect(chooseWay('tracked', measured, none, facts(100, many))).toBe('tracked');
		});

		it('does not become tracked again for what would make it broadcast at once', () => {
			const measured = rates({announced: 250, useful: 5, read: 30, set: 3});
			expect(chooseWay('broadcast', measured, measured, facts(100))).toBe('tracked');
			expect(chooseWay('broadcast', measured, measured, facts(100, many))).toBe('broadcast');
		});
	});
});
