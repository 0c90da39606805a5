import type {ReplyValue} from 'lua-redis-wasm';
import {expect, it} from 'vitest';
import {Lua} from '../../source/embedded/built-in/scripting/lua.js';
import type {Sender} from '../../source/inspect/sender.js';
import {editValue} from '../../source/inspect/values/edit-value.js';

/**
 * Runs scripts as Redis does, on replies as the documentation of Redis 7.4 has them, none was recorded: `HPEXPIRETIME` gives
 * a list with the time in milliseconds,
 * -1 for a field without TTL. The Redis of the tests has no TTLs of fields.
 */
async function answering(replies: Readonly<Record<string, ReplyValue>>): Promise<{sender: Sender; called: string[]}> {
	const called: string[] = [];
	const lua = await Lua.load({
		call(args) {
			called.push(args.join(' '));
			return replies[args[0] ?? ''] ?? {err: Buffer.from('unknown command'), code: Buffer.from('ERR')};
		},
		setResp() {},
	});
	const sender: Sender = {
		async send(_, [script, count, ...rest]) {
			const words = rest.map(String);
			return lua.run(String(script), words.slice(0, Number(count)), words.slice(Number(count)));
		},
	};
	return {sender, called};
}

const hash = {TYPE: {ok: Buffer.from('hash')}, HGET: Buffer.from('old'), HSET: 0};
const edit = {kind: 'hset', at: 'field', value: 'new', expected: 'old'} as const;

it('an edit of a hash field keeps its TTL', async () => {
	const {sender, called} = await answering({...hash, HPEXPIRETIME: [1_900_000_000_000], HPEXPIREAT: [1]});
	expect(await editValue(sender, 'hash', edit)).toBe('done');
	expect(called.slice(-3)).toEqual([
		'HPEXPIRETIME hash FIELDS 1 field',
		'HSET hash field new',
		'HPEXPIREAT hash 1900000000000 FIELDS 1 field',
	]);
});

it('an edit of a hash field gives no TTL to one that has none, nor where the server knows none', async () => {
	for (const HPEXPIRETIME of [[-1], undefined]) {
		const {sender, called} = await answering({...hash, ...(HPEXPIRETIME ? {HPEXPIRETIME} : {})});
		expect(await editValue(sender, 'hash', edit)).toBe('done');
		expect(called.at(-1)).toBe('HSET hash field new');
	}
});
