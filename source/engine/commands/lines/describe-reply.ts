import {escapeBytes} from '../../../inspect/escape-bytes.js';

const maxLines = 500;
const maxLength = 2000;

const cut = (line: string) => (line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line);

function lines(reply: unknown, indent: string): string[] {
	if (reply === null || reply === undefined) return ['(nil)'];
	if (Buffer.isBuffer(reply)) return [cut(JSON.stringify(escapeBytes(reply)))];
	if (typeof reply === 'number' || typeof reply === 'bigint') return [`(integer) ${reply}`];
	if (typeof reply === 'boolean') return [String(reply)];
	if (reply instanceof Error) return [`(error) ${reply.message}`];
	if (typeof reply === 'string') return [cut(escapeBytes(Buffer.from(reply)))];
	const entries = entriesOf(reply);
	if (entries.length === 0) return ['(empty)'];
	const width = String(entries.length).length;
	return entries.slice(0, maxLines).flatMap((entry, index) => {
		const number = `${String(index + 1).padStart(width)}) `;
		const [head = '', ...rest] = lines(entry, indent + ' '.repeat(number.length));
		return [`${index === 0 ? '' : indent}${number}${head}`, ...rest];
	});
}

function entriesOf(reply: object): unknown[] {
	if (Array.isArray(reply)) return reply;
	if (reply instanceof Map) return [...reply].flat();
	if (reply instanceof Set) return [...reply];
	return Object.entries(reply).flat();
}

/** A reply of Redis as redis-cli prints it, printable and at most 500 lines long. */
export function describeReply(reply: unknown): string[] {
	const all = lines(reply, '').flatMap((line) => line.split('\n'));
	return all.length > maxLines ? [...all.slice(0, maxLines), `… ${all.length - maxLines} more lines`] : all;
}
