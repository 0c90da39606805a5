/**
 * Text of unknown origin (keys, values, server errors) as one line that cannot move the cursor, change colors or turn
 * the reading direction.
 */
export function printable(text: string): string {
	return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => {
		if (char === '\n') return '\\n';
		if (char === '\r') return '\\r';
		if (char === '\t') return '\\t';
		// Zero-width joiners: they join emoji and shape letters, and do no harm.
		if (char === '\u200D' || char === '\u200C') return char;
		const code = char.codePointAt(0) ?? 0;
		return code > 0xff ? `\\u{${code.toString(16)}}` : `\\x${code.toString(16).padStart(2, '0')}`;
	});
}
