import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {DirtyChange, JournalStore} from '../../../source/cache/journal/dirty-change.js';
import {Journal} from '../../../source/cache/journal/journal.js';

const at = (asOf: number, finalAt = 0) => ({asOf, finalAt});

const namesOf = (namespace: string) => ({generationKey: `p:!${namespace}`, entryPrefix: `p:${namespace}:`});

const noteKey = (journal: Journal, namespace: string, key: string, asOf: number, finalAt = 0) =>
	journal.addKey(`p:${namespace}:${key}`, namesOf(namespace), at(asOf, finalAt));

const noteTag = (journal: Journal, namespace: string, tag: string, asOf: number) =>
	journal.addMarker(`p:!${namespace}:${tag}`, namesOf(namespace), at(asOf));

describe('the journal', () => {
	it('has one record for each key, with the latest of its times', () => {
		const journal = new Journal(10);
		noteKey(journal, 'n', 'k', 5, 50);
		noteKey(journal, 'n', 'k', 3, 70);
		expect(journal.size).toBe(1);
		expect(journal.due(100, 10).keys).toEqual([['p:n:k', {asOf: 5, finalAt: 70}]]);
	});

	it('returns a change only once its command can no longer take effect', () => {
		const journal = new Journal(10);
		noteKey(journal, 'n', 'soon', 1, 100);
		noteKey(journal, 'n', 'later', 1, 200);
		expect(journal.nextDueIn(0)).toBe(100);
		expect(journal.due(99, 10).keys).toEqual([]);
		expect(journal.due(100, 10).keys.map(([key]) => key)).toEqual(['p:n:soon']);
		expect(journal.nextDueIn(150)).toBe(0);
		expect(new Journal(10).nextDueIn(0)).toBeUndefined();
	});

	it('keeps a key that became dirty again while it was reconciled', () => {
		const journal = new Journal(10);
		noteKey(journal, 'n', 'k', 1);
		const [record] = journal.due(0, 1).keys;
		noteKey(journal, 'n', 'k', 2);
		expect(journal.remove('key', 'p:n:k', record?.[1] ?? at(0))).toBe(false);
		expect(journal.hasKey('p:n:k')).toBe(true);
		const [again] = journal.due(0, 1).keys;
		expect(journal.remove('key', 'p:n:k', again?.[1] ?? at(0))).toBe(true);
		expect(journal.size).toBe(0);
		expect(journal.snapshot()).toMatchObject({size: 0, limit: 10, max: 1, overflowed: 0, reconciled: 1});
	});

	it('when full, replaces the keys and tags of a namespace by its marker, with the latest of their times', () => {
		const journal = new Journal(4);
		noteKey(journal, 'n', 'a', 1, 10);
		noteKey(journal, 'n', 'b', 9, 20);
		noteTag(journal, 'n', 't', 5);
		noteKey(journal, 'other', 'a', 1);
		noteKey(journal, 'n', 'c', 2, 30);
		expect(journal.snapshot()).toMatchObject({size: 2, overflowed: 1});
		expect(journal.hasMarker('p:!n')).toBe(true);
		expect(journal.hasKey('p:other:a')).toBe(true);
		expect(journal.due(100, 10).markers).toEqual([['p:!n', {asOf: 9, finalAt: 30}]]);
		// Later changes of the namespace need no record of their own, but move its times.
		noteKey(journal, 'n', 'd', 20, 40);
		noteTag(journal, 'n', 'u', 21);
		expect(journal.size).toBe(2);
		expect(journal.due(100, 10).markers).toEqual([['p:!n', {asOf: 21, finalAt: 40}]]);
	});

	it('never holds more than its limit and one marker for each namespace, and forgets nothing', () => {
		const change = fc.record({
			namespace: fc.constantFrom('a', 'b', 'c'),
			name: fc.nat({max: 20}).map(String),
			tag: fc.boolean(),
			asOf: fc.nat({max: 1000}),
		});
		fc.assert(
			fc.property(fc.array(change, {maxLength: 200}), fc.integer({min: 1, max: 8}), (changes, limit) => {
				const journal = new Journal(limit);
				const latest = new Map<string, number>();
				for (const {namespace, name, tag, asOf} of changes) {
					if (tag) noteTag(journal, namespace, name, asOf);
					else noteKey(journal, namespace, name, asOf);
					const id = tag ? `p:!${namespace}:${name}` : `p:${namespace}:${name}`;
					latest.set(id, Math.max(latest.get(id) ?? 0, asOf));
					expect(journal.size).toBeLessThanOrEqual(limit + 3);
				}
				const {keys, markers} = journal.due(0, 1000);
				const records = new Map([...keys, ...markers]);
				for (const [id, asOf] of latest) {
					const generationKey = `p:!${id.replace('!', '')[2]}`;
					const covering = records.get(id) ?? records.get(generationKey);
					expect(covering?.asOf ?? -1).toBeGreaterThanOrEqual(asOf);
				}
			}),
		);
	});

	describe('while nodes of a cluster are lost', () => {
		const open = (limit: number, isLost: (redisKey: string) => boolean, store?: JournalStore) =>
			new Journal(limit, {
				store,
				lostNodes: {includes: isLost, generationKeyOf: (redisKey) => `p:!${redisKey.split(':')[1]}`},
			});
		const isLost = (redisKey: string) => redisKey.includes('lost');
		const all = () => true;

		it('folds their keys when it is full, of the namespace with most of them, and notes those of the others one by one', () => {
			const journal = open(4, isLost);
			for (const key of ['lost1', 'lost2', 'lost3']) noteKey(journal, 'n', key, 1);
			noteKey(journal, 'other', 'lost1', 1);
			expect(noteKey(journal, 'n', 'lost4', 7, 9)).toBe('folded');
			expect(noteKey(journal, 'n', 'lost5', 8, 5)).toBe('noted');
			expect(noteKey(journal, 'n', 'kept', 1)).toBe('noted');
			expect(journal.snapshot()).toMatchObject({size: 4, overflowed: 1, max: 4});
			for (const key of ['lost1', 'lost2', 'lost3', 'lost5']) expect(journal.isFolded('p:!n', `p:n:${key}`)).toBe(true);
			expect(journal.isFolded('p:!n', 'p:n:kept')).toBe(false);
			expect(journal.hasMarker('p:!n')).toBe(false);
			expect(journal.hasKey('p:other:lost1')).toBe(true);
			expect(journal.due(100, 10).markers).toEqual([]);
		});

		it('folds a key for which there is no other room, and lets the namespace of a key overflow for which there is none', () => {
			const journal = open(1, isLost);
			expect(noteKey(journal, 'n', 'kept', 1)).toBe('noted');
			expect(noteKey(journal, 'n', 'lost', 1)).toBe('folded');
			expect(noteKey(journal, 'n', 'kept2', 1)).toBe('overflowed');
			expect(journal.isFolded('p:!n', 'p:n:lost')).toBe(true);
			expect(journal.hasMarker('p:!n')).toBe(true);
		});

		it('makes room for a tag, too', () => {
			const journal = open(1, isLost);
			noteKey(journal, 'n', 'lost', 1);
			expect(noteTag(journal, 'n', 't', 1)).toBe('folded');
			expect(journal.hasMarker('p:!n:t')).toBe(true);
		});

		it('turns what is folded into an invalidation for the nodes that are back, and for those alone', () => {
			const journal = open(1, isLost);
			for (const key of ['lost1', 'lost2']) noteKey(journal, 'n', key, 3, 30);
			for (const key of ['lost1', 'lost3']) noteKey(journal, 'n', key, 4, 40);
			expect(journal.unfold(all, () => false)).toEqual([]);
			expect(journal.unfold((name) => name === 'p:n:lost1', all)).toEqual(['p:!n']);
			expect(journal.isFolded('p:!n', 'p:n:lost1')).toBe(false);
			expect(journal.isFolded('p:!n', 'p:n:lost3')).toBe(true);
			expect(journal.due(40, 10).markers).toEqual([['p:!n', {asOf: 4, finalAt: 40}]]);
			// Its keys that are changed meanwhile do not make the invalidation necessary once more.
			noteKey(journal, 'n', 'lost4', 9, 90);
			const [[name, change] = ['', at(0)]] = journal.due(40, 10).markers;
			expect(journal.remove('marker', name, change)).toBe(true);
			expect(journal.isFolded('p:!n', 'p:n:lost4')).toBe(true);
			expect(journal.unfold(all, all)).toEqual(['p:!n']);
			expect(journal.due(90, 10).markers).toEqual([['p:!n', {asOf: 9, finalAt: 90}]]);
		});

		it('has the namespace in its store for as long as keys of it are folded', () => {
			const stored = new Map<string, DirtyChange>();
			const journal = open(1, isLost, {
				noted: (_, name, change) => stored.set(name, change),
				reconciled: (_, name) => stored.delete(name),
				emptied: () => stored.clear(),
				close() {},
			});
			for (const key of ['lost1', 'lost2', 'lost3']) noteKey(journal, 'n', key, 3, 30);
			expect([...stored.keys()].sort()).toEqual(['p:!n', 'p:n:lost2']);
			journal.unfold((name) => name === 'p:n:lost1', all);
			const reconcile = () => {
				for (const [name, change] of journal.due(100, 10).markers) journal.remove('marker', name, change);
			};
			reconcile();
			expect(stored.get('p:!n')).toEqual({asOf: 3, finalAt: 30});
			journal.unfold(all, all);
			reconcile();
			expect([...stored.keys()]).toEqual(['p:n:lost2']);
		});

		it('lets folded changes be final earlier', () => {
			const journal = open(1, isLost);
			for (const key of ['lost1', 'lost2']) noteKey(journal, 'n', key, 3, 300);
			journal.finalBy(50, () => 6, isLost);
			journal.unfold(all, all);
			expect(journal.due(50, 10).markers).toEqual([['p:!n', {asOf: 6, finalAt: 50}]]);
		});
	});
});
