import {type Row, type Span, span} from '../../text/row.js';

/** A name with its colon, a string, a number, a word, punctuation. A string that was cut has no end. */
const token = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|([[\]{},:]+)/g;

/** A line of indented JSON with a style for each kind of part. */
export function jsonRow(line: string): Row {
	const row: Span[] = [];
	let at = 0;
	for (const match of line.matchAll(token)) {
		const [whole, text, colon, number, word] = match;
		if (match.index > at) row.push(span(line.slice(at, match.index)));
		if (text !== undefined) row.push(span(text, colon === undefined ? 'good' : 'accent'));
		if (colon !== undefined) row.push(span(colon, 'dim'));
		if (number !== undefined) row.push(span(number, 'strong'));
		if (word !== undefined) row.push(span(word, 'warn'));
		if (text === undefined && number === undefined && word === undefined) row.push(span(whole, 'dim'));
		at = match.index + whole.length;
	}
	if (at < line.length) row.push(span(line.slice(at)));
	return row;
}

/** A row as several rows, where its text was broken into `pieces`. */
export function breakRow(row: Row, pieces: readonly string[]): readonly Row[] {
	const rows: Span[][] = [];
	let at = 0;
	let offset = 0;
	for (const piece of pieces) {
		const spans: Span[] = [];
		let left = piece.length;
		while (left > 0) {
			const part = row[at];
			if (!part) break;
			const text = part.text.slice(offset, offset + left);
			spans.push(span(text, part.style));
			left -= text.length;
			offset += text.length;
			if (offset >= part.text.length) {
				at++;
				offset = 0;
			}
		}
		rows.push(spans);
	}
	return rows;
}
