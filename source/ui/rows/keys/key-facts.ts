import type {InspectedKey} from '../../../engine/specs/server-specs.js';
import type {Envelope} from '../../../inspect/values/decode/envelopes.js';
import {formatAge, formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCount, formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {formatPreciseTimeOfDay} from '../../../text/time-of-day.js';
import {isEmpty} from '../../state/filter.js';
import type {OpenKey} from '../../state/keys/keys-state.js';
import {shownLines} from '../../state/keys/open-key.js';
import {padEnd, type Row, span} from '../../text/row.js';
import {wrapCells, wrapWords} from '../../text/wrap.js';
import {breakRow, jsonRow} from './json-row.js';

const kindWords = {
	value: 'cache entry',
	absent: 'cache entry: remembered as absent',
	lease: 'lease of a running load',
} as const;

const nameWidth = 11;

/** The library that wrote a value, and the data of its envelope. */
function envelopeWords({library, writtenAt, expiresAt, tags}: Envelope, now: number): string {
	const written = writtenAt === undefined ? '' : `, ${formatAge(now - writtenAt)} ago`;
	const left = expiresAt === undefined ? undefined : expiresAt - now;
	const expires =
		left === undefined ? '' : left > 0 ? `, stale in ${formatElapsed(left)}` : `, stale for ${formatAge(-left)}`;
	return `${library}${written}${expires}${tags.length > 0 ? `, tags ${tags.map(printable).join(' ')}` : ''}`;
}

const oneOf = {bytes: 'byte', elements: 'element', fields: 'field', entries: 'entry'} as const;

/** The facts about a key besides its value. `now`: Unix time in milliseconds. */
function factsOf({entry, ...key}: InspectedKey, now: number): readonly (readonly [name: string, words: string])[] {
	const {length, unit} = key.preview;
	const {preview} = key;
	const own: (readonly [name: string, words: string])[] = [
		['type', `${key.type}${key.encoding === undefined ? '' : `, encoded as ${key.encoding}`}`],
		[
			'size',
			`${formatCountOf(length, oneOf[unit], unit)}${key.bytes === undefined ? '' : `, ${formatBytes(key.bytes)} of memory`}`,
		],
		['expires', key.ttlMs === undefined ? 'never' : `in ${formatElapsed(key.ttlMs)}`],
	];
	if (preview.formats.length > 0 && !entry) own.push(['format', preview.formats.join(', then ')]);
	for (const {name, consumers, pending, lag} of key.groups) {
		const behind = lag === undefined ? '' : `, lag ${formatCount(lag)}`;
		own.push([
			'group',
			`${printable(name)}: ${formatCountOf(consumers, 'consumer')}, ${formatCount(pending)} pending${behind}`,
		]);
	}
	if (preview.envelope) own.push(['written by', envelopeWords(preview.envelope, now)]);
	if (!entry) return own;
	const freshMs = entry.freshUntil - now;
	const grace = entry.graceMs > 0 ? `, then ${formatElapsed(entry.graceMs)} of grace` : '';
	return [
		...own,
		['kind', kindWords[entry.kind]],
		['version', `${entry.version}, written ${formatAge(now - entry.version / 1000)} ago`],
		['as of', `${formatPreciseTimeOfDay(entry.asOf)}, ${formatAge(now - entry.asOf)} old`],
		[
			'fresh',
			freshMs > 0
				? `for ${formatElapsed(freshMs)} of ${formatElapsed(entry.ttlMs)}${grace}`
				: `no, stale for ${formatAge(-freshMs)}`,
		],
		['tags', entry.tags.length > 0 ? entry.tags.map(printable).join(' ') : 'none'],
		['stored', `${formatBytes(entry.valueBytes)}${entry.isCompressed ? ', compressed' : ''}`],
	];
}

/** The facts about an open key besides its value, wrapped to a width. `now`: Unix time in milliseconds. */
export function factRows({details}: OpenKey, width: number, now: number): readonly Row[] {
	const facts = details ? factsOf(details, now) : [];
	return [
		...facts.flatMap(([name, words]) =>
			wrapWords(printable(words), Math.max(8, width - nameWidth)).map(
				(line, index): Row => [span(padEnd(index === 0 ? name : '', nameWidth), 'dim'), span(line)],
			),
		),
		...(facts.length > 0 ? [[]] : []),
	];
}

/** The value of an open key, without its folded parts, wrapped to a width. */
export function valueRows(open: OpenKey, width: number): readonly Row[] {
	if (!open.lines) return [[span('loading', 'dim')]];
	const isJson = open.details?.preview.syntax === 'json';
	return shownLines(open).flatMap((line): readonly Row[] => {
		const text = printable(line);
		const pieces = wrapCells(text, width);
		return isJson ? breakRow(jsonRow(text), pieces) : pieces.map((piece) => [span(piece)]);
	});
}

/** The progress of a paged value or of a search in it, with the key that continues it. */
export function elementNotes({details, elements, filter, lines, level}: OpenKey): readonly Row[] {
	const close = span('Esc closes', 'dim');
	if (!details || !lines) return [[close]];
	const {preview} = details;
	const isLong = preview.unit === 'bytes' && preview.cursor !== undefined;
	if (preview.unit === 'bytes' && !isLong) {
		const folded: Row = level === undefined ? [] : [span('folded, + unfolds  ', 'warn')];
		return [[...folded, close], [close]];
	}
	const isSearch = !isEmpty(filter);
	// For a long string, the offset of the next page is the number of loaded bytes.
	const loaded = isLong ? Number(elements.cursor ?? preview.length) : lines.length;
	const count = formatCount(isSearch ? lines.length : loaded);
	const all = formatCount(preview.length);
	const found = isSearch
		? `${count} found in ${formatCount(Math.min(elements.scanned, preview.length))} of ${all}`
		: `${count} of ${all}`;
	if (elements.isLoading) return [[span(`${found}; n stops`, 'warn')], [span(found, 'warn')]];
	const more = elements.cursor === undefined ? '' : '; n for more';
	return [[span(`${found} ${preview.unit}${more}  `, 'dim'), close], [span(`${found}${more}`, 'dim')]];
}
