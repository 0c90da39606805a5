const escapes: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07'};

/** Characters that end a word. Vertical tabs and form feeds are skipped between words, but do not end one. */
const wordEnds: ReadonlySet<string> = new Set([' ', '\n', '\r', '\t']);

/**
 * Splits an inline command into words as Redis does: spaces separate words, except within 'single' and "double" quotes. Redis
 * treats the line as a C string, so it ends at the first NUL.
 *
 * @returns `undefined` if a quote is not closed, or text follows a closing quote.
 */
export function splitInline(text: string): string[] | undefined {
	const nul = text.indexOf('\0');
	const line = nul === -1 ? text : text.slice(0, nul);
	const words: string[] = [];
	let at = 0;
	for (;;) {
		while (at < line.length && isSpace(line[at])) at++;
		if (at >= line.length) return words;
		let word = '';
		let quote = '';
		for (; ; at++) {
			const character = line[at];
			if (quote === '') {
				if (character === undefined || wordEnds.has(character)) break;
				if (character === '"' || character === "'") quote = character;
				else word += character;
				continue;
			}
			if (character === undefined) return undefined;
			if (character === quote) {
				// A closing quote must be followed by a space or nothing.
				if (at + 1 < line.length && !isSpace(line[at + 1])) return undefined;
				quote = '';
				at++;
				break;
			}
			if (character !== '\\') word += character;
			else if (quote === "'") {
				if (line[at + 1] === "'") at++;
				word += line[at];
			} else {
				const hex = /^x([0-9a-fA-F]{2})/.exec(line.slice(at + 1, at + 4))?.[1];
				const next = line[at + 1];
				if (hex !== undefined) {
					word += String.fromCharCode(Number.parseInt(hex, 16));
					at += 3;
				} else if (next === undefined) word += '\\';
				else {
					word += escapes[next] ?? next;
					at++;
				}
			}
		}
		words.push(word);
	}
}

function isSpace(character: string | undefined): boolean {
	return character !== undefined && /^[ \t\n\v\f\r]$/.test(character);
}
