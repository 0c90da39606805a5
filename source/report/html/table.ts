import {type Html, html, type Part} from './html.js';

export type Column = {
	readonly title: string;
	/** `word` and `number` are not wrapped, and `number` is aligned to the right. Default `text`. */
	readonly kind?: 'text' | 'word' | 'number';
};

type Table = {
	/** Read aloud before the table; not shown. */
	readonly label: string;
	/** The first column has the names of the rows. */
	readonly columns: readonly Column[];
	/** A row may have fewer cells than there are columns: the others are empty. */
	readonly rows: readonly (readonly Part[])[];
};

/** A table. If it is wider than the page, it can be scrolled sideways, also with the keyboard. */
export function table({label, columns, rows}: Table): Html {
	const classOf = (index: number) => columns[index]?.kind ?? 'text';
	const heads = columns.map(({title}, index) => html`<th scope="col" class="${classOf(index)}">${title}</th>`);
	const body = rows.map((cells) => {
		const whole = columns.map((_, index) => cells[index]);
		return html`<tr>${whole.map((cell, index) => cellOf(cell, index, classOf(index)))}</tr>\n`;
	});
	return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${body}</tbody></table></div>`;
}

function cellOf(cell: Part, index: number, style: string): Html {
	return index === 0 ? html`<th scope="row" class="${style}">${cell}</th>` : html`<td class="${style}">${cell}</td>`;
}

/** A list of names with their values. A name without a value is left out. */
export function facts(entries: readonly (readonly [name: string, value: Part])[]): Html {
	const shown = entries.filter(([, value]) => value !== undefined && value !== '');
	return html`<dl>${shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;
}
