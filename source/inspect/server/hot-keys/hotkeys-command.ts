import {setTimeout as sleep} from 'node:timers/promises';
import {ServerError} from '../../../pool/errors.js';
import {bytesOf, listOf, numberOf, type Sender, textOf} from '../../sender.js';

/** A key with its share of what the server did, as HOTKEYS has counted it. */
export type CountedKey = {
	readonly key: Buffer;
	/** Microseconds of processor time; undefined if it is not among the first by time. */
	readonly microseconds: number | undefined;
	/** Bytes received and sent; undefined if it is not among the first by bytes. */
	readonly bytes: number | undefined;
};

/** The state of HOTKEYS, from Redis 8.6. */
export type HotKeysSession = {
	/** True if this program has had it counted, and nothing is left of it on the server. */
	readonly isOurs: boolean;
	readonly isActive: boolean;
	/** One in this many uses is counted. The counts of keys are estimates for all uses. */
	readonly sampleRatio: number;
	/** Unix time in milliseconds by the clock of the server; undefined if it does not report it. */
	readonly startedAt: number | undefined;
	/** Milliseconds that were counted. */
	readonly ms: number;
	/** Of all commands, in microseconds and bytes. */
	readonly totalMicroseconds: number;
	readonly totalBytes: number;
	readonly keys: readonly CountedKey[];
};

/** Number of keys for the server to count: its limit is 64. */
const countedKeys = 50;

function fieldsOf(list: readonly unknown[]): ReadonlyMap<string, unknown> {
	return new Map(
		Array.from({length: Math.floor(list.length / 2)}, (_, index) => [textOf(list[2 * index]), list[2 * index + 1]]),
	);
}

/** @param ratio Of the uses, one of so many is in the counts. */
function countsOf(reply: unknown, ratio: number): ReadonlyMap<string, number> {
	const list = listOf(reply);
	return new Map(
		Array.from({length: Math.floor(list.length / 2)}, (_, index) => [
			bytesOf(list[2 * index]).toString('latin1'),
			(numberOf(list[2 * index + 1]) ?? 0) * ratio,
		]),
	);
}

/**
 * Parses the reply to HOTKEYS GET: fields and values in one list, which may be in a list of one.
 *
 * @returns Undefined if nothing was counted since the start or HOTKEYS RESET.
 */
export function parseHotKeys(reply: unknown): HotKeysSession | undefined {
	const list = listOf(reply);
	const fields = fieldsOf(list.length === 1 ? listOf(list[0]) : list);
	if (!fields.has('tracking-active')) return undefined;
	const number = (name: string) => numberOf(fields.get(name)) ?? 0;
	const sampleRatio = Math.max(1, number('sample-ratio'));
	const times = countsOf(fields.get('by-cpu-time-us'), sampleRatio);
	const bytes = countsOf(fields.get('by-net-bytes'), sampleRatio);
	return {
		isOurs: false,
		isActive: number('tracking-active') === 1,
		sampleRatio,
		startedAt: numberOf(fields.get('collection-start-time-unix-ms')),
		ms: number('collection-duration-ms'),
		totalMicroseconds: number('all-commands-all-slots-us'),
		totalBytes: number('net-bytes-all-commands-all-slots'),
		keys: [...new Set([...times.keys(), ...bytes.keys()])].map((key) => ({
			key: Buffer.from(key, 'latin1'),
			microseconds: times.get(key),
			bytes: bytes.get(key),
		})),
	};
}

/** True if the server has HOTKEYS. A server without it is not made to count an error. */
export async function hasHotKeys(sender: Sender): Promise<boolean> {
	const [description] = listOf(await sender.send('COMMAND', ['INFO', 'HOTKEYS']).catch(() => []));
	return listOf(description).length > 0;
}

/** The results of the last count, by any client. Undefined if there are none, or this user may not read them. */
export async function readHotKeys(sender: Sender): Promise<HotKeysSession | undefined> {
	const reply = await sender.send('HOTKEYS', ['GET']).catch((error: unknown) => {
		if (error instanceof ServerError && error.kind === 'denied') return null;
		throw error;
	});
	return parseHotKeys(reply);
}

/**
 * Has the server count its keys for some time. What somebody else has it count, or has left there, is read and left alone:
 * a new count would take the place of those results.
 *
 * @param ms The server ends it by itself a second later, if this program should not.
 * @returns Undefined if this user may not have it count.
 */
export async function sampleByHotKeys(sender: Sender, ms: number): Promise<HotKeysSession | undefined> {
	const others = await readHotKeys(sender);
	if (others) return others;
	const duration = Math.ceil(ms / 1000) + 1;
	try {
		await sender.send('HOTKEYS', ['START', 'METRICS', 2, 'CPU', 'NET', 'COUNT', countedKeys, 'DURATION', duration]);
	} catch (error) {
		if (!(error instanceof ServerError)) throw error;
		if (error.kind === 'denied') return undefined;
		// Another client was faster.
		if (/in progress/.test(error.message)) return readHotKeys(sender);
		throw error;
	}
	try {
		await sleep(ms);
		await sender.send('HOTKEYS', ['STOP']);
		const counted = await readHotKeys(sender);
		return counted && {...counted, isOurs: true};
	} finally {
		await sender.send('HOTKEYS', ['STOP']).catch(() => undefined);
		await sender.send('HOTKEYS', ['RESET']).catch(() => undefined);
	}
}
