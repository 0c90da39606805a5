import {ServerError} from '../../../../pool/errors.js';
import type {Argument} from '../../../../pool/types.js';
import {listOf, type Sender, type SendScriptOptions, textOf} from '../../../sender.js';
import {parseInfo} from '../../info/info-sections.js';
import {serverIdentity} from '../../info/server-info.js';
import type {OwnTally} from './own-tally.js';

/** Commands whose subcommands the server counts separately. */
const containers: ReadonlySet<string> = new Set(['object', 'xinfo']);

/** Number of keys that SCAN visits by default. */
const defaultCount = 10;

/**
 * Sends commands and counts them, so that they can be subtracted from the server's figures. Since replies of a connection are
 * in order, a reply to INFO includes all commands that were answered before it, and none after it.
 */
export class CountingSender implements Sender {
	readonly #sender: Sender;
	readonly #tally: OwnTally;
	/** See `countsTypedScans`, for the latest INFO that shows a version. */
	#countsTypedScans = true;

	constructor(sender: Sender, tally: OwnTally) {
		this.#sender = sender;
		this.#tally = tally;
	}

	async send(command: string, args: readonly Argument[], options: SendScriptOptions = {}): Promise<unknown> {
		const word = command.toLowerCase();
		const name = containers.has(word) ? `${word}|${String(args[0]).toLowerCase()}` : word;
		const {callsOf, ...others} = options;
		try {
			const reply = await this.#sender.send(command, args, others);
			this.#tally.addReply(name, reply);
			for (const called of callsOf?.(reply) ?? []) this.#tally.addCalls(called);
			if (word === 'scan' && this.#countsTypedScans) this.#tally.addHits(typeLookups(args, reply));
			if (word === 'info') {
				this.#countsTypedScans = countsTypedScans(textOf(reply)) ?? this.#countsTypedScans;
				// There must be no `await` before this: the replies that follow belong to the next span.
				this.#tally.close();
			}
			return reply;
		} catch (error) {
			if (error instanceof ServerError) this.#tally.addError(name, error.prefix);
			throw error;
		}
	}
}

/**
 * True if SCAN with TYPE counts as lookups on this server: before Valkey 8.0 and Redis 8.2. Undefined if INFO does not show the
 * version.
 */
function countsTypedScans(info: string): boolean | undefined {
	const {name, version} = serverIdentity(parseInfo(info));
	if (version === undefined) return undefined;
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major < 8 || (name !== 'valkey' && major === 8 && minor < 2);
}

/** Estimated lookups of SCAN with TYPE: its COUNT, or at the end of the scan the number of returned keys. */
function typeLookups(args: readonly Argument[], reply: unknown): number {
	const words = args.map((argument) => String(argument).toUpperCase());
	if (!words.includes('TYPE', 1)) return 0;
	const [cursor, keys] = listOf(reply);
	const found = listOf(keys).length;
	const at = words.indexOf('COUNT', 1);
	return textOf(cursor) === '0' ? found : Math.max(found, at < 0 ? defaultCount : Number(words[at + 1]));
}
