import {ServerError} from '../../../pool/errors.js';
import {listOf, numberOf, type ScriptCalls, type Sender, textOf} from '../../sender.js';
import {type KeyRow, keyRow, withoutScript} from '../describe-keys.js';
import {RoundTrip} from '../round-trip.js';
import {isFiltered, type ScanOptions, stepCount} from '../scan.js';
import {stepSizeOf} from '../step-size.js';
import {describeInLua, lookupsFor, readFacts} from './facts-script.js';

/** Replies with the cursor, how many keys were found, the facts about them, and how many of them no longer exist. */
const script = `${describeInLua}
local step = call('SCAN', ARGV[1], 'COUNT', ARGV[2])
local facts, missing = describe(step[2])
return {step[1], #step[2], facts, missing}`;

/** A step of a scan with type, TTL and size of each key. */
export type DescribedStep = {
	/** Cursor for the next step; `'0'` after the last one. */
	readonly cursor: string;
	/** Number of keys found, including those that no longer exist. */
	readonly found: number;
	/** Approximate number of keys visited. With a filter it is larger than `found`. */
	readonly visited: number;
	readonly rows: readonly KeyRow[];
};

/** A step that took one round trip. */
type ScriptedStep = {
	readonly cursor: string;
	/** Milliseconds from the request to the reply. */
	readonly tookMs: number;
	/** Parses the reply. */
	read(): DescribedStep;
};

/**
 * True if a scan can run in a script. Scans with a filter are faster by names alone in larger steps; in a cluster, a script
 * without keys only reaches one of the servers.
 */
export const isScriptable = (sender: Sender, {pattern, type}: ScanOptions): boolean =>
	!isFiltered(pattern) && type === undefined && !sender.isCluster && !withoutScript.has(sender);

/**
 * Performs one step of a scan, and describes the keys found, in one read-only script. No names are sent back to the server, and
 * steps do not queue there, so that other clients wait for at most one of them. Returns undefined if the server refuses the
 * script.
 */
export async function scanInScript(
	sender: Sender,
	cursor: string,
	options: ScanOptions,
): Promise<ScriptedStep | undefined> {
	const size = await stepSizeOf(sender);
	const count = stepCount({...options, count: Math.min(options.count ?? size.keys, size.keys)});
	await options.pace?.take(count);
	const trip = new RoundTrip(size.lateMs);
	try {
		const sent = sender.send('EVAL_RO', [script, 0, cursor, count], {callsOf});
		const reply = await sent.finally(() => trip.end());
		size.note(trip);
		const [next, keys, facts] = listOf(reply);
		const end = textOf(next);
		const found = numberOf(keys) ?? 0;
		return {
			cursor: end,
			tookMs: trip.tookMs,
			read: () => ({cursor: end, found, visited: found, rows: readFacts(facts).map(keyRow)}),
		};
	} catch (error) {
		// A server that is unavailable now may run the script later.
		if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
		withoutScript.add(sender);
		return undefined;
	}
}

function callsOf(reply: unknown): readonly ScriptCalls[] {
	const [, found, , missing] = listOf(reply);
	return [{command: 'scan', calls: 1, misses: 0}, ...lookupsFor(numberOf(found) ?? 0, numberOf(missing) ?? 0)];
}
