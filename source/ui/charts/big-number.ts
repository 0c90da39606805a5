import type {Row} from '../text/row.js';
import type {StyleName} from '../theme.js';

const unicodeDigits: Readonly<Record<string, readonly [string, string, string]>> = {
	'0': ['█▀█', '█ █', '▀▀▀'],
	'1': ['▀█ ', ' █ ', '▀▀▀'],
	'2': ['▀▀█', '█▀▀', '▀▀▀'],
	'3': ['▀▀█', ' ▀█', '▀▀▀'],
	'4': ['█ █', '▀▀█', '  ▀'],
	'5': ['█▀▀', '▀▀█', '▀▀▀'],
	'6': ['█▀▀', '█▀█', '▀▀▀'],
	'7': ['▀▀█', '  █', '  ▀'],
	'8': ['█▀█', '█▀█', '▀▀▀'],
	'9': ['█▀█', '▀▀█', '▀▀▀'],
	',': [' ', ' ', '▘'],
};

const asciiDigits: Readonly<Record<string, readonly [string, string, string]>> = {
	'0': [' _ ', '| |', '|_|'],
	'1': ['   ', '  |', '  |'],
	'2': [' _ ', ' _|', '|_ '],
	'3': [' _ ', ' _|', ' _|'],
	'4': ['   ', '|_|', '  |'],
	'5': [' _ ', '|_ ', ' _|'],
	'6': [' _ ', '|_ ', '|_|'],
	'7': [' _ ', '  |', '  |'],
	'8': [' _ ', '|_|', '|_|'],
	'9': [' _ ', '|_|', ' _|'],
	',': [' ', ' ', ','],
};

/** A number in digits of three rows. */
export function bigNumber(text: string, style: StyleName, isAscii: boolean): Row[] {
	const digits = isAscii ? asciiDigits : unicodeDigits;
	return [0, 1, 2].map((y) => [{text: [...text].map((char) => digits[char]?.[y] ?? '').join(' '), style}]);
}
