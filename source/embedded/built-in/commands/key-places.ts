/** Positions of keys in a request: first, last (negative counts from the end) and step. */
type KeyRange = readonly [first: number, last: number, step: number];

/** Keys of commands such as `ZUNIONSTORE target numkeys key …`: their number is at `countAt`, and they follow it. */
type CountedKeys = {readonly countAt: number; readonly target?: number};

export type Keys = KeyRange | CountedKeys;

/** The first argument is the only key. */
export const oneKey: Keys = [1, 1, 1];
/** Every argument is a key. */
export const allKeys: Keys = [1, -1, 1];

export function areCounted(keys: Keys | undefined): keys is CountedKeys {
	return keys !== undefined && 'countAt' in keys;
}

/** The positions of the keys that do not depend on the request, as the three numbers in COMMAND INFO. */
export function fixedRange(keys: Keys | undefined): KeyRange {
	if (keys === undefined) return [0, 0, 0];
	if (!areCounted(keys)) return keys;
	return keys.target === undefined ? [0, 0, 0] : [keys.target, keys.target, 1];
}

/** Positions of the keys in a request whose arity was checked. */
export function keyPlaces(keys: Keys | undefined, args: readonly string[]): number[] {
	if (keys === undefined) return [];
	if (areCounted(keys)) return countedPlaces(keys, args);
	const [first, last, step] = keys;
	const end = last < 0 ? args.length + last : last;
	const places: number[] = [];
	for (let place = first; place <= end && place < args.length; place += step) places.push(place);
	return places;
}

function countedPlaces({countAt, target}: CountedKeys, args: readonly string[]): number[] {
	const count = Number(args[countAt]);
	if (!Number.isInteger(count) || count < 1 || countAt + count >= args.length) return [];
	const counted = Array.from({length: count}, (_, index) => countAt + 1 + index);
	return target === undefined ? counted : [target, ...counted];
}
