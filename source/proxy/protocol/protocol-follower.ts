import {encodeRequest} from '../../resp/encode.js';
import {RequestFollower} from '../../resp/request-follower.js';
import {AddressedReplies, addressedCommands, argumentsOfAddressed} from '../addresses/addressed-replies.js';
import {ReplyRewriter, type ReplyRewriterOptions} from '../addresses/reply-rewriter.js';
import {argumentsOfTraits, type CommandTraits, concernsNextRequest, traitsOfRequest} from './command-traits.js';
import {abortedTransaction, chooseError, type ErrorFault, errorReply, refusedExec} from './injected-errors.js';
import {ReplyMerger} from './reply-merger.js';
import {subscriptionCommands} from './subscriptions.js';
import {emptyTransaction, type Transaction, withQueued} from './transaction.js';

const discard = Buffer.from(encodeRequest(['DISCARD']), 'latin1');
const ping = Buffer.from(encodeRequest(['PING']), 'latin1');

/** Commands that Redis executes at once within a transaction, and does not refuse for lack of memory. */
const neverQueued = new Set(['EXEC', 'DISCARD', 'MULTI', 'QUIT', 'RESET']);

/** Commands after which the server sends without requests, so that its replies can no longer be assigned. */
const endlessCommands = new Set(['MONITOR', 'SYNC', 'PSYNC']);

/** Commands that change the state of the connection, besides getting a reply. */
const statefulCommands: ReadonlySet<string> = new Set([
	...endlessCommands,
	...subscriptionCommands,
	'ASKING',
	'CLIENT',
	'DISCARD',
	'EXEC',
	'MULTI',
	'RESET',
]);

const statefulOrAddressed: ReadonlySet<string> = new Set([...statefulCommands, ...addressedCommands]);

type ProtocolFollowerOptions = {
	readonly toServer: (bytes: Buffer) => void;
	readonly toClient: (bytes: Buffer) => void;
	/** Returns a number from 0 to 1. */
	readonly random: () => number;
	/** Called once when the protocol of the connection cannot be parsed: from then on bytes are forwarded unchanged. */
	readonly onOpaque: () => void;
	/** Undefined: the addresses in replies stay as they are. */
	readonly rewriting?: ReplyRewriterOptions | undefined;
};

/**
 * Parses the Redis protocol of one connection, answers commands with errors instead of the server, and rewrites the addresses
 * in replies.
 *
 * It is on the server's side of a link and parses every request and reply, so that an injected error always takes the position
 * of that command's reply. It does so even while no errors are injected, because it must know where a request ends, and how
 * many replies are due, when an error begins.
 */
