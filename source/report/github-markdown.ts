import {printable} from '../text/printable.js';

/* Building blocks of job summaries and annotations of GitHub Actions. */

/** Maximum length of the summary of a step in bytes. GitHub rejects a longer one as a whole. */
export const maxSummaryBytes = 1024 * 1024;

/** Maximum number of errors that GitHub shows for a step. */
export const maxAnnotations = 10;

/** A table in Markdown. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
	const line = (cells: readonly string[]) => `| ${cells.map(text).join(' | ')} |`;
	return [line(heads), `|${heads.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

/** The first parts, as many as fit. */
export function fitted(parts: readonly string[], maxBytes: number): string {
	const whole = parts.join('');
	if (Buffer.byteLength(whole) <= maxBytes) return whole;
	const note = '\nThe rest is left out: GitHub shows at most 1 MiB.\n';
	let left = maxBytes - Buffer.byteLength(note);
	let summary = '';
	for (const part of parts) {
		left -= Buffer.byteLength(part);
		if (left < 0) break;
		summary += part;
	}
	return Buffer.byteLength(note) > maxBytes ? '' : summary + note;
}

/** Escapes text for Markdown, including cells of tables. */
export function text(value: string): string {
	return printable(value)
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll(/[\\`*_{}[\]#|~@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Escapes the message of a workflow command. */
export function data(value: string): string {
	return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Escapes a property of a workflow command. */
export function property(value: string): string {
	return data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
