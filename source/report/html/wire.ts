import type {WireReport} from '../../drills/wire/wire-report.js';
import {slowestRows, wireLines} from '../wire-lines.js';
import {type Html, html} from './html.js';
import {table} from './table.js';

/**
 * The behavior of an application on its connections.
 *
 * @param time Name of the period, such as that of a drill, for the labels.
 */
export function wireOf(time: string, wire: WireReport): Html {
	const [heads, ...rows] = slowestRows(wire);
	return html`${wireLines(wire).map((line) => html`<p>${line}</p>\n`)}${
		heads !== undefined &&
		table({
			label: `Commands that waited longest in ${time}`,
			columns: heads.map((title, index) => ({
				title: title.charAt(0).toUpperCase() + title.slice(1),
				kind: index === 1 || index === 2 ? ('number' as const) : ('text' as const),
			})),
			rows,
		})
	}`;
}
