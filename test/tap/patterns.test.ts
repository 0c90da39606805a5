import {expect, it} from 'vitest';
import {anyPattern, KeyPatterns, maxNames, maxPatterns} from '../../source/tap/patterns.js';

it.each([
	['user:42', 'user:*'],
	['user:42:cart', 'user:*:cart'],
	['page-7', 'page-*'],
	['api/v2/users/17', 'api/v2/users/*'],
	['sess:0b6f6f6e-6ed6-4f2f-9a43-4f6d3a2b1c0d', 'sess:*'],
	['asset:5d41402abc4b2a76b9719d911017c592', 'asset:*'],
	['sess:s%3AkD8f', 'sess:s%*AkD*f'],
	['token:eyJhbGciOiJIUzI1NiIsInR5cCI6', 'token:*'],
	['{user:42}:profile', '{user:*}:profile'],
	['mail:ada@example.org', 'mail:*.org'],
	['settings', 'settings'],
	['', ''],
])('%s has the pattern %s', (key, pattern) => {
	expect(new KeyPatterns().patternOf(key)).toBe(pattern);
});

const word = (number: number): string => [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

it('learns that names in one place stand for things, and tells who counts by pattern', () => {
	const patterns = new KeyPatterns();
	const merges: [readonly string[], string][] = [];
	patterns.onMerge((from, into) => merges.push([from, into]));
	expect(patterns.patternOf('user:ada:cart')).toBe('user:ada:cart');
	for (let number = 0; number < maxNames; number++) patterns.patternOf(`user:${word(number)}:cart`);
	expect(patterns.patternOf('user:ada:cart')).toBe('user:*:cart');
	expect(patterns.patternOf('user:bob:cart')).toBe('user:*:cart');
	expect(patterns.patternOf('user:42:cart')).toBe('user:*:cart');
	expect(merges).toHaveLength(1);
	expect(merges[0]?.[1]).toBe('user:*:cart');
	expect(merges[0]?.[0]).toContain('user:ada:cart');
	expect(merges[0]?.[0]).toHaveLength(maxNames);
});

it('keeps names apart from prefixes of the same place', () => {
	const patterns = new KeyPatterns();
	patterns.patternOf('user:7');
	for (let number = 0; number < 2 * maxNames; number++) patterns.patternOf(word(number));
	expect(patterns.patternOf('someone')).toBe('*');
	expect(patterns.patternOf('user:7')).toBe('user:*');
});

it('has a bounded number of patterns, whatever the keys', () => {
	const patterns = new KeyPatterns();
	const found = new Set<string>();
	for (let number = 0; number < 20_000; number++) {
		const parts = Array.from({length: 1 + (number % 7)}, (_, at) => word((number * 7919 + at * 31) % 977));
		found.add(patterns.patternOf(parts.join(':')));
	}
	const settled = new Set<string>();
	for (let number = 0; number < 20_000; number++) {
		const parts = Array.from({length: 1 + (number % 7)}, (_, at) => word((number * 7919 + at * 31) % 977));
		settled.add(patterns.patternOf(parts.join(':')));
	}
	expect(settled.size).toBeLessThanOrEqual(maxPatterns);
	const many = new KeyPatterns();
	const kinds = new Set<string>();
	for (let number = 0; number < 400; number++)
		kinds.add(many.patternOf(`${word(number % 20)}:${word(Math.floor(number / 20))}`));
	expect(kinds.size).toBe(maxPatterns + 1);
	expect(kinds).toContain(anyPattern);
	expect(many.patternOf(':'.repeat(30))).toBe(anyPattern);
});
