import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {TtlRules} from '../../../source/cache/options/ttl-rules.js';

const day = 86_400_000;

describe('TTL rules', () => {
	it('default to 5 minutes ±10 %, at most 30 days, without grace', () => {
		const rules = new TtlRules();
		const lives = Array.from({length: 1000}, () => rules.lifetime('k', undefined));
		for (const {ttlMs, graceMs} of lives) {
			expect(ttlMs).toBeGreaterThanOrEqual(270_000);
			expect(ttlMs).toBeLessThanOrEqual(330_000);
			expect(graceMs).toBe(0);
		}
		expect(new Set(lives.map(({ttlMs}) => ttlMs)).size).toBeGreaterThan(500);
		for (let round = 0; round < 100; round++)
			expect(rules.lifetime('k', {ttl: '40d'}).ttlMs).toBeLessThanOrEqual(30 * day);
	});

	it('spread a TTL over its jitter, and never past the maximum or to 0', () => {
		fc.assert(
			fc.property(
				fc.integer({min: 1, max: 10 * day}),
				fc.double({min: 0, max: 1, noNaN: true}),
				fc.double({min: 0, max: 1, noNaN: true, maxExcluded: true}),
				(ttl, jitter, chance) => {
					const {ttlMs} = new TtlRules({jitter, max: '7d'}, () => chance).lifetime('k', {ttl});
					expect(Number.isInteger(ttlMs)).toBe(true);
					expect(ttlMs).toBeGreaterThanOrEqual(1);
					expect(ttlMs).toBeLessThanOrEqual(7 * day);
					expect(ttlMs).toBeGreaterThanOrEqual(Math.floor(Math.min(7 * day, ttl) * (1 - jitter)));
					expect(ttlMs).toBeLessThanOrEqual(Math.max(1, Math.ceil(ttl * (1 + jitter))));
				},
			),
		);
	});

	it('apply the first pattern that matches, and options of the call over it', () => {
		const rules = new TtlRules({
			default: '1m',
			grace: '1s',
			jitter: 0,
			patterns: [
				{match: 'user:*:name', ttl: '2m'},
				{match: 'user:?', grace: '3s'},
				{match: /^user:/g, ttl: '4m', grace: '4s'},
				{match: 'a.b*', ttl: '5m'},
			],
		});
		const minutes = (key: string) => rules.lifetime(key, undefined).ttlMs / 60_000;
		expect(minutes('user:17:name')).toBe(2);
		expect(rules.lifetime('user:1', undefined)).toEqual({ttlMs: 60_000, graceMs: 3000});
		// With the flag g, a regular expression remembers where its last match ended.
		for (let round = 0; round < 3; round++)
			expect(rules.lifetime('user:17', undefined)).toEqual({ttlMs: 240_000, graceMs: 4000});
		expect(minutes('a.bc')).toBe(5);
		expect(minutes('axbc')).toBe(1);
		expect(minutes('other:user:17:name')).toBe(1);
		expect(rules.lifetime('user:17', {ttl: 10})).toEqual({ttlMs: 10, graceMs: 4000});
		expect(rules.lifetime('user:17', {grace: 10})).toEqual({ttlMs: 240_000, graceMs: 10});
	});
});
