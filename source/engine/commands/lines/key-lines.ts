import type {KeyDetails} from '../../../inspect/values/inspect-key.js';
import {formatDuration} from '../../../text/duration.js';
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

/** The preview of a value as lines. */
export const valueLinesOf = ({preview}: KeyDetails): readonly string[] => [
	...preview.lines,
	...(preview.truncated ? ['…'] : []),
];
