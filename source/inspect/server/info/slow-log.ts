import {escapeBytes} from '../../escape-bytes.js';
import {bytesOf, listOf, numberOf, type Sender, textOf} from '../../sender.js';
import {inspectorName, isOwnClient} from '../clients/own-clients.js';
import type {InfoSections} from './info-sections.js';

/** A command that took longer than `slowlog-log-slower-than`. */
export type SlowCall = {
	readonly id: number;
	/** When it ended, Unix time in milliseconds by the local clock. The server logs whole seconds. */
	readonly at: number;
	readonly ms: number;
	/** The command in capital letters, with its subcommand or first key. No values. */
	readonly command: string;
	/** Number of arguments that are not shown. */
	readonly moreWords: number;
	/** Address of the client: `10.0.0.7:53122`. */
	readonly address: string;
	/** Name of the client; empty if it has none. */
	readonly client: string;
};

/** Maximum number of characters of a key. */
const keyLength = 60;

/** Commands that are shown with their subcommand. All others are shown with their first argument: the key. */
function commandOf(words: readonly unknown[]): string {
	const [name, first] = words;
	const head = textOf(name).toUpperCase();
	if (first === undefined) return head;
	// Scripts and passwords are not shown.
	if (['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'AUTH', 'HELLO'].includes(head)) return head;
	const key = escapeBytes(bytesOf(first));
	return `${head} ${key.length > keyLength ? `${key.slice(0, keyLength - 1)}…` : key}`;
}

/**
 * Parses the reply to SLOWLOG GET, newest first, without entries of this program.
 *
 * @param aheadMs Milliseconds by which the server's clock is ahead of the local one.
 */
export function parseSlowLog(reply: unknown, aheadMs: number): readonly SlowCall[] {
	return listOf(reply)
		.map((entry) => {
			const [id, seconds, microseconds, words, address, client] = listOf(entry);
			const all = listOf(words);
			return {
				id: numberOf(id) ?? 0,
				at: (numberOf(seconds) ?? 0) * 1000 - aheadMs,
				ms: (numberOf(microseconds) ?? 0) / 1000,
				command: commandOf(all),
				moreWords: Math.max(0, all.length - 2),
				address: textOf(address),
				client: textOf(client),
			};
		})
		.filter(({client}) => !isOwnClient(client));
}

/** The id of the newest entry of a command by which this dashboard inspects the server; undefined if there is none. */
export function newestOwnCall(reply: unknown): number | undefined {
	const ids = listOf(reply).flatMap((entry) => {
		const [id, , , , , client] = listOf(entry);
		return textOf(client) === inspectorName ? [numberOf(id) ?? 0] : [];
	});
	return ids.length === 0 ? undefined : Math.max(...ids);
}

/**
 * Reads the newest entries of the slow log. The server keeps `slowlog-max-len` of them, 128 by default.
 *
 * @param count Entries to read, those of this program included.
 * @param aheadMs Milliseconds by which the server's clock is ahead of the local one, see `clockAhead`.
 */
export async function readSlowLog(sender: Sender, count: number, aheadMs: number): Promise<readonly SlowCall[]> {
	return parseSlowLog(await sender.send('SLOWLOG', ['GET', count]), aheadMs);
}

/**
 * Milliseconds by which the clock of a server is ahead of the local one. Like the times in the slow log, they are whole
 * seconds. 0 if INFO does not show the time.
 *
 * @param at When INFO was answered, Unix time in milliseconds.
 */
export function clockAhead({server}: InfoSections, at: number): number {
	const time = Number(server?.server_time_usec) / 1000;
	return Number.isFinite(time) ? Math.round((time - at) / 1000) * 1000 : 0;
}
