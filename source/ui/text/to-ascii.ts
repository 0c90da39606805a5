import {graphemes, widthOf} from './row.js';

const replacements: Readonly<Record<string, string>> = {
	µ: 'u',
	'≤': '<',
	'≥': '>',
	'≈': '~',
	'±': '~',
	'×': 'x',
	'…': '~',
	'–': '-',
	'—': '-',
	'↑': '^',
	'↓': 'v',
	'←': '<',
	'→': '>',
	'“': '"',
	'”': '"',
	'’': "'",
};

const printableAscii = /^[ -~]*$/;

/** Replaces characters by ASCII of the same width; a character without a likeness becomes `?`. */
export function toAscii(text: string): string {
	if (printableAscii.test(text)) return text;
	return graphemes(text)
		.map((char) => (printableAscii.test(char) ? char : (replacements[char] ?? '?').padEnd(widthOf(char), '?')))
		.join('');
}
