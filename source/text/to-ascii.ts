import {graphemes, widthOf} from './cells.js';

const likenesses: Readonly<Record<string, string>> = {
	// The micro sign, and the Greek letter that looks like it.
	µ: 'u',
	μ: 'u',
	'≤': '<',
	'≥': '>',
	'≈': '~',
	'±': '~',
	'×': 'x',
	'…': '~',
	'–': '-',
	'—': '-',
	'·': '.',
	'↑': '^',
	'↓': 'v',
	'←': '<',
	'→': '>',
	'▸': '>',
	'▼': 'v',
	'●': 'o',
	'○': '.',
	'◐': '~',
	'▲': '!',
	'✓': 'v',
	'✗': 'x',
	'“': '"',
	'”': '"',
	'‘': "'",
	'’': "'",
};

const horizontalLine = /^[─━┄┅┈┉╌╍═╴╶╸╺]$/;
const verticalLine = /^[│┃┆┇┊┋╎╏║╵╷╹╻]$/;
const otherLine = /^[\u2500-\u257f]$/;
const shade = /^[░▒▓]$/;
const block = /^[\u2580-\u259f]$/;

/** Text that needs no change. Control characters other than line feeds are replaced, since they could move the cursor. */
const ascii = /^[ -~\n]*$/;

function likenessOf(char: string): string {
	const likeness = likenesses[char];
	if (likeness !== undefined) return likeness;
	if (horizontalLine.test(char)) return '-';
	if (verticalLine.test(char)) return '|';
	if (otherLine.test(char)) return '+';
	if (shade.test(char)) return ':';
	if (block.test(char)) return '#';
	// The letter without its accents.
	const bare = char.normalize('NFD').replaceAll(/\p{M}/gu, '');
	return ascii.test(bare) && bare !== '' ? bare : '?';
}

/**
 * Replaces all characters that are not ASCII by ASCII of the same width, so that columns stay: `µ` by `u`, `│` by `|`,
 * `é` by `e`, and a character without a similar one by `?`. Line feeds are kept.
 */
export function toAscii(text: string): string {
	if (ascii.test(text)) return text;
	return graphemes(text)
		.map((char) => (ascii.test(char) ? char : likenessOf(char).padEnd(widthOf(char), '?')))
		.join('');
}
