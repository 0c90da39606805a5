import {type Due, ReplyLedger} from '../proxy/reply-ledger.js';
import {confirmations, countedWith, kindOf, noSubscriptions, subscriberWords} from '../proxy/subscriptions.js';
import {ReplyScanner} from './reply-scanner.js';

const push = '>'.charCodeAt(0);
const array = '*'.charCodeAt(0);

/** Replies that one connection may owe before its requests are held back. */
const maxLedger = 65_536;

/**
 * What a server says on one connection, followed reply by reply, with others put in between or in place of some, each when
 * its turn has come.
 */
export class ReplyStream {
	readonly #replies = new ReplyScanner();
	readonly #ledger = new ReplyLedger();
	#replyMode: 'on' | 'off' | 'skip next' = 'on';
	#subscriptions = noSubscriptions;
	/** The reply being read is dropped. */
	#dropping = false;

	constructor(
		private readonly toClient: (bytes: Buffer) => void,
		/** The server does not speak the protocol; `goRaw` has to be called. */
		private readonly onGarbage: () => void,
	) {}

	/** False while so many replies are owed that requests should be held back. */
	get ready(): boolean {
		return this.#ledger.length < maxLedger;
	}

	/** A command has been sent on, or answered here. */
	owe(due: Due): void {
		if (this.#replyMode === 'off') return;
		if (this.#replyMode === 'skip next') {
			this.#replyMode = 'on';
			return;
		}
		if (due.type === 'real') this.#ledger.real();
		else this.#ledger.push(due);
	}

	/** A reply of our own to a command that was not sent on. */
	inject(bytes: Buffer): void {
		this.owe({type: 'injected', bytes});
		this.#flush();
	}

	/** `CLIENT REPLY mode` has been sent on. */
	followReplyMode(mode: string): void {
		if (mode === 'OFF') this.#replyMode = 'off';
		else if (mode === 'SKIP' && this.#replyMode === 'on') this.#replyMode = 'skip next';
		else if (mode === 'ON') {
			this.#replyMode = 'on';
			this.owe({type: 'real', count: 1});
		} else if (mode !== 'SKIP') this.owe({type: 'real', count: 1});
	}

	/** RESET has been sent on. */
	reset(): void {
		this.#replyMode = 'on';
		this.#subscriptions = noSubscriptions;
	}

	/** What comes after the replies owed so far is passed on as it is. */
	goRaw(): void {
		this.#ledger.push({type: 'raw'});
	}

	/** Bytes from the server. */
	receive(chunk: Buffer): void {
		if (this.#ledger.front?.type === 'raw' && this.#replies.atBoundary) {
			this.toClient(chunk);
			return;
		}
		let start = 0;
		let offset = 0;
		while (offset < chunk.length) {
			const front = this.#ledger.front;
			if (this.#replies.atBoundary) {
				if (front?.type === 'raw') break;
				this.#replies.curious = this.#subscribed || front?.type === 'confirmations';
				if (front?.type === 'replaced' && chunk[offset] !== push) {
					this.#pass(chunk, start, offset);
					this.#dropping = true;
				}
			}
			const found = this.#replies.scan(chunk, offset);
			offset = this.#replies.offset;
			if (found === 'more') break;
			if (found === 'garbage') {
				this.onGarbage();
				while (this.#ledger.front !== undefined && this.#ledger.front.type !== 'raw') this.#ledger.drop();
				this.#dropping = false;
				break;
			}
			if (this.#dropping) {
				start = offset;
				this.#dropping = false;
				if (front?.type === 'replaced') this.toClient(front.bytes);
				this.#ledger.settle();
			} else {
				this.#settle();
			}
			if (this.#ledger.front?.type === 'injected') {
				this.#pass(chunk, start, offset);
				start = offset;
				this.#flush();
			}
		}
		if (!this.#dropping) this.#pass(chunk, start, chunk.length);
	}

	/** A whole reply has come: what was it the answer to? */
	#settle(): void {
		const front = this.#ledger.front;
		const {type, firstWord, lastNumber} = this.#replies;
		const expected = front?.type === 'confirmations';
		const outOfBand =
			type === push || (type === array && subscriberWords.has(firstWord) && (this.#subscribed || expected));
		if (!outOfBand) {
			// An error, or QUEUED inside a transaction: there will be no confirmations.
			if (expected) this.#ledger.drop();
			else this.#ledger.settle();
			return;
		}
		if (!confirmations.has(firstWord)) return;
		this.#subscriptions = countedWith(this.#subscriptions, firstWord, lastNumber);
		if (!expected || firstWord !== front.command) return;
		if (front.count !== 'all') this.#ledger.settle();
		else if (this.#subscriptions[kindOf(firstWord)] === 0) this.#ledger.drop();
	}

	get #subscribed(): boolean {
		const {channels, patterns, shards} = this.#subscriptions;
		return channels + patterns + shards > 0;
	}

	/** Injected replies whose turn has come go out, if no reply of the server is under way. */
	#flush(): void {
		if (!this.#replies.atBoundary) return;
		for (let front = this.#ledger.front; front?.type === 'injected'; front = this.#ledger.front) {
			this.toClient(front.bytes);
			this.#ledger.settle();
		}
	}

	#pass(chunk: Buffer, from: number, to: number): void {
		if (to > from) this.toClient(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
	}
}
