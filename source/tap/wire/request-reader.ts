import {mayBegin} from '../../resp/request-follower.js';
import {RequestTokenizer} from '../../resp/request-tokenizer.js';
import {splitInline} from '../../resp/split-inline.js';
import {WholeRequest} from '../../resp/whole-request.js';
import {maxEventKeys, maxKeyBytes, maxNameBytes} from '../traffic.js';
import {findCommand, maxCommandBytes} from './command-names.js';
import {CommandRecord} from './command-record.js';
import type {CommandSpec} from './command-spec.js';
import {subcommandOf} from './command-table.js';
import type {FollowedKeys} from './followed-keys.js';

/** A word that matters is a name of an option, a number or the name of a connection. Longer ones are cut off. */
const maxWordBytes = maxNameBytes;

/** Words that are kept of one command. Options stand near its start. */
const maxWords = 24;

/** The reason why a connection is not read that begins with a handshake of TLS. */
export const speaksTls = 'it speaks TLS';
const tlsHandshake = 22;

const noWords: readonly string[] = [];
/** Never changed. */
const noKeys: string[] = [];

export type RequestReaderOptions = {
	/** Default: all keys are followed. */
	readonly followed?: FollowedKeys | undefined;
	/**
	 * A request is complete.
	 *
	 * @param words Its words from `wordsFrom` of its command on, as they were sent. Not to be kept.
	 */
	readonly onCommand: (record: CommandRecord, words: readonly string[]) => void;
	/** These bytes are no requests of Redis's protocol. No more of them may be read. */
	readonly onBroken: (reason: string) => void;
};

/**
 * Reads the requests of one connection: the command, the names of its keys, and the few words that matter. Everything
 * else is skipped where it stands, so a value of any size costs neither time nor memory. The stream may be cut anywhere.
 */
export class RequestReader {
	readonly #tokenizer = new RequestTokenizer();
	readonly #whole = new WholeRequest();
	readonly #options: RequestReaderOptions;
	/** Bytes of earlier chunks, and the number of bytes before the request being read. */
	#before = 0;
	#start = 0;
	/** Time of the first byte of the request being read, if that came in an earlier chunk. */
	#startedAt: number | undefined;
	#record: CommandRecord | undefined;
	#spec: CommandSpec | undefined;
	/** The name of the command, or an argument that is wanted, as far as it came in earlier chunks. */
	#prefix = '';
	#keys = noKeys;
	#keyCount = 0;
	/** The arguments that are names of keys: the first, the last, and the step between two. */
	#firstKey = 0;
	#lastKey = 0;
	#keyStep = 1;
	/** Argument that holds the number of keys; 0: none. */
	#countAt = 0;
	#isBeforeStreams = false;
	#words: string[] = [];
	/** First argument whose word is wanted. */
	#wordsFrom = 0;
	/** Arguments before this one are secrets. */
	#secretsUntil = 0;
	#isBroken = false;

	constructor(options: RequestReaderOptions) {
		this.#options = options;
	}

