import {type KeyRow, unknownType} from '../../../inspect/keys/describe-keys.js';
import type {Missing} from '../../../inspect/sender.js';
import type {KeyDetails} from '../../../inspect/values/inspect-key.js';
import {formatDuration} from '../../../text/duration.js';
import {lifetimeWords} from '../../../text/lifetime.js';
import {formatCountOf} from '../../../text/number.js';

/** Type, encoding, length, memory and TTL of a key in words. */
export function keyFacts({type, encoding, preview, bytes, ttlMs}: KeyDetails): string {
	const one = preview.unit.replace(/(ie)?s$/, (end) => (end === 'ies' ? 'y' : ''));
	return [
		type,
		encoding,
		formatCountOf(preview.length, one, preview.unit),
		bytes === undefined ? undefined : `${bytes} B of memory`,
		ttlMs === undefined ? 'does not expire' : `expires in ${formatDuration(ttlMs)}`,
	]
		.filter((fact) => fact !== undefined)
		.join(', ');
}

/** A key of a list on one line. */
export function rowLine({key, type, ttlMs, bytes, isDenied}: KeyRow): string {
	if (isDenied) return `${key}  not readable: this user has no right to it (NOPERM)`;
	return type === unknownType
		? `${key}  not readable: the cluster is down (CLUSTERDOWN)`
		: `${key}  ${type}  ${lifetimeWords(ttlMs)}  ${bytes ?? '?'} B`;
}

/** A line about listed keys that the user has no right to read; undefined if there are none. */
export function deniedWords(denied: number): string | undefined {
	if (denied === 0) return undefined;
	return `${formatCountOf(denied, 'key')} shown by name only: this user has no right to read ${denied === 1 ? 'it' : 'them'}`;
}

/** Lines about the nodes that are missing in a result; empty if none is. */
export const missingLines = ({missing = []}: Missing): readonly string[] =>
	missing.length === 0
		? []
		: [
				`without the keys of ${missing.join(', ')}: ${missing.length === 1 ? 'the node does' : 'the nodes do'} not answer`,
			];

/** The preview of a value as lines. */
export const valueLinesOf = ({preview}: KeyDetails): readonly string[] => [
	...preview.lines,
	...(preview.truncated ? ['…'] : []),
];
