// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR starts with ESC.
const sgr = /\u001B\[[\d;]*m/;

/** Letters of a completion that stand out, since they match what was typed: one word in two styles. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR starts with ESC.
const matched = /\u001B\[1m\u001B\[4m([^\u001B]*)\u001B\[24m\u001B\[22m/g;

/** Places where two pieces of text of different styles, such as a label and its value, run together: `hit|no data`. */
export function collisionsIn(drawn: string): readonly string[] {
	return drawn
		.replaceAll(matched, '$1')
		.split('\n')
		.flatMap((line) => {
			const pieces = line.split(sgr).filter((piece) => piece !== '');
			return pieces.slice(1).flatMap((piece, index) => {
				const before = pieces[index] ?? '';
				return /[\p{L}\p{N}%]$/u.test(before) && /^[\p{L}\p{N}]/u.test(piece) ? [`${before}|${piece}`] : [];
			});
		});
}
