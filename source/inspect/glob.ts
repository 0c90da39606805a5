/** Text as a pattern of Redis that matches nothing but it. */
export function literalGlob(text: string): string {
	return text.replaceAll(/[\\*?[\]]/g, '\\$&');
}
