import {escapeBytes} from '../../../inspect/escape-bytes.js';

const maxLines = 200;

/** Longest line, in characters. */
const maxLength = 2000;

const printable = (line: string) => {
	const escaped = escapeBytes(Buffer.from(line));
	return escaped.length > maxLength ? `${escaped.slice(0, maxLength - 1)}…` : escaped;
};

/** A value as printable lines, at most 200: JSON, indented where it has parts. */
export function valueLines(value: unknown): string[] {
	if (value instanceof Uint8Array) return [printable(escapeBytes(Buffer.from(value)))];
	const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? String(value));
	const lines = text.split('\n');
	const shown = lines.slice(0, maxLines).map(printable);
	return lines.length > maxLines ? [...shown, `… ${lines.length - maxLines} more lines`] : shown;
}
