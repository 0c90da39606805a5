import {ServerError} from '../../pool/errors.js';
import {listOf, numberOf, type ScriptCalls, type Sender, textOf} from '../sender.js';
import {type KeyRow, keyRow, withoutScript} from './describe-keys.js';
import {describeInLua, lookupsFor, readFacts} from './facts-script.js';
import {RoundTrip} from './round-trip.js';
import {isFiltered, type ScanOptions, stepCount} from './scan.js';
import {stepSizeOf} from './step-size.js';

/** Replies with the cursor, how many keys were found, the facts about them, and how many of them no longer exist. */
const script = `${describeInLua}
local step = call('SCAN', ARGV[1], 'COUNT', ARGV[2])
local facts, missing = describe(step[2])
return {step[1], #step[2], facts, missing}`;

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
type ScriptedStep = {
	readonly cursor: string;
	/** Milliseconds from the request to the reply. */
	readonly tookMs: number;
	/** Takes the reply apart. */
	read(): DescribedStep;
};

/**
 * True if a scan can be made in a script. With a filter, names alone are scanned in larger steps; in a cluster a script
 * without keys sees one of the servers.
 */
export const isScriptable = (sender: Sender, {pattern, type}: ScanOptions): boolean =>
	!isFiltered(pattern) && type === undefined && !sender.isCluster && !withoutScript.has(sender);

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
		// A server that cannot answer now may run it later.
		if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
		withoutScript.add(sender);
		return undefined;
	}
}

function callsOf(reply: unknown): readonly ScriptCalls[] {
	const [, found, , missing] = listOf(reply);
	return [{command: 'scan', calls: 1, misses: 0}, ...lookupsFor(numberOf(found) ?? 0, numberOf(missing) ?? 0)];
}
