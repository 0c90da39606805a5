import {maxEventKeys, maxKeyBytes, maxNameBytes} from '../traffic.js';
import {ArgumentRoles} from './argument-roles.js';
import {CommandRecord} from './command-record.js';
import type {CommandSpec} from './commands/command-spec.js';
import {subcommandOf} from './commands/command-table.js';
import type {FollowedKeys} from './followed-keys.js';

/** Longest word that is kept: the name of an option, a number, or the name of a connection. Longer ones are cut off. */
const maxWordBytes = maxNameBytes;

const noWords: readonly string[] = [];
/** Never changed. */
const noKeys: string[] = [];

/** The command whose request is being read: keeps the names of its keys, and the few relevant words. */
export class CommandDraft {
	readonly #roles = new ArgumentRoles();
	readonly #followed: FollowedKeys | undefined;
	#record: CommandRecord | undefined;
	#keys = noKeys;
	#keyCount = 0;
	#words: string[] = [];

	/** @param followed Undefined if all keys are followed. */
	constructor(followed: FollowedKeys | undefined) {
		this.#followed = followed;
	}

	/** The words that were kept, as they were sent. */
	get words(): readonly string[] {
		return this.#words;
	}

	/** @param argc Number of arguments, including the name of the command. @param startedAt Time of its first byte. */
	begin(spec: CommandSpec, argc: number, startedAt: number): void {
		this.#record = new CommandRecord(spec, argc - 1, startedAt);
		this.#keys = noKeys;
		this.#keyCount = 0;
		if (this.#words.length > 0) this.#words = [];
		this.#roles.begin(spec, argc);
	}

	/** Number of bytes to keep from the beginning of an argument; 0 if it is not relevant. */
	bytesWanted(index: number): number {
		if (this.#roles.isKey(index)) return maxKeyBytes;
		return this.#roles.isWanted(index, this.#words.length) ? maxWordBytes : 0;
	}

	/** Keeps the relevant part of an argument, which is the bytes `from` to `to` of a chunk. */
	takeBytes(index: number, chunk: Buffer, from: number, to: number): void {
		if (this.#roles.isKey(index)) this.#takeKeyBytes(chunk, from, to);
		else if (this.#roles.isWanted(index, this.#words.length))
			this.#takeWord(index, latin1(chunk, from, to, maxWordBytes));
	}

	/** Keeps the beginning of a relevant argument. @param text At most `bytesWanted` characters. */
	takeText(index: number, text: string): void {
		if (this.#roles.isKey(index)) this.#takeKey(text);
		else this.#takeWord(index, text);
	}

	/** The request is complete. @param now Time of its last byte. */
	end(requestBytes: number, now: number): CommandRecord | undefined {
		const record = this.#record;
		if (record === undefined) return undefined;
		this.#record = undefined;
		record.keys = this.#keys;
		record.keyCount = this.#keyCount;
		record.requestBytes = requestBytes;
		record.sentAt = now;
		const {ttl, blocks} = record.spec;
		if (ttl === undefined && blocks === undefined) return record;
		const upper = this.#words.length === 0 ? noWords : this.#words.map((word) => word.toUpperCase());
		record.ttlMs = ttl?.(upper, Date.now);
		record.isBlocking = blocks?.(upper) === true;
		return record;
	}

	/** Discards the command: its request will not be completed. */
	drop(): void {
		this.#record = undefined;
		this.#words = [];
	}

	/** Keeps a key, unless it is the only key of its command and is not followed. */
	#takeKeyBytes(chunk: Buffer, from: number, to: number): void {
		const followed = this.#followed;
		if (followed !== undefined && this.#roles.hasOneKey) {
			if (!followed.follows(chunk, from, to)) {
				this.#keyCount++;
				return;
			}
			if (this.#record !== undefined) this.#record.keyWeight = followed.weight;
		}
		this.#takeKey(latin1(chunk, from, to, maxKeyBytes));
	}

	#takeKey(key: string): void {
		this.#keyCount++;
		if (this.#keys === noKeys) this.#keys = [key];
		else if (this.#keys.length < maxEventKeys) this.#keys.push(key);
	}

	#takeWord(index: number, text: string): void {
		const record = this.#record;
		if (this.#roles.isSubcommand(index) && record !== undefined) {
			const subcommand = subcommandOf(text);
			if (subcommand !== undefined) record.command = `${record.command} ${subcommand}`;
		} else if (!this.#roles.learn(index, text)) {
			this.#words.push(text);
		}
	}
}

/** At most `limit` of the bytes `from` to `to`. */
export function latin1(chunk: Buffer, from: number, to: number, limit: number): string {
	return chunk.toString('latin1', from, Math.min(to, from + Math.max(0, limit)));
}
