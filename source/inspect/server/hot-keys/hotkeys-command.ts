import {setTimeout as sleep} from 'node:timers/promises';
import {ServerError} from '../../../pool/errors.js';
import {bytesOf, listOf, numberOf, type Sender, textOf} from '../../sender.js';

/** A key with its processor time and bytes, as counted by HOTKEYS. */
export type CountedKey = {
	readonly key: Buffer;
	/** Microseconds of processor time; undefined if it is not among the first by time. */
	readonly microseconds: number | undefined;
	/** Bytes received and sent; undefined if it is not among the first by bytes. */
	readonly bytes: number | undefined;
};

/** The state of HOTKEYS, from Redis 8.6. */
export type HotKeysSession = {
	/** True if this program has started the count. Its results have been removed from the server. */
	readonly isOurs: boolean;
	readonly isActive: boolean;
	/** One in this many uses is counted. The figures of keys are extrapolated to all uses. */
	readonly sampleRatio: number;
	/** Unix time in milliseconds by the clock of the server; undefined if it does not report it. */
	readonly startedAt: number | undefined;
	/** Duration of the count in milliseconds. */
	readonly ms: number;
	/** Totals of all commands, in microseconds and bytes. */
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

/** @param ratio One in this many uses was counted. */
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
 * Parses the reply to HOTKEYS GET: a list of fields and values, which may be the only element of another list.
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

/** True if the server has HOTKEYS. The check causes no error on a server without it. */
export async function hasHotKeys(sender: Sender): Promise<boolean> {
	const [description] = listOf(await sender.send('COMMAND', ['INFO', 'HOTKEYS']).catch(() => []));
	return listOf(description).length > 0;
}

/** The results of the last count by any client. Undefined if there are none, or this user has no right to read them. */
export async function readHotKeys(sender: Sender): Promise<HotKeysSession | undefined> {
	const reply = await sender.send('HOTKEYS', ['GET']).catch((error: unknown) => {
		if (error instanceof ServerError && error.kind === 'denied') return null;
		throw error;
	});
	return parseHotKeys(reply);
}

/**
 * Lets the server count its keys for some time. If another client has started a count, or left results, these are read instead,
 * since a new count would replace them.
 *
 * @param ms Duration in milliseconds. The server ends the count a second later by itself if this program does not.
 * @returns Undefined if this user has no right to start a count.
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
		// Another client has started a count in the meantime.
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
