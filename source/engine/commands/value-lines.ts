import {escapeBytes} from '../../inspect/escape-bytes.js';
import {formatDuration} from '../../text/duration.js';

const maxLines = 200;

/** Characters of a line. */
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

/** The remaining time of a key: `for 4 min`, or `without TTL` if it does not expire. */
export function lifetimeWords(ttlMs: number | undefined): string {
	return ttlMs === undefined ? 'without TTL' : `for ${formatDuration(Math.max(0, ttlMs))}`;
}
