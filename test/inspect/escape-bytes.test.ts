import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {decodeUtf8, escapeBytes, parseKey, printKey} from '../../source/inspect/escape-bytes.js';

describe('printable bytes', () => {
	it('never contain a control character', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
				expect(escapeBytes(Buffer.from(bytes))).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/);
			}),
		);
	});

	it('are unchanged for ordinary text in any language', () => {
		expect(escapeBytes(Buffer.from('naïve 日本 🙂'))).toBe('naïve 日本 🙂');
	});

	it('escape a terminal sequence', () => {
		expect(escapeBytes(Buffer.from('\u001B[31mred\n'))).toBe('\\x1b[31mred\\n');
	});

	it('parse back from a printed key to its bytes', () => {
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

	it('tell a name with a byte order mark from the one without it', () => {
		const marked = Buffer.from('\uFEFFuser:1');
		expect(printKey(marked)).toBe('"\\xef\\xbb\\xbfuser:1"');
		expect(parseKey(printKey(marked))).toEqual(marked);
		expect(decodeUtf8(marked)).toBe('\uFEFFuser:1');
	});

	it('print a plain key unchanged and a binary one like redis-cli', () => {
		expect(printKey(Buffer.from('user:1'))).toBe('user:1');
		expect(printKey(Buffer.from([0x61, 0xff, 0x0a]))).toBe('"a\\xff\\n"');
	});
});
