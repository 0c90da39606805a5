/**
 * Characters that are invisible, or that change their neighbors: control and format characters, separators, lone surrogates,
 * and ignorable characters. A joiner or a variation selector is kept where it has an effect: after non-Latin letters, marks,
 * symbols and emoji.
 */
const unprintable =
	/(?<=[^\0-\u02ff])(?:\u200c|\u200d|\ufe0e|\ufe0f)|(?<=[#*\d©®])\ufe0f|([\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}])/gu;

const plainAscii = /^[ -~]*$/;

/** Combining marks at the start, which would change the character before the text. */
const leadingMarks = /^[\p{M}\p{Grapheme_Extend}\p{Emoji_Modifier}]+/u;

/** Further combining marks on one character than any language uses, which would cover the lines around it. */
const towers = /(?<=[\p{M}]{4})\p{M}+/gu;

function escapeOf(char: string): string {
	if (char === '\n') return '\\n';
	if (char === '\r') return '\\r';
	if (char === '\t') return '\\t';
	const code = char.codePointAt(0) ?? 0;
	return code > 0xff ? `\\u{${code.toString(16)}}` : `\\x${code.toString(16).padStart(2, '0')}`;
}

const escapeAll = (text: string): string => Array.from(text, escapeOf).join('');

/**
 * Text of unknown origin (keys, values, names of clients, errors) as one line that cannot move the cursor, change colors, turn
 * the reading direction, or draw over its neighbors. Different texts stay different. The number of cells that it takes depends
 * on the terminal; on the screen, `anchored-output.ts` keeps the following text in its place.
 */
export function printable(text: string): string {
	if (plainAscii.test(text)) return text;
	return text
		.replaceAll(unprintable, (char, escaped: string | undefined) => (escaped === undefined ? char : escapeOf(char)))
		.replace(leadingMarks, escapeAll)
		.replaceAll(towers, escapeAll);
}