	/** Bytes of the client. @param now Time of their arrival, as those of a `CommandEvent`. */
	read(chunk: Buffer, now: number): void {
		const tokenizer = this.#tokenizer;
		this.#options.followed?.at(now);
		let at = 0;
		while (!this.#isBroken) {
			if (at === chunk.length) break;
			if (tokenizer.atBoundary) {
				if (this.#whole.read(chunk, at)) {
					at = this.#whole.end;
					this.#readWhole(chunk, now);
					this.#finish(this.#before + at, now);
					continue;
				}
				const first = chunk[at] ?? 0;
				if (!mayBegin(first)) {
					this.#break(first === tlsHandshake ? speaksTls : 'it is no request of Redis');
					break;
				}
			}
			const token = tokenizer.next(chunk, at);
			at = tokenizer.offset;
			if (token === 'argument') {
				this.#readArgument(chunk, tokenizer, now);
				if (tokenizer.atBoundary) this.#finish(this.#before + at, now);
			} else if (token === 'part') {
				const {index} = tokenizer;
				if (index === 0 || this.#isKey(index) || this.#isWanted(index)) this.#readPart(chunk);
				// The first byte of a request may come without the end of its first argument.
				this.#startedAt ??= now;
			} else if (token === 'inline') {
				this.#readInline(tokenizer.line, this.#before + at, now);
			} else if (token === 'empty') {
				this.#start = this.#before + at;
				this.#startedAt = undefined;
			} else if (token === 'broken') {
				this.#break(tokenizer.problem ?? 'it is no request of Redis');
			} else {
				break;
			}
		}
		if (!tokenizer.atBoundary) this.#startedAt ??= now;
		this.#before += chunk.length;
	}

	#readWhole(chunk: Buffer, now: number): void {
		const {argc, from, to} = this.#whole;
		this.#begin(findCommand(chunk, from[0] ?? 0, to[0] ?? 0), argc, now);
		for (let index = 1; index < argc; index++) {
			if (this.#isKey(index)) this.#readKey(chunk, from[index] ?? 0, to[index] ?? 0);
			else if (this.#isWanted(index))
				this.#takeWord(index, latin1(chunk, from[index] ?? 0, to[index] ?? 0, maxWordBytes));
		}
	}

	#readArgument(chunk: Buffer, {index, argc, from, to}: RequestTokenizer, now: number): void {
		if (index === 0) {
			const spec =
				this.#prefix === ''
					? findCommand(chunk, from, to)
					: findInText(this.#prefix + latin1(chunk, from, to, maxCommandBytes));
			this.#prefix = '';
			this.#begin(spec, argc, now);
			return;
		}
		const isKey = this.#isKey(index);
		if (isKey && this.#prefix === '') {
			this.#readKey(chunk, from, to);
			return;
		}
		if (!isKey && !this.#isWanted(index)) return;
		const limit = isKey ? maxKeyBytes : maxWordBytes;
		let text = latin1(chunk, from, to, limit - this.#prefix.length);
		if (this.#prefix !== '') {
			text = this.#prefix + text;
			this.#prefix = '';
		}
		if (isKey) this.#takeKey(text);
		else this.#takeWord(index, text);
	}

	/** Takes a key, unless it is the one key of its command and not followed. */
	#readKey(chunk: Buffer, from: number, to: number): void {
		const {followed} = this.#options;
		if (followed !== undefined && this.#firstKey === this.#lastKey) {
			if (!followed.follows(chunk, from, to)) {
				this.#keyCount++;
				return;
			}
			if (this.#record !== undefined) this.#record.keyWeight = followed.weight;
		}
		this.#takeKey(latin1(chunk, from, to, maxKeyBytes));
	}

	#readPart(chunk: Buffer): void {
		const {index, from, to} = this.#tokenizer;
		const limit = index === 0 ? maxCommandBytes + 1 : this.#isKey(index) ? maxKeyBytes : maxWordBytes;
		if (this.#prefix.length < limit) this.#prefix += latin1(chunk, from, to, limit - this.#prefix.length);
	}

	#readInline(line: string, end: number, now: number): void {
		const words = splitInline(line);
		if (words === undefined) {
			this.#break('open quote');
			return;
		}
		const [name, ...rest] = words;
		if (name === undefined) {
			this.#start = end;
			this.#startedAt = undefined;
			return;
		}
		this.#begin(findInText(name), words.length, now);
		for (const [position, word] of rest.entries()) {
			const index = position + 1;
			if (this.#isKey(index)) this.#takeKey(word.slice(0, maxKeyBytes));
			else if (this.#isWanted(index)) this.#takeWord(index, word.slice(0, maxWordBytes));
		}
		this.#finish(end, now);
	}

	#begin(spec: CommandSpec, argc: number, now: number): void {
		this.#spec = spec;
		this.#record = new CommandRecord(spec, argc - 1, this.#startedAt ?? now);
		this.#keys = noKeys;
		this.#keyCount = 0;
		this.#keyStep = 1;
		this.#firstKey = Number.POSITIVE_INFINITY;
		this.#lastKey = 0;
		this.#countAt = 0;
		this.#isBeforeStreams = false;
		this.#secretsUntil = 0;
		this.#wordsFrom = spec.wordsFrom ?? Number.POSITIVE_INFINITY;
		if (this.#words.length > 0) this.#words = [];
		const {keys} = spec;
		if (keys === undefined) return;
		if (keys.type === 'range') {
			this.#firstKey = keys.first;
			this.#lastKey = keys.last < 0 ? argc + keys.last : keys.last;
			this.#keyStep = keys.step;
		} else if (keys.type === 'counted') {
			this.#countAt = keys.countAt;
			if (keys.destination) {
				this.#firstKey = 1;
				this.#lastKey = 1;
			}
		} else {
			this.#isBeforeStreams = true;
		}
	}

	#isKey(index: number): boolean {
		return (
			index >= this.#firstKey &&
			index <= this.#lastKey &&
			(this.#keyStep === 1 || (index - this.#firstKey) % this.#keyStep === 0)
		);
	}

	/** True if the word of an argument that is no key matters. */
	#isWanted(index: number): boolean {
		return (
			(index >= this.#wordsFrom && index >= this.#secretsUntil && this.#words.length < maxWords) ||
			index === this.#countAt ||
			(index === 1 && this.#spec?.isContainer === true)
		);
	}

	#takeKey(key: string): void {
		this.#keyCount++;
		if (this.#keys === noKeys) this.#keys = [key];
		else if (this.#keys.length < maxEventKeys) this.#keys.push(key);
	}

	#takeWord(index: number, text: string): void {
		if (index === this.#countAt) {
			const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
			this.#firstKey = index + 1;
			this.#lastKey = index + count;
			this.#keyStep = 1;
			this.#countAt = 0;
			return;
		}
		const record = this.#record;
		if (index === 1 && this.#spec?.isContainer === true && record !== undefined) {
			const subcommand = subcommandOf(text);
			if (subcommand !== undefined) record.command = `${record.command} ${subcommand}`;
			return;
		}
		const upper = text.toUpperCase();
		if (this.#isBeforeStreams && upper === 'STREAMS') {
			const argc = (record?.argumentCount ?? 0) + 1;
			this.#isBeforeStreams = false;
			this.#firstKey = index + 1;
			this.#lastKey = index + Math.floor((argc - index - 1) / 2);
			this.#wordsFrom = Number.POSITIVE_INFINITY;
			return;
		}
		// HELLO 3 AUTH user password
		if (upper === 'AUTH') this.#secretsUntil = index + 3;
		this.#words.push(text);
	}

	#finish(end: number, now: number): void {
		const record = this.#record;
		const spec = this.#spec;
		if (record === undefined || spec === undefined) return;
		this.#record = undefined;
		record.keys = this.#keys;
		record.keyCount = this.#keyCount;
		record.requestBytes = end - this.#start;
		record.sentAt = now;
		this.#start = end;
		this.#startedAt = undefined;
		const words = this.#words;
		if (spec.ttl !== undefined || spec.blocks !== undefined) {
			const upper = words.length === 0 ? noWords : words.map((word) => word.toUpperCase());
			record.ttlMs = spec.ttl?.(upper, Date.now);
			record.isBlocking = spec.blocks?.(upper) === true;
		}
		this.#options.onCommand(record, words);
	}

	#break(reason: string): void {
		this.#isBroken = true;
		this.#record = undefined;
		this.#words = [];
		this.#options.onBroken(reason);
	}
}

function findInText(name: string): CommandSpec {
	const bytes = Buffer.from(name.slice(0, maxCommandBytes + 1), 'latin1');
	return findCommand(bytes, 0, bytes.length);
}

function latin1(chunk: Buffer, from: number, to: number, limit: number): string {
	return chunk.toString('latin1', from, Math.min(to, from + Math.max(0, limit)));
}
