import {keysOfCommand} from './command-keys.js';
import {type FrequentItem, FrequentItems} from './frequent-items.js';
import {MonitorReader} from './monitor-reader.js';

type MonitorHandlers = {
	readonly onData: (chunk: Buffer) => void;
	readonly onDown: (reason: Error) => void;
};

/** Opens a connection to a server, and sends MONITOR on it. */
export type OpenMonitor = (handlers: MonitorHandlers) => {readonly close: () => void};

/** Limits of a sample. It ends at the first one that is reached. */
export type MonitorBounds = {
	readonly ms: number;
	readonly commands: number;
	readonly bytes: number;
};

export type MonitorSample = {
	/** Items are `database key`, with the key as escaped by MONITOR. */
	readonly keys: readonly FrequentItem[];
	/** Number of uses of keys that were counted. */
	readonly uses: number;
	/** Maximum by which a count is too low. */
	readonly error: number;
	/** Number of commands, without those of this program. */
	readonly commands: number;
	/** Milliseconds from the first command to the end. */
	readonly ms: number;
	/** The limit that was reached. */
	readonly endedBy: keyof MonitorBounds;
};

/** Time limit for opening the connection and for the reply to MONITOR, in milliseconds. */
const answerMs = 5000;

/** Number of keys that are counted at the same time, and of those that are returned. */
const countedKeys = 2000;
const returnedKeys = 50;

/** Number of first characters of a name by which keys are distinguished. */
const keyLength = 512;

/**
 * Counts the uses of keys with MONITOR, within limits of time, commands and bytes. Values are not kept.
 *
 * @param isOwn True for the address of a connection of this program.
 * @throws {Error} The server refuses MONITOR, or the connection is lost before the end.
 */
export async function sampleByMonitor(
	open: OpenMonitor,
	bounds: MonitorBounds,
	isOwn: (address: string) => boolean,
): Promise<MonitorSample> {
	const items = new FrequentItems(countedKeys);
	let commands = 0;
	let startedAt: number | undefined;
	let finish: () => void = () => undefined;
	try {
		const endedBy = await new Promise<keyof MonitorBounds>((resolve, reject) => {
			let bytes = 0;
			let isOurs = false;
			let timer = setTimeout(() => reject(new Error(`MONITOR was not answered within ${answerMs / 1000} s`)), answerMs);
			const reader = new MonitorReader({
				onStart() {
					if (startedAt !== undefined) return;
					startedAt = performance.now();
					clearTimeout(timer);
					timer = setTimeout(() => resolve('ms'), bounds.ms);
				},
				onCommand({database, source, words}) {
					// Commands of a script follow that of the client.
					if (source !== 'lua') isOurs = isOwn(source);
					if (isOurs || commands >= bounds.commands) return;
					commands++;
					for (const key of keysOfCommand(words)) items.add(`${database} ${key.slice(0, keyLength)}`);
					if (commands >= bounds.commands) resolve('commands');
				},
				onRefused: (message) => reject(new Error(`MONITOR is refused: ${message}`)),
			});
			const monitor = open({
				onData(chunk) {
					bytes += chunk.length;
					reader.push(chunk);
					if (bytes >= bounds.bytes) resolve('bytes');
				},
				onDown: reject,
			});
			finish = () => {
				clearTimeout(timer);
				monitor.close();
			};
		});
		const ms = performance.now() - (startedAt ?? performance.now());
		return {keys: items.top(returnedKeys), uses: items.total, error: items.error, commands, ms, endedBy};
	} finally {
		finish();
	}
}
