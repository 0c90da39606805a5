import type {GivenTtl} from '../../traffic.js';

/** Milliseconds of one unit, and true if the number is a Unix time instead of a duration. */
type Unit = {readonly ms: number; readonly isTime: boolean};

const units: Readonly<Record<string, Unit>> = {
	EX: {ms: 1000, isTime: false},
	PX: {ms: 1, isTime: false},
	EXAT: {ms: 1000, isTime: true},
	PXAT: {ms: 1, isTime: true},
};

function ttlOf(text: string | undefined, unit: Unit, now: () => number): GivenTtl {
	const number = Number(text);
	if (text === undefined || text === '' || !Number.isFinite(number)) return 'unknown';
	return number * unit.ms - (unit.isTime ? now() : 0);
}

function optionOf(words: readonly string[], now: () => number): GivenTtl | undefined {
	for (const [index, word] of words.entries()) {
		const unit = units[word];
		if (unit !== undefined) return ttlOf(words[index + 1], unit, now);
		if (word === 'KEEPTTL') return 'kept';
		if (word === 'PERSIST') return 'none';
	}
	return undefined;
}

/** SET and similar commands: without an option the key does not expire. */
export const ttlOption = (words: readonly string[], now: () => number): GivenTtl => optionOf(words, now) ?? 'none';

/** GETEX: without an option it changes nothing. */
export const optionalTtlOption = optionOf;

/** The first word is the TTL: SETEX, EXPIRE. */
export const ttlWord =
	(ms: number, isTime = false) =>
	([word]: readonly string[], now: () => number): GivenTtl =>
		ttlOf(word, {ms, isTime}, now);

/** RESTORE: 0 is none, and a later word ABSTTL makes it a time. */
export const restoreTtl = (words: readonly string[], now: () => number): GivenTtl =>
	words[0] === '0' ? 'none' : ttlOf(words[0], {ms: 1, isTime: words.includes('ABSTTL')}, now);

export const noTtl = (): GivenTtl => 'none';
export const keptTtl = (): GivenTtl => 'kept';
export const unknownTtl = (): GivenTtl => 'unknown';
