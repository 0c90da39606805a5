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

/** Words in plain ASCII that take as many cells: what has no likeness becomes `?`. */
export function toAscii(text: string): string {
	if (printableAscii.test(text)) return text;
	return graphemes(text)
		.map((char) => (printableAscii.test(char) ? char : (replacements[char] ?? '?').padEnd(widthOf(char), '?')))
		.join('');
}
