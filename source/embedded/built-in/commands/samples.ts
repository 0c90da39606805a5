import {max64} from '../numbers/integer.js';
import {rangeOf} from './arguments.js';

/** Parses the count of SRANDMEMBER, HRANDFIELD and ZRANDMEMBER. A negative one allows repetitions. */
export function sampleCountOf(text: string | undefined, withDetails = false): number {
	const limit = withDetails ? max64 / 2n : max64;
	return rangeOf(text, -limit, limit, withDetails ? 'ERR value is out of range' : undefined);
}

/**
 * Samples `count` of `size` items at random, without repetitions; if `count` is negative, exactly `-count` with
 * repetitions. If all are wanted, they keep their order.
 */
export function sample<T>(all: () => readonly T[], size: number, random: () => T | undefined, count: number): T[] {
	if (count < 0) {
		const picked: T[] = [];
		for (let index = 0; index < -count; index++) {
			const one = random();
			if (one === undefined) break;
			picked.push(one);
		}
		return picked;
	}
	if (count >= size) return [...all()];
	if (count * 3 < size) {
		const picked = new Set<T>();
		while (picked.size < count) {
			const one = random();
			if (one === undefined) break;
			picked.add(one);
		}
		return [...picked];
	}
	const rest = [...all()];
	for (let index = 0; index < count; index++) {
		const other = index + Math.floor(Math.random() * (rest.length - index));
		const [a, b] = [rest[index], rest[other]];
		if (a !== undefined && b !== undefined) [rest[index], rest[other]] = [b, a];
	}
	return rest.slice(0, count);
}
