import {encodeRequest} from '../../../source/resp/encode.js';
import type {CommandEvent} from '../../../source/tap/traffic.js';

/** Parts of an event that a conversation foretells. */
export type Told = Pick<
	CommandEvent,
	| 'command'
	| 'result'
	| 'error'
	| 'keys'
	| 'hits'
	| 'misses'
	| 'missedKeys'
	| 'db'
	| 'inTransaction'
	| 'requestBytes'
	| 'replyBytes'
>;

/** A command with the reply that a server would give to it, outside of transactions, and what is to be told of it. */
export type Exchange = {
	readonly words: readonly string[];
	readonly isInline?: boolean;
	readonly reply: string;
	readonly keys?: readonly string[];
	readonly missed?: readonly string[];
	/** True if the reply tells which of the keys were there. */
	readonly tells?: boolean;
	readonly error?: string;
};

/** The next step of the client. */
export type Step =
	| {readonly type: 'command'; readonly exchange: Exchange}
	| {readonly type: 'transaction'; readonly exchanges: readonly Exchange[]; readonly end: 'exec' | 'null' | 'discard'}
	/** The command is refused when it is to be queued, and so is EXEC. */
	| {readonly type: 'refused'; readonly before: readonly Exchange[]; readonly exchange: Exchange}
	| {readonly type: 'silent'; readonly mode: 'OFF' | 'SKIP'; readonly exchanges: readonly Exchange[]}
	| {readonly type: 'select'; readonly db: number}
	| {readonly type: 'subscription'; readonly channels: readonly string[]}
	| {readonly type: 'push'; readonly bytes: string}
	| {readonly type: 'empty'; readonly bytes: string};

/** A request with what the server sends once it has come as a whole. */
type Sent = {readonly request: string; readonly replies: string};

const queued = '+QUEUED\r\n';
const ok = '+OK\r\n';
const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;

/**
 * A conversation of a client and a server as both would write it down: simple, without streams. It says what a reader of
 * the streams has to tell.
 */
export class Conversation {
	readonly sent: Sent[] = [];
	readonly told: Told[] = [];
	#db = 0;

	add(step: Step): void {
		switch (step.type) {
			case 'command':
				this.told.push(this.#ask(step.exchange, step.exchange.reply));
				return;
			case 'transaction':
				this.#transaction(step.exchanges, step.end);
				return;
			case 'refused':
				this.#refused(step.before, step.exchange);
				return;
			case 'silent':
				this.#silent(step.mode, step.exchanges);
				return;
			case 'select':
				this.#db = step.db;
				this.#ok(['SELECT', String(step.db)]);
				return;
			case 'subscription':
				for (const [command, left] of [
					['SUBSCRIBE', 1],
					['UNSUBSCRIBE', 0],
				] as const) {
					const reply = step.channels.map((channel, index) => {
						const total = left === 1 ? index + 1 : step.channels.length - index - 1;
						return `>3\r\n${bulk(command.toLowerCase())}${bulk(channel)}:${total}\r\n`;
					});
					this.told.push(this.#ask({words: [command, ...step.channels], reply: ''}, reply.join('')));
				}
				return;
			case 'push':
			case 'empty':
				this.sent.push(step.type === 'push' ? {request: '', replies: step.bytes} : {request: step.bytes, replies: ''});
		}
	}

	/** Sends a command. Returns what has to be told of it if it succeeds. */
	#ask(exchange: Exchange, reply: string, isInTransaction = false): Told {
		const {words, isInline, keys = [], missed = [], tells = false, error} = exchange;
		const request = isInline ? `${words.join(' ')}\r\n` : encodeRequest(words);
		this.sent.push({request, replies: reply});
		return {
			command: words[0]?.toUpperCase() ?? '',
			result: error === undefined ? 'ok' : 'error',
			error,
			keys,
			hits: tells && error === undefined ? keys.length - missed.length : 0,
			misses: error === undefined ? missed.length : 0,
			missedKeys: error === undefined ? missed : [],
			db: this.#db,
			inTransaction: isInTransaction,
			requestBytes: request.length,
			replyBytes: reply.length,
		};
	}

	#ok(words: readonly string[], command = words[0] ?? ''): void {
		this.told.push({...this.#ask({words, reply: ok}, ok), command});
	}

	/** Of a command that had no effect. */
	#without(told: Told, result: 'silent' | 'discarded'): Told {
		return {...told, result, error: undefined, hits: 0, misses: 0, missedKeys: []};
	}

	#transaction(exchanges: readonly Exchange[], end: 'exec' | 'null' | 'discard'): void {
		this.#ok(['MULTI']);
		const told = exchanges.map((exchange) => this.#ask(exchange, queued, true));
		if (end === 'exec') {
			this.told.push(...told);
			const reply = `*${exchanges.length}\r\n${exchanges.map((exchange) => exchange.reply).join('')}`;
			this.told.push(this.#ask({words: ['EXEC'], reply}, reply));
			return;
		}
		this.told.push(...told.map((one) => this.#without(one, 'discarded')));
		if (end === 'null') this.told.push(this.#ask({words: ['EXEC'], reply: ''}, '*-1\r\n'));
		else this.#ok(['DISCARD']);
	}

	#refused(before: readonly Exchange[], exchange: Exchange): void {
		this.#ok(['MULTI']);
		const told = before.map((one) => this.#ask(one, queued, true));
		const refused = {...exchange, error: 'OOM'};
		this.told.push(this.#ask(refused, '-OOM command not allowed\r\n', true));
		this.told.push(...told.map((one) => this.#without(one, 'discarded')));
		this.told.push(this.#ask({words: ['EXEC'], reply: '', error: 'EXECABORT'}, '-EXECABORT discarded\r\n'));
	}

	#silent(mode: 'OFF' | 'SKIP', exchanges: readonly Exchange[]): void {
		const tell = (words: readonly string[]): Told => ({
			...this.#without(this.#ask({words, reply: ''}, ''), 'silent'),
			command: 'CLIENT REPLY',
		});
		for (const exchange of exchanges) {
			if (mode === 'SKIP' || exchange === exchanges[0]) this.told.push(tell(['CLIENT', 'REPLY', mode]));
			this.told.push(this.#without(this.#ask(exchange, ''), 'silent'));
		}
		if (mode === 'OFF' && exchanges.length > 0) this.#ok(['CLIENT', 'REPLY', 'ON'], 'CLIENT REPLY');
	}
}
