import {printable} from '../../text/printable.js';

/** Markup. Only `html` creates it, so all text in it is escaped. */
export class Html {
	/** @internal */
	constructor(readonly markup: string) {}
}

/** A part of a template: markup, text that will be escaped, or nothing. */
export type Part = Html | string | number | undefined | false | readonly Part[];

/**
 * Creates markup from a template. Each interpolated text is escaped for elements and quoted attributes, and made printable:
 * names of drills and messages of servers cannot inject markup or change the writing direction of the text around them.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
	return new Html(strings.reduce((markup, text, index) => markup + markupOf(parts[index - 1]) + text));
}

function markupOf(part: Part): string {
	if (part === undefined || part === false) return '';
	if (part instanceof Html) return part.markup;
	if (typeof part === 'number') return String(part);
	if (typeof part === 'string') return escapeMarkup(part);
	return part.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escapeMarkup(text: string): string {
	return printable(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
