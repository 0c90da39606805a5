import type {InspectedKey} from '../../engine/specs/server-specs.js';
import {formatAge, formatElapsed} from '../../text/duration.js';
import {formatBytes, formatCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {formatPreciseTimeOfDay} from '../../text/time-of-day.js';
import type {OpenKey} from '../state/keys/keys-state.js';
import {padEnd, type Row, span} from '../text/row.js';
import {wrapCells, wrapWords} from '../text/wrap.js';

const kindWords = {
	value: 'cache entry',
	absent: 'cache entry: remembered as absent',
	lease: 'lease of a running load',
} as const;

const nameWidth = 9;

/** The facts about a key besides its value. `now`: Unix time in milliseconds. */
function factsOf({entry, ...key}: InspectedKey, now: number): readonly (readonly [name: string, words: string])[] {
	const {length, unit} = key.preview;
	const own = [
		['type', `${key.type}${key.encoding === undefined ? '' : `, encoded as ${key.encoding}`}`],
		['size', `${formatCount(length)} ${unit}${key.bytes === undefined ? '' : `, ${formatBytes(key.bytes)} of memory`}`],
		['expires', key.ttlMs === undefined ? 'never' : `in ${formatElapsed(key.ttlMs)}`],
	] as const;
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

/** Facts and value of an open key, wrapped to a width. */
export function valueRows({details, lines}: OpenKey, width: number, now: number): readonly Row[] {
	if (!lines) return [[span('loading', 'dim')]];
	const facts = details ? factsOf(details, now) : [];
	return [
		...facts.flatMap(([name, words]) =>
			wrapWords(printable(words), Math.max(8, width - nameWidth)).map(
				(line, index): Row => [span(padEnd(index === 0 ? name : '', nameWidth), 'dim'), span(line)],
			),
		),
		...(facts.length > 0 ? [[]] : []),
		...lines.flatMap((line) => wrapCells(printable(line), width)).map((line): Row => [span(line)]),
	];
}
