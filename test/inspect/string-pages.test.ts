import {afterAll, beforeAll, expect, it} from 'vitest';
import {collectionOf, type ElementPage, readElements} from '../../source/inspect/values/elements.js';
import {inspectKey} from '../../source/inspect/values/inspect-key.js';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';

let redis: PrivateLane;
beforeAll(async () => {
	redis = await openPrivateLane();
});
afterAll(() => redis?.close());

const key = Buffer.from('long');

async function read(cursor: string | undefined, match?: string): Promise<ElementPage> {
	const strings = collectionOf('string');
	if (!strings) throw new Error('strings are read page by page');
	return readElements(redis.lane, key, strings, {cursor, match});
}

/** The preview, and all pages after it. */
async function readAll(value: Buffer): Promise<{readonly lines: readonly string[]; readonly pages: number}> {
	await redis.lane.send('SET', [key, value]);
	const details = await inspectKey(redis.lane, 'long');
	const lines = [...(details?.preview.lines ?? [])];
	let cursor = details?.preview.cursor;
	let pages = 1;
	for (; cursor !== undefined; pages++) {
		const page = await read(cursor);
		lines.push(...page.lines);
		cursor = page.cursor;
	}
	return {lines, pages};
}

it('a long text is read in full, page by page, no character of it cut', async () => {
	const text = Array.from({length: 9000}, (_, line) => `line ${line}: ${'äöü 日本 👩‍👩‍👧 '.repeat(line % 3)}`).join(
		'\n',
	);
	const {lines, pages} = await readAll(Buffer.from(text));
	expect(pages).toBeGreaterThan(4);
	// A page may end inside of a line.
	expect(lines.join('')).toBe(text.replaceAll('\n', ''));
	const single = await readAll(Buffer.from('é'.repeat(200_000)));
	expect(single.lines.join('')).toBe('é'.repeat(200_000));
	expect(Math.max(...single.lines.map((line) => line.length))).toBe(2000);
});

it('a long binary value is dumped with the offsets of its bytes', async () => {
	const {lines} = await readAll(Buffer.alloc(300_000, 0xff));
	expect(lines).toHaveLength(37_500);
	expect(lines.at(-1)).toMatch(/^0493d8 {2}(ff ?)+/i);
	expect(lines.at(-1)?.slice(0, 6)).toBe((299_992).toString(16).padStart(6, '0'));
});

it('a search finds every place, those across two pages as well, with its offset', async () => {
	const value = Buffer.alloc(300_000, 'x');
	for (const at of [10, 65_532, 131_072, 299_994]) value.write('Needle', at);
	await redis.lane.send('SET', [key, value]);
	const found: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await read(cursor, 'needle');
		found.push(...page.lines);
		cursor = page.cursor;
	} while (cursor !== undefined);
	expect(found.map((line) => Number(line.split('  ')[0]))).toEqual([10, 65_532, 131_072, 299_994]);
	expect(found[1]).toBe(`65532  ${'x'.repeat(40)}Needle${'x'.repeat(40)}`);
});
