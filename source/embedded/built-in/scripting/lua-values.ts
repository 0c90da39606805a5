import type {ReplyValue} from 'lua-redis-wasm';
import type {Resp} from '../../../resp/encode.js';
import {formatDouble} from '../../../resp/format-double.js';
import {double, error, map, type Reply, type SpecialReply, set, status, verbatim} from '../../../resp/reply.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const text = (buffer: Buffer): string => buffer.toString('latin1');

/** Converts a reply to the value that `redis.call` returns, in the protocol that the script has chosen. */
export function toLua(reply: Reply, resp: Resp): ReplyValue {
	if (typeof reply === 'string') return bytes(reply);
	if (reply === null || typeof reply === 'number' || typeof reply === 'bigint') return reply;
	if ('kind' in reply) return specialToLua(reply, resp);
	return reply.map((item) => toLua(item, resp));
}

function specialToLua(reply: SpecialReply, resp: Resp): ReplyValue {
	switch (reply.kind) {
		case 'status':
			return {ok: bytes(reply.text)};
		case 'error':
			return {err: bytes(reply.text)};
		case 'null-array':
			return null;
		case 'double':
			return resp === 2 ? bytes(formatDouble(reply.value)) : {double: reply.value};
		case 'boolean':
			return resp === 2 ? Number(reply.value) : reply.value;
		case 'big-number':
			return resp === 2 ? bytes(reply.digits) : {big_number: bytes(reply.digits)};
		case 'verbatim':
			return resp === 2 ? bytes(reply.text) : {verbatim_string: {format: bytes('txt'), string: bytes(reply.text)}};
		case 'map': {
			const items = reply.items.map((item) => toLua(item, resp));
			return resp === 2 ? items : {map: pairs(items)};
		}
		case 'set': {
			const items = reply.items.map((item) => toLua(item, resp));
			return resp === 2 ? items : {set: items};
		}
		case 'push':
		case 'sequence':
			return reply.items.map((item) => toLua(item, resp));
	}
}

function pairs(items: readonly ReplyValue[]): [ReplyValue, ReplyValue][] {
	const found: [ReplyValue, ReplyValue][] = [];
	for (let place = 0; place < items.length; place += 2) found.push([items[place] ?? null, items[place + 1] ?? null]);
	return found;
}

/** Converts the value that a script returns to a reply. */
export function fromLua(value: ReplyValue): Reply {
	if (value === null || typeof value === 'number' || typeof value === 'bigint') return value;
	if (typeof value === 'boolean') return {kind: 'boolean', value};
	if (Buffer.isBuffer(value)) return text(value);
	if (Array.isArray(value)) return value.map(fromLua);
	if ('ok' in value) return status(upToNul(text(value.ok)).replaceAll(/[\r\n]/g, ' '));
	if ('err' in value) return error(upToNul(luaErrorText(value)));
	if ('double' in value) return double(value.double);
	if ('big_number' in value) return {kind: 'big-number', digits: text(value.big_number)};
	if ('verbatim_string' in value) return verbatim(text(value.verbatim_string.string));
	if ('map' in value) return map(value.map.flatMap(([key, item]) => [fromLua(key), fromLua(item)]));
	return set(value.set.map(fromLua));
}

/** Redis treats a status and an error as C strings. */
function upToNul(line: string): string {
	const end = line.indexOf('\0');
	return end === -1 ? line : line.slice(0, end);
}

export function luaErrorText({err, code}: {readonly err: Buffer; readonly code?: Buffer}): string {
	return code === undefined ? text(err) : `${text(code)} ${text(err)}`;
}
