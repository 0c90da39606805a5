import {formatDouble} from './format-double.js';
import type {Reply, SpecialReply} from './reply.js';

/** Version of the protocol. */
export type Resp = 2 | 3;

/** Encodes a reply, one byte per character (latin1). In RESP2, types that it lacks are replaced as by Redis. */
export function encodeReply(reply: Reply, resp: Resp): string {
	if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
	if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
	if (reply === null) return resp === 2 ? '$-1\r\n' : '_\r\n';
	if ('kind' in reply) return encodeSpecial(reply, resp);
	return encodeItems('*', reply.length, reply, resp);
}

function encodeSpecial(reply: SpecialReply, resp: Resp): string {
	switch (reply.kind) {
		case 'status':
			return `+${reply.text}\r\n`;
		case 'error':
			return `-${reply.text.replaceAll(/[\r\n]/g, ' ')}\r\n`;
		case 'null-array':
			return resp === 2 ? '*-1\r\n' : '_\r\n';
		case 'double': {
			const text = formatDouble(reply.value);
			return resp === 2 ? encodeReply(text, 2) : `,${text}\r\n`;
		}
		case 'boolean':
			if (resp === 2) return reply.value ? ':1\r\n' : ':0\r\n';
			return reply.value ? '#t\r\n' : '#f\r\n';
		case 'big-number':
			return resp === 2 ? encodeReply(reply.digits, 2) : `(${reply.digits}\r\n`;
		case 'verbatim':
			return resp === 2 ? encodeReply(reply.text, 2) : `=${reply.text.length + 4}\r\ntxt:${reply.text}\r\n`;
		case 'map':
			return resp === 2
				? encodeItems('*', reply.items.length, reply.items, 2)
				: encodeItems('%', reply.items.length / 2, reply.items, 3);
		case 'set':
			return encodeItems(resp === 2 ? '*' : '~', reply.items.length, reply.items, resp);
		case 'push':
			return encodeItems(resp === 2 ? '*' : '>', reply.items.length, reply.items, resp);
		case 'sequence':
			return reply.items.map((item) => encodeReply(item, resp)).join('');
	}
}

function encodeItems(sign: string, length: number, items: readonly Reply[], resp: Resp): string {
	let text = `${sign}${length}\r\n`;
	for (const item of items) text += encodeReply(item, resp);
	return text;
}

/** Encodes a request. Words have one byte per character (latin1). */
export function encodeRequest(words: readonly string[]): string {
	return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}
