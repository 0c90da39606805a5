import {keysOfCommand} from './command-keys.js';
import {type FrequentItem, FrequentItems} from './frequent-items.js';
import {MonitorReader} from './monitor-reader.js';

type MonitorHandlers = {
	readonly onData: (chunk: Buffer) => void;
	readonly onDown: (reason: Error) => void;
};

/** Opens a connection to a server, and sends MONITOR on it. */
export type OpenMonitor = (handlers: MonitorHandlers) => {readonly close: () => void};

/** Ends of a sample, one of which comes first. */
export type MonitorBounds = {
	readonly ms: number;
	readonly commands: number;
	readonly bytes: number;
};

export type MonitorSample = {
	/** `database key`, the key as MONITOR escapes it. */
	readonly keys: readonly FrequentItem[];
	/** Uses of keys that were counted. */
	readonly uses: number;
	/** The most that a count is too low. */
	readonly error: number;
	/** Commands, this program left out. */
	readonly commands: number;
	/** Milliseconds from the first command to the end. */
	readonly ms: number;
	/** The bound that ended it. */
	readonly endedBy: keyof MonitorBounds;
};

/** Milliseconds until the connection is open and MONITOR is answered. */
const answerMs = 5000;

/** Keys that are counted at the same time, and those that are returned. */
const countedKeys = 2000;
const returnedKeys = 50;

/** Characters of a name by which keys are distinguished. */
const keyLength = 512;

/**
 * Counts which keys are used, by MONITOR, within bounds of time, commands and bytes. Values pass by and are not kept.
 *
 * @param isOwn True for the address of a connection of this program.
 * @throws The server refuses MONITOR, or the connection breaks before the end.
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
					// The commands of a script follow it.
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
