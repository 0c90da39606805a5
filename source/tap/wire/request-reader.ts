import {mayBegin} from '../../resp/request-follower.js';
import {RequestTokenizer} from '../../resp/request-tokenizer.js';
import {splitInline} from '../../resp/split-inline.js';
import {wholeRequest} from '../../resp/whole-request.js';
import {CommandDraft, latin1} from './command-draft.js';
import type {CommandRecord} from './command-record.js';
import {findCommand, findNamed, maxCommandBytes} from './commands/command-names.js';
import type {FollowedKeys} from './followed-keys.js';

/** The reason for not reading a connection that begins with a TLS handshake. */
export const speaksTls = 'it speaks TLS';
const tlsHandshake = 22;

export type RequestReaderOptions = {
	/** Default: all keys are followed. */
	readonly followed?: FollowedKeys | undefined;
	/**
	 * A request is complete.
	 *
	 * @param words The words from `wordsFrom` of the command on, as they were sent. The array is reused, so do not keep it.
	 */
	readonly onCommand: (record: CommandRecord, words: readonly string[]) => void;
	/** Called when the bytes are not requests of Redis's protocol. Do not call `read` after that. */
	readonly onBroken: (reason: string) => void;
};

/**
 * Reads the requests of one connection: the command, the names of its keys, and the few relevant words. Everything else is
 * skipped in place, so a value of any size costs neither time nor memory. Chunks may end anywhere.
 */
export class RequestReader {
	readonly #tokenizer = new RequestTokenizer();
	readonly #draft: CommandDraft;
	readonly #options: RequestReaderOptions;
	/** Total bytes of earlier chunks, and of everything before the request that is being read. */
	#before = 0;
	#start = 0;
	/** Time of the first byte of the request being read, if that came in an earlier chunk. */
	#startedAt: number | undefined;
	/** The beginning of the command's name, or of a relevant argument, from earlier chunks. */
	#prefix = '';
	#isBroken = false;

	constructor(options: RequestReaderOptions) {
		this.#options = options;
		this.#draft = new CommandDraft(options.followed);
	}

	/** Bytes from the client. @param now Time of their arrival, as in `CommandEvent`. */
	read(chunk: Buffer, now: number): void {
		const tokenizer = this.#tokenizer;
		this.#options.followed?.at(now);
		let at = 0;
		while (!this.#isBroken) {
			if (at === chunk.length) break;
			if (tokenizer.atBoundary) {
				if (wholeRequest.read(chunk, at)) {
					at = wholeRequest.end;
					this.#readWhole(chunk, now);
					this.#finish(this.#before + at, now);
					continue;
				}
				const first = chunk[at] ?? 0;
				if (!mayBegin(first)) {
					this.#break(first === tlsHandshake ? speaksTls : 'it is not a Redis request');
					break;
				}
			}
			const token = tokenizer.next(chunk, at);
			at = tokenizer.offset;
			if (token === 'argument') {
				this.#readArgument(chunk, tokenizer, now);
				if (tokenizer.atBoundary) this.#finish(this.#before + at, now);
			} else if (token === 'part') {
				this.#readPart(chunk, tokenizer);
				// The first byte of a request may arrive before its first argument is complete.
				this.#startedAt ??= now;
			} else if (token === 'inline') {
				this.#readInline(tokenizer.line, this.#before + at, now);
			} else if (token === 'empty') {
				this.#start = this.#before + at;
				this.#startedAt = undefined;
			} else if (token === 'broken') {
				this.#break(tokenizer.problem ?? 'it is not a Redis request');
			} else {
				break;
			}
		}
		if (!tokenizer.atBoundary) this.#startedAt ??= now;
		this.#before += chunk.length;
	}

	#readWhole(chunk: Buffer, now: number): void {
		const {argc, from, to} = wholeRequest;
		const draft = this.#draft;
		draft.begin(findCommand(chunk, from[0] ?? 0, to[0] ?? 0), argc, this.#startedAt ?? now);
		for (let index = 1; index < argc; index++) draft.takeBytes(index, chunk, from[index] ?? 0, to[index] ?? 0);
	}

	#readArgument(chunk: Buffer, {index, argc, from, to}: RequestTokenizer, now: number): void {
		const prefix = this.#prefix;
		this.#prefix = '';
		const draft = this.#draft;
		if (index === 0) {
			const spec =
				prefix === '' ? findCommand(chunk, from, to) : findNamed(prefix + latin1(chunk, from, to, maxCommandBytes));
			draft.begin(spec, argc, this.#startedAt ?? now);
		} else if (prefix === '') {
			draft.takeBytes(index, chunk, from, to);
		} else {
			draft.takeText(index, prefix + latin1(chunk, from, to, draft.bytesWanted(index) - prefix.length));
		}
	}

	#readPart(chunk: Buffer, {index, from, to}: RequestTokenizer): void {
		const wanted = index === 0 ? maxCommandBytes + 1 : this.#draft.bytesWanted(index);
		if (this.#prefix.length < wanted) this.#prefix += latin1(chunk, from, to, wanted - this.#prefix.length);
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
		this.#draft.begin(findNamed(name), words.length, this.#startedAt ?? now);
		for (const [position, word] of rest.entries()) {
			const wanted = this.#draft.bytesWanted(position + 1);
			if (wanted > 0) this.#draft.takeText(position + 1, word.slice(0, wanted));
		}
		this.#finish(end, now);
	}

	#finish(end: number, now: number): void {
		const record = this.#draft.end(end - this.#start, now);
		if (record === undefined) return;
		this.#start = end;
		this.#startedAt = undefined;
		this.#options.onCommand(record, this.#draft.words);
	}

	#break(reason: string): void {
		this.#isBroken = true;
		this.#draft.drop();
		this.#options.onBroken(reason);
	}
}