export class ProtocolFollower {
	readonly #requests = new RequestFollower({
		maxArgumentBytes: 32,
		// `CLIENT REPLY OFF` changes which commands are answered.
		headArguments: (command) => (command === 'CLIENT' ? 2 : 0),
		optionalArguments: (command) => Math.max(argumentsOfTraits(command), argumentsOfAddressed(command)),
	});
	readonly #replies: ReplyMerger;
	readonly #options: ProtocolFollowerOptions;
	/** Undefined if no addresses are rewritten. */
	readonly #addressed: AddressedReplies | undefined;
	readonly #unusualCommands: ReadonlySet<string>;
	#faults: readonly ErrorFault[] = [];
	#transaction: Transaction;
	/** True after a command that affects the next one that reaches the server, such as `CLIENT REPLY SKIP`. */
	#concernsNext = false;
	#isOpaque = false;
	/** The fate of the request being read. While it is `undecided`, its bytes of earlier chunks are in `#heldBack`. */
	#fate: 'undecided' | 'forward' | 'drop' = 'forward';
	#heldBack: Buffer[] = [];
	/** Answers the request that is being dropped, once it has arrived completely, as a server would. */
	#answerAtEnd: (() => void) | undefined;

	constructor(options: ProtocolFollowerOptions) {
		this.#options = options;
		const {toClient, rewriting} = options;
		this.#replies = new ReplyMerger({
			toClient,
			onBroken: () => this.#becomeOpaque(),
			rewriter: rewriting && new ReplyRewriter(rewriting),
		});
		this.#addressed = rewriting && new AddressedReplies();
		this.#unusualCommands = rewriting ? statefulOrAddressed : statefulCommands;
	}

	/** False while so many replies are due that the client should be held back. */
	get hasRoom(): boolean {
		return this.#replies.hasRoom;
	}

	/** True while it holds bytes of a request for which it is undecided if the follower will answer it. */
	get isHolding(): boolean {
		return this.#heldBack.length > 0;
	}

	/** True while it drops a request that it answers itself. */
	get isAnswering(): boolean {
		return this.#answerAtEnd !== undefined;
	}

	/** Sets the errors to inject, from the next request on. */
	setFaults(faults: readonly ErrorFault[]): void {
		this.#faults = faults;
	}

	/** Bytes from the client. */
	request(chunk: Buffer): void {
		if (this.#isOpaque) {
			this.#options.toServer(chunk);
			return;
		}
		// Bytes of the chunk before `done` have been forwarded or dropped; consecutive forwarded requests are sent in one
		// write.
		let done = 0;
		let start = 0;
		let at = 0;
		for (;;) {
			if (this.#requests.atBoundary) {
				if (at === chunk.length) break;
				start = at;
				// A transaction with a refused command must fail, even if no fault is active any more.
				this.#fate = this.#faults.length > 0 || this.#transaction?.isBroken ? 'undecided' : 'forward';
				if (this.#fate === 'forward' && this.#requests.readWhole(chunk, at)) {
					at = this.#requests.offset;
					this.#followCommand();
					if (this.#isOpaque) break;
					continue;
				}
			}
			const stop = this.#requests.next(chunk, at);
			at = this.#requests.offset;
			if (stop === 'more') break;
			if (stop === 'broken') {
				this.#becomeOpaque();
				break;
			}
			if (stop === 'end') {
				// An empty request ends without a command name.
				if (this.#fate === 'undecided') this.#releaseHeldBack();
				if (this.#fate === 'drop') done = at;
				this.#answerDropped();
				this.#fate = 'forward';
				continue;
			}
			const reply = this.#fate === 'undecided' ? this.#replyInstead() : undefined;
			if (reply === undefined) {
				this.#releaseHeldBack();
				this.#fate = 'forward';
				this.#followCommand();
				if (this.#isOpaque) break;
			} else {
				this.#heldBack = [];
				this.#fate = 'drop';
				this.#forward(chunk, done, start);
				done = start;
				this.#answerAtEnd = reply;
			}
		}
		if (this.#fate === 'undecided' && !this.#isOpaque) {
			this.#forward(chunk, done, start);
			this.#heldBack.push(chunk.subarray(start));
		} else if (this.#fate !== 'drop') {
			this.#forward(chunk, done, chunk.length);
		}
	}

	/** Bytes from the server. */
	reply(chunk: Buffer): void {
		this.#replies.receive(chunk);
	}

	/** The server has ended: forwards the held beginning of an incomplete reply. */
	endReplies(): void {
		this.#replies.release();
	}

	/**
	 * Decides about the command once its name and first arguments are known. Returns a function that answers it instead of the
	 * server, or `undefined`.
	 */
	#replyInstead(): (() => void) | undefined {
		const {command} = this.#requests;
		const transaction = this.#transaction;
		if (command === 'EXEC' && transaction !== undefined) {
			const reply = this.#replyToExec(transaction);
			// The server has also queued commands, and must discard them.
			if (reply !== undefined)
				return () => {
					this.#transaction = undefined;
					this.#options.toServer(discard);
					this.#replies.expect({type: 'replaced', bytes: reply});
				};
		}
		const traits = this.#traits();
		const isQueued = transaction !== undefined && !neverQueued.has(command);
		const error = this.#chooseError(isQueued ? {...traits, denyOom: true} : traits);
		if (error === undefined) return undefined;
		return () => {
			if (transaction !== undefined) this.#transaction = {...transaction, isBroken: true};
			this.#answer(errorReply(error));
		};
	}

	/** Answers a command that does not reach the server. */
	#answer(bytes: Buffer): void {
		if (!this.#concernsNext) {
			this.#replies.inject(bytes);
			return;
		}
		// A preceding `CLIENT REPLY SKIP` or ASKING applied to this command, and must not affect the next one.
		this.#concernsNext = false;
		this.#options.toServer(ping);
		this.#replies.expect({type: 'replaced', bytes});
	}

	#traits(): CommandTraits {
		return traitsOfRequest(this.#requests.command, this.#requests.args);
	}

	#replyToExec(transaction: NonNullable<Transaction>): Buffer | undefined {
		if (transaction.isBroken) return abortedTransaction;
		const error = this.#chooseError(transaction.queued);
		return error === undefined ? undefined : refusedExec(error);
	}

	#chooseError(traits: CommandTraits): ErrorFault['error'] | undefined {
		return chooseError(this.#faults, traits, this.#options.random);
	}

	/** Records the changes by a forwarded command, and the replies that it will get. */
	#followCommand(): void {
		const {command, args, argc} = this.#requests;
		if (this.#transaction === undefined && !this.#unusualCommands.has(command)) {
			this.#concernsNext = false;
			this.#replies.expectServerReply();
			return;
		}
		const changesReplies = command === 'CLIENT' && args[0]?.toUpperCase() === 'REPLY';
		// In a transaction such a request is only queued, without effect on the next one.
		this.#concernsNext = this.#transaction === undefined && concernsNextRequest(command, args);
		const isInTransaction = this.#transaction !== undefined;
		// The reply to EXEC announces one element for such a command, and has one for each of its channels.
		const isUnderstated =
			isInTransaction && subscriptionCommands.has(command) && (argc > 2 || (argc === 1 && command.includes('UNSUB')));
		if (endlessCommands.has(command) || isUnderstated || (changesReplies && isInTransaction)) {
			this.#becomeOpaque();
			return;
		}
		if (changesReplies) {
			this.#replies.followReplyMode(args[1]?.toUpperCase() ?? '');
			return;
		}
		const addressed = this.#addressed?.follow(command, args, isInTransaction);
		this.#followTransaction(command);
		if (command === 'RESET') this.#replies.reset();
		if (subscriptionCommands.has(command))
			this.#replies.expect({
				type: 'confirmations',
				command: command.toLowerCase(),
				count: argc === 1 && command.includes('UNSUB') ? 'all' : Math.max(1, argc - 1),
			});
		else if (addressed !== undefined) this.#replies.expect({type: 'addressed', reply: addressed});
		else this.#replies.expectServerReply();
	}

	#followTransaction(command: string): void {
		if (command === 'MULTI' && this.#transaction === undefined) this.#transaction = emptyTransaction;
		else if (command === 'EXEC' || command === 'DISCARD' || command === 'RESET') this.#transaction = undefined;
		else if (this.#transaction !== undefined) this.#transaction = withQueued(this.#transaction, this.#traits());
	}

	#becomeOpaque(): void {
		if (this.#isOpaque) return;
		this.#isOpaque = true;
		this.#answerDropped();
		this.#releaseHeldBack();
		this.#replies.becomeOpaque();
		this.#options.onOpaque();
	}

	#answerDropped(): void {
		const answer = this.#answerAtEnd;
		this.#answerAtEnd = undefined;
		answer?.();
	}

	#releaseHeldBack(): void {
		if (this.#heldBack.length === 0) return;
		for (const bytes of this.#heldBack) this.#options.toServer(bytes);
		this.#heldBack = [];
	}

	#forward(chunk: Buffer, from: number, to: number): void {
		if (to > from) this.#options.toServer(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
	}
}
