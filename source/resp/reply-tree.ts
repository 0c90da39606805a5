import {NumberLine} from './replies/number-line.js';
import {pushType, replyKinds} from './replies/reply-kinds.js';

/** A reply, or an element of one, with its position in the bytes. */
export type ReplyNode = {
	/** Type byte. */
	readonly type: number;
	/** It takes the bytes from `from` to `to`, without attributes before it. */
	readonly from: number;
	readonly to: number;
	/** Text of a bulk string, a line or a number; undefined for null and for aggregates. */
	readonly text: string | undefined;
	/** Elements; in a map, keys and values alternate. */
	readonly items: readonly ReplyNode[];
};

/** Maximum nesting. No reply of Redis has more levels. */
const maxDepth = 16;

const carriageReturn = 13;

/**
 * Parses a complete reply with all of its elements. Meant for small replies, of which texts are to be replaced.
 *
 * @param bytes The reply, one character per byte (latin1).
 * @returns Undefined if the reply is not complete, or has too many levels.
 */
export function readReplyTree(bytes: string): ReplyNode | undefined {
	const node = readNode(bytes, 0, 0);
	return node?.to === bytes.length ? node : undefined;
}

/** Returns the reply with some of its texts replaced. An aggregate cannot be replaced. */
export function replaceTexts(bytes: string, texts: ReadonlyMap<ReplyNode, string>): string {
	let replaced = '';
	let done = 0;
	for (const [node, text] of [...texts].sort(([left], [right]) => left.from - right.from)) {
		replaced += bytes.slice(done, node.from) + encodeLeaf(node.type, text);
		done = node.to;
	}
	return replaced + bytes.slice(done);
}

function readNode(bytes: string, from: number, depth: number): ReplyNode | undefined {
	const type = bytes.charCodeAt(from);
	const kind = replyKinds[type];
	const newline = bytes.indexOf('\n', from);
	if (kind === undefined || newline === -1 || depth > maxDepth) return undefined;
	const lineEnd = bytes.charCodeAt(newline - 1) === carriageReturn ? newline - 1 : newline;
	const afterLine = newline + 1;
	if (kind === 'line' || kind === 'integer')
		return {type, from, to: afterLine, text: bytes.slice(from + 1, lineEnd), items: []};
	const size = kind === 'null' ? -1 : sizeOf(bytes, from + 1);
	if (size < 0) return {type, from, to: afterLine, text: undefined, items: []};
	if (kind === 'bulk') {
		const end = afterLine + size;
		return end + 2 > bytes.length ? undefined : {type, from, to: end + 2, text: bytes.slice(afterLine, end), items: []};
	}
	const count = kind === 'aggregate' ? size : 2 * size;
	const node = readItems(bytes, {type, from, count, start: afterLine}, depth);
	// An attribute precedes an element and does not count as one.
	return kind === 'attribute' && node !== undefined ? readNode(bytes, node.to, depth + 1) : node;
}

function readItems(
	bytes: string,
	{
		type,
		from,
		count,
		start,
	}: {readonly type: number; readonly from: number; readonly count: number; readonly start: number},
	depth: number,
): ReplyNode | undefined {
	const items: ReplyNode[] = [];
	let to = start;
	while (items.length < count) {
		const item = readNode(bytes, to, depth + 1);
		if (item === undefined) return undefined;
		if (!isMessageAmid(item)) items.push(item);
		({to} = item);
	}
	return {type, from, to, text: undefined, items};
}

/** Redis up to 7.0 sends a message between the elements of a reply (`NestedPush`). It does not count as one of them. */
function isMessageAmid({type, items}: ReplyNode): boolean {
	return type === pushType && items[0]?.text?.endsWith('subscribe') !== true;
}

/** The length or count in a line that begins at `from`. */
function sizeOf(bytes: string, from: number): number {
	const line = new NumberLine();
	line.begin();
	for (let at = from; !line.take(bytes.charCodeAt(at)); at++);
	return line.value;
}

function encodeLeaf(type: number, text: string): string {
	const sign = String.fromCharCode(type);
	return replyKinds[type] === 'bulk' ? `${sign}${text.length}\r\n${text}\r\n` : `${sign}${text}\r\n`;
}
