import {ServerError} from '../pool/errors.js';
import {printKey} from './escape-bytes.js';
import {listOf, numberOf, type Sender, textOf} from './sender.js';

/** One key of a Redis, as a list shows it. */
export type KeyRow = {
	/** Printable, see `printKey`. */
	readonly key: string;
	/** `string`, `hash`, `list`, `set`, `zset`, `stream` or a module's type. */
	readonly type: string;
	/** Milliseconds left; `undefined`: it does not expire. */
	readonly ttlMs: number | undefined;
	/** Bytes in the server's memory; `undefined` where the server does not tell. Of large collections an estimate from five elements. */
	readonly bytes: number | undefined;
};

/** Keys in one script: well under a millisecond in which the server does nothing else. */
const scriptKeys = 100;

/** Three answers for each key, in one reply. A size that the server does not tell is -1. */
const script = `
local facts = {}
for index, key in ipairs(KEYS) do
	local found = redis.call('TYPE', key)
	local bytes = redis.pcall('MEMORY', 'USAGE', key, 'SAMPLES', 5)
	facts[index * 3 - 2] = found.ok or found
	facts[index * 3 - 1] = redis.call('PTTL', key)
	facts[index * 3] = type(bytes) == 'number' and bytes or -1
end
return facts`;

/** Those that cannot run it: older than Redis 7, a cluster, a user who may not. */
const withoutScript = new WeakSet<Sender>();

type Facts = {readonly type: unknown; readonly ttl: unknown; readonly bytes: unknown};

const orError = (reply: Promise<unknown>): Promise<unknown> => reply.catch((error: unknown) => error);

/** `send` queues without waiting, so all commands of all keys are on the wire before the first reply is read. */
function askEach(sender: Sender, keys: readonly Buffer[]): Promise<Facts[]> {
	return Promise.all(
		keys.map(async (key) => {
			const [type, ttl, bytes] = await Promise.all([
				sender.send('TYPE', [key]),
				sender.send('PTTL', [key]),
				// Refused by some managed servers and by narrow ACLs: a list without sizes is better than none.
				orError(sender.send('MEMORY', ['USAGE', key, 'SAMPLES', 5])),
			]);
			return {type, ttl, bytes};
		}),
	);
}

async function ask(sender: Sender, keys: readonly Buffer[]): Promise<Facts[]> {
	if (withoutScript.has(sender) || keys.length === 1) return askEach(sender, keys);
	try {
		// A read-only script: a third of the commands for the server to read, and a tenth of the replies for us.
		const reply = listOf(await sender.send('EVAL_RO', [script, keys.length, ...keys]));
		return keys.map((_, index) => {
			const bytes = reply[index * 3 + 2];
			return {type: reply[index * 3], ttl: reply[index * 3 + 1], bytes: bytes === -1 ? undefined : bytes};
		});
	} catch (error) {
		// One that cannot answer now may well run it later.
		if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
		withoutScript.add(sender);
		return askEach(sender, keys);
	}
}

/** Type, TTL and size of some keys, in one pipelined round trip. Keys that are gone by now are left out. */
export async function describeKeys(sender: Sender, keys: readonly Buffer[]): Promise<KeyRow[]> {
	const parts: Promise<Facts[]>[] = [];
	for (let from = 0; from < keys.length; from += scriptKeys)
		parts.push(ask(sender, keys.slice(from, from + scriptKeys)));
	const facts = (await Promise.all(parts)).flat();
	const rows: KeyRow[] = [];
	for (const [index, {type, ttl, bytes}] of facts.entries()) {
		const key = keys[index];
		const left = numberOf(ttl) ?? -2;
		if (!key || left === -2) continue;
		rows.push({key: printKey(key), type: textOf(type), ttlMs: left < 0 ? undefined : left, bytes: numberOf(bytes)});
	}
	return rows;
}
