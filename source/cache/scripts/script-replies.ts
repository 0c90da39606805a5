import {toServerError} from '../../pool/commands/reply-error.js';
import type {ServerError} from '../../pool/errors.js';

/**
 * What Redis answered to a command for `count` calls: 0 for all of them, or one reply for each, where a text is an error.
 * `undefined`: nothing that makes sense.
 */
export function repliesOf(reply: unknown, count: number): readonly (number | ServerError | undefined)[] {
	if (!Array.isArray(reply)) return new Array<number | undefined>(count).fill(reply === 0 ? 0 : undefined);
	return Array.from({length: count}, (_, index) => {
		const each: unknown = reply[index];
		return each instanceof Uint8Array ? toServerError(new Error(each.toString().trimEnd())) : numberOf(each);
	});
}

function numberOf(reply: unknown): number | undefined {
	return typeof reply === 'number' && Number.isSafeInteger(reply) ? reply : undefined;
}
