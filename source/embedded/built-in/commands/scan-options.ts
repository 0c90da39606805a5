import {globMatches} from '../glob.js';
import {isWord, numberOf, Options} from './arguments.js';
import {invalidCursor, syntaxError} from './command-error.js';

type ScanOptions = {
	readonly count: number;
	readonly type: string | undefined;
	readonly matches: (name: string) => boolean;
};

export function cursorOf(text: string): number {
	if (text === '') return 0;
	// Like strtoul in C: a sign is allowed, and wraps.
	if (!/^[+-]?\d{1,20}$/.test(text)) throw invalidCursor;
	const value = BigInt(text.replace('+', ''));
	if (value >= 2n ** 64n || value <= -(2n ** 64n)) throw invalidCursor;
	return Number(BigInt.asUintN(64, value));
}

/** Parses the options after the cursor of SCAN, SSCAN, HSCAN and ZSCAN. */
export function scanOptionsOf(args: readonly string[], start: number, withType: boolean): ScanOptions {
	let count = 10;
	let pattern: string | undefined;
	let type: string | undefined;
	const options = new Options(args, start);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		const value = options.value();
		if (isWord(option, 'COUNT')) {
			count = numberOf(value);
			if (count < 1) throw syntaxError;
		} else if (option === 'MATCH') pattern = value;
		else if (option === 'TYPE' && withType) type = value.toLowerCase();
		else throw syntaxError;
	}
	const wanted = pattern;
	return {count, type, matches: wanted === undefined ? () => true : (name) => globMatches(wanted, name)};
}
