import type {ReplyValue} from 'lua-redis-wasm';
import {expect, it} from 'vitest';
import {Lua} from '../../source/embedded/built-in/scripting/lua.js';
import type {Sender} from '../../source/inspect/sender.js';
import {editValue} from '../../source/inspect/values/edit-value.js';
import {openPrivateLane} from '../support/private-lane.js';
import {recordings, replay} from './recorded/replay.js';

/** Runs scripts as Redis does, on given replies: the Redis of the tests has no TTLs of fields. */
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

/** Replies of a server: to the question for a TTL, and to the command that sets it again. */
async function recordedReplies(recording: (typeof recordings)[number]) {
	const {lane, close} = await replay(recording, 'fields with TTLs');
	try {
		const HPEXPIREAT = await lane.send('HPEXPIREAT', ['hash', '4102444800000', 'FIELDS', 1, 'a']);
		const withTtl = await lane.send('HPEXPIRETIME', ['hash', 'FIELDS', 1, 'a']);
		const without = await lane.send('HPEXPIRETIME', ['hash', 'FIELDS', 1, 'b']);
		return {HPEXPIREAT, withTtl, without} as {[name in 'HPEXPIREAT' | 'withTtl' | 'without']: ReplyValue};
	} finally {
		await close();
	}
}

it.each(recordings)('an edit of a hash field keeps its TTL, by the replies of %s', async (recording) => {
	const {HPEXPIREAT, withTtl: HPEXPIRETIME} = await recordedReplies(recording);
	const {sender, called} = await answering({...hash, HPEXPIRETIME, HPEXPIREAT});
	expect(await editValue(sender, 'hash', edit)).toBe('done');
	expect(called.slice(-3)).toEqual([
		'HPEXPIRETIME hash FIELDS 1 field',
		'HSET hash field new',
		'HPEXPIREAT hash 4102444800000 FIELDS 1 field',
	]);
});

it('an edit of a hash field gives no TTL to one that has none, nor where the server knows none', async () => {
	const {without} = await recordedReplies('redis-8.0.6');
	for (const HPEXPIRETIME of [without, undefined]) {
		const {sender, called} = await answering({...hash, ...(HPEXPIRETIME === undefined ? {} : {HPEXPIRETIME})});
		expect(await editValue(sender, 'hash', edit)).toBe('done');
		expect(called.at(-1)).toBe('HSET hash field new');
	}
});

it('an edit of a hash field keeps its TTL on the server at hand', async (test) => {
	const redis = await openPrivateLane();
	try {
		await redis.send('HSET hash field old other value');
		const expires = await redis.send('HPEXPIREAT hash 4102444800000 FIELDS 1 field').catch(() => undefined);
		if (expires === undefined) return test.skip('this server has no TTLs of fields');
		expect(await editValue(redis.lane, 'hash', edit)).toBe('done');
		expect(await redis.send('HPEXPIRETIME hash FIELDS 2 field other')).toEqual([4_102_444_800_000, -1]);
	} finally {
		await redis.close();
	}
});
