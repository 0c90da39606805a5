import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {escapeBytes, parseKey, printKey} from '../../source/inspect/escape-bytes.js';

describe('bytes made printable', () => {
	it('lets no control character through, whatever the bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
				expect(escapeBytes(Buffer.from(bytes))).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/);
			}),
		);
	});

	it('leaves ordinary text in any language as it is', () => {
		expect(escapeBytes(Buffer.from('naïve 日本 🙂'))).toBe('naïve 日本 🙂');
	});

	it('defuses an escape sequence', () => {
		expect(escapeBytes(Buffer.from('\u001B[31mred\n'))).toBe('\\x1b[31mred\\n');
	});

	it('finds the way back from every printed key to its bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({minLength: 1}), (bytes) => {
				const key = Buffer.from(bytes);
				expect(parseKey(printKey(key)).equals(key)).toBe(true);
			}),
		);
		fc.assert(
			fc.property(fc.string({unit: 'grapheme', minLength: 1}), (text) => {
				expect(parseKey(printKey(Buffer.from(text))).toString()).toBe(text);
			}),
		);
	});

	it('prints a plain key as it is and a binary one as redis-cli does', () => {
		expect(printKey(Buffer.from('user:1'))).toBe('user:1');
		expect(printKey(Buffer.from([0x61, 0xff, 0x0a]))).toBe('"a\\xff\\n"');
	});
});
