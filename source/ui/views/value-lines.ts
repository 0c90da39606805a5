import {age, bytes, clockMs, duration} from '../format.js';
import {bodySize} from '../layout.js';
import type {OpenKey} from '../state/keys-state.js';
import type {Context} from '../state/message.js';
import type {KeyFacts} from '../state/reply-data.js';
import {insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {graphemes, padEnd, type Row, span, widthOf} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';

/** Where the value of the open key stands: beside the list on a wide screen, else instead of it. */
export function valueWidth(columns: number): number {
	return columns < 110 ? columns : columns - Math.floor(columns / 2);
}

function wrapCells(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	let used = 0;
	for (const char of graphemes(text)) {
		const cells = widthOf(char);
		if (used + cells > width && line !== '') {
			lines.push(line);
			line = '';
			used = 0;
		}
		line += char;
		used += cells;
	}
	return [...lines, line];
}

const kinds = {
	value: 'entry of the cache',
	absent: 'entry of the cache: "not there", remembered',
	lease: 'lease of a load that is under way',
} as const;

/** What is known of a key besides its value, as names and words. */
function factWords({entry, ...facts}: KeyFacts, now: number): readonly (readonly [name: string, words: string])[] {
	const expires = facts.ttlMs === undefined ? 'never' : `in ${duration(facts.ttlMs)}`;
	const memory = facts.bytes === undefined ? '' : `, ${bytes(facts.bytes)} of memory`;
	const own: readonly (readonly [string, string])[] = [
		['type', `${facts.type}${facts.encoding === undefined ? '' : `, kept as ${facts.encoding}`}`],
		['size', `${facts.length}${memory}`],
		['expires', expires],
	];
	if (!entry) return own;
	const left = entry.freshUntil - now;
	const grace = entry.graceMs > 0 ? `, then ${duration(entry.graceMs)} of grace` : '';
	return [
		...own,
		['what', kinds[entry.kind]],
		['version', `${entry.version}, written ${age(now - entry.version / 1000)} ago`],
		['as of', `${clockMs(entry.asOf)}, ${age(now - entry.asOf)} old`],
		[
			'fresh',
			left > 0 ? `for ${duration(left)} of ${duration(entry.ttlMs)}${grace}` : `no more, stale for ${age(-left)}`,
		],
		['tags', entry.tags.length > 0 ? entry.tags.map(printable).join(' ') : 'none'],
		['value', `${bytes(entry.valueBytes)} as stored${entry.isCompressed ? ', compressed' : ''}`],
	];
}

const nameWidth = 9;

/** Facts and value as rows that fit their box, all of them. */
export function valueLines(open: OpenKey | undefined, {size, snapshot, now}: Context): readonly Row[] {
	if (!open?.lines) return [];
	const {width} = insideFrame(Math.max(14, valueWidth(bodySize(size).columns)), 0);
	const facts = open.facts ? factWords(open.facts, snapshot?.at ?? now) : [];
	return [
		...facts.flatMap(([name, words]) =>
			wrapWords(words, Math.max(8, width - nameWidth)).map(
				(line, index): Row => [span(padEnd(index === 0 ? name : '', nameWidth), 'dim'), span(line)],
			),
		),
		...(facts.length > 0 ? [[]] : []),
		...open.lines.flatMap((line) => wrapCells(printable(line), width)).map((line): Row => [span(line)]),
	];
}
