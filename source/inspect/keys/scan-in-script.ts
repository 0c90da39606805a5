import {ServerError} from '../../pool/errors.js';
import {bytesOf, listOf, type ScriptCalls, type Sender, textOf} from '../sender.js';
import {factsOf, type KeyRow, keyRow, lookupsOf, withoutScript} from './describe-keys.js';
import {isFiltered, type ScanOptions, stepCount} from './scan.js';
import {stepSizeOf} from './step-size.js';

/** Types that the script tells by their index, since a number costs the client a third of the time of a text. */
const types = ['string', 'hash', 'list', 'set', 'zset', 'stream'] as const;

/** Replies with the cursor, the keys, and type, TTL and size of each. A size that the server does not tell is -1. */
const script = `
local types = {${types.map((type, index) => `['${type}'] = ${index}`).join(', ')}}
local step = redis.call('SCAN', ARGV[1], 'COUNT', ARGV[2])
local facts = {}
for index, key in ipairs(step[2]) do
	local bytes = redis.pcall('MEMORY', 'USAGE', key, 'SAMPLES', 5)
	local type_ = redis.call('TYPE', key).ok
	facts[index * 3 - 2] = types[type_] or type_
	facts[index * 3 - 1] = redis.call('PTTL', key)
	facts[index * 3] = type(bytes) == 'number' and bytes or -1
end
return {step[1], step[2], facts}`;

/** A step of a scan with type, TTL and size of each key. */
export type DescribedStep = {
	/** Where the scan continues after this step; `'0'` when it is over. */
	readonly cursor: string;
	/** Keys found, including those that no longer exist. */
	readonly found: number;
	/** Keys visited, about: with a filter more than are found. */
	readonly visited: number;
	readonly rows: readonly KeyRow[];
};

/** A step that was made in one round trip. */
type ScriptedStep = DescribedStep & {
	/** Milliseconds from the request to the reply. */
	readonly tookMs: number;
};

/**
 * True if a scan can be made in a script. With a filter, names alone are scanned in larger steps; in a cluster a script
 * without keys sees one of the servers.
 */
export const isScriptable = (sender: Sender, {pattern, type}: ScanOptions): boolean =>
	!isFiltered(pattern) && type === undefined && !sender.isCluster && !withoutScript.has(sender);

const typedFacts = (reply: unknown) =>
	factsOf(reply).map((each) => (typeof each.type === 'number' ? {...each, type: types[each.type]} : each));

/**
 * Makes one step of a scan, and describes what it finds, in one read-only script: no name is sent back to the server, and
 * no step is queued behind another one there, so that other clients wait for one of them at most. Returns undefined where
 * the server runs no scripts for us.
 */
export async function scanInScript(
	sender: Sender,
	cursor: string,
	options: ScanOptions,
): Promise<ScriptedStep | undefined> {
	const size = await stepSizeOf(sender);
	const count = stepCount({...options, count: Math.min(options.count ?? size.keys, size.keys)});
	await options.pace?.take(count);
	const startedAt = performance.now();
	try {
		const callsOf = (reply: unknown): readonly ScriptCalls[] => [
			['scan', [reply]],
			...lookupsOf(typedFacts(listOf(reply)[2])),
		];
		const [next, keys, facts] = listOf(await sender.send('EVAL_RO', [script, 0, cursor, count], {callsOf}));
		const tookMs = performance.now() - startedAt;
		size.note(tookMs);
		const known = typedFacts(facts);
		const rows = listOf(keys).flatMap((key, index) => {
			const each = known[index];
			return (each && keyRow(bytesOf(key), each)) ?? [];
		});
		return {cursor: textOf(next), found: listOf(keys).length, visited: listOf(keys).length, rows, tookMs};
	} catch (error) {
		// A server that cannot answer now may run it later.
		if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
		withoutScript.add(sender);
		return undefined;
	}
}
