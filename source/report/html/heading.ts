import {type Html, html, type Part} from './html.js';

/** Levels of headings below the title of a page. */
export type HeadingLevel = 2 | 3 | 4;

export function heading(level: HeadingLevel, text: Part): Html {
	return html`<h${level}>${text}</h${level}>\n`;
}
