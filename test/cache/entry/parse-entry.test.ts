import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {headerBytes, parseEntry} from '../../../source/cache/entry/entry.js';

describe('parseEntry', () => {
	it('returns an entry, `foreign` or `missing` for any bytes, and never throws', () => {
		const header = fc
			.tuple(
				fc.constantFrom('rct1', 'rct2', 'RCT2', 'xxxx'),
				fc.constantFrom('v', 'n', 'l', 'z'),
				fc.string({minLength: 3, maxLength: 3}),
				fc.array(fc.constantFrom('0', '1', '8', '9', 'a', ' '), {minLength: 115, maxLength: 135}),
				fc.uint8Array({maxLength: 300}),
			)
			.map(([magic, kind, codec, digits, rest]) =>
				Buffer.concat([Buffer.from(magic + kind + codec + digits.join('')), Buffer.from(rest)]),
			);
		fc.assert(
			fc.property(
				fc.oneof(
					header,
					fc.uint8Array({maxLength: 400}).map((array) => Buffer.from(array)),
				),
				(input) => {
					const parsed = parseEntry(input);
					if (typeof parsed === 'string') {
						expect(parsed).toBe(input.subarray(0, 4).toString() === 'rct1' ? 'missing' : 'foreign');
						return;
					}
					for (const number of [parsed.version, parsed.asOf, parsed.ttlMs, parsed.graceMs])
						expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
					expect(parsed.payloadAt).toBeGreaterThanOrEqual(headerBytes);
					expect(parsed.payloadAt).toBeLessThanOrEqual(input.length);
				},
			),
			{numRuns: 2000},
		);
	});

	it('returns `missing` for no bytes', () => {
		expect(parseEntry(null)).toBe('missing');
		expect(parseEntry(undefined)).toBe('missing');
	});
});
