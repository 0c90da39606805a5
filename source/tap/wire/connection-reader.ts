import {subscriptionCommands} from '../../proxy/protocol/subscriptions.js';
import type {CommandEvent, ConnectionEvent, OpenConnection} from '../traffic.js';
import type {CommandRecord} from './command-record.js';
import type {FollowedKeys} from './followed-keys.js';
import {ReplyReader} from './reply-reader.js';
import {RequestReader} from './request-reader.js';

/** Most commands of a connection that wait for replies. Beyond that, the connection is no longer read. */
const maxWaiting = 65_536;

const isAuthError = ({command, error}: CommandRecord): boolean =>
	error !== undefined && (command === 'AUTH' || (command === 'HELLO' && error === 'WRONGPASS'));

export type ConnectionReaderOptions = {
	/** Number of the connection. */
	readonly connection: number;
	/** Where the application connected from. */
	readonly address: string;
	/** The server that it leads to, where there are several. */
	readonly node?: string | undefined;
	/** Time at which it opened. */
	readonly openedAt: number;
	readonly onCommand: (event: CommandEvent) => void;
	readonly onConnection: (event: ConnectionEvent) => void;
	/** Shared by all connections. Default: all keys are followed. */
	readonly followed?: FollowedKeys | undefined;
};

/** Reads both directions of one connection of the application, and reports its commands and its changes. */
export class ConnectionReader {
	readonly #options: ConnectionReaderOptions;
	readonly #requests: RequestReader;
	readonly #replies: ReplyReader;
	#clientName = '';
	#db = 0;
	#commands = 0;
	#deepest = 0;
	#longestMs = 0;
	#lost = 0;
	#replyMode: 'on' | 'off' | 'skip next' = 'on';
	/** True between MULTI and EXEC, judged by the requests. */
	#isInTransaction = false;
	/**
	 * `stream`: the server sends data without requests (MONITOR, replication). Connections in the states `stream` and
	 * `unreadable` are not read.
	 */
	#state: 'read' | 'stream' | 'unreadable' = 'read';
	#now = 0;

	constructor(options: ConnectionReaderOptions) {
		this.#options = options;
		this.#requests = new RequestReader({
			followed: options.followed,
			onCommand: (record, words) => this.#onCommand(record, words),
			onBroken: (reason) => this.#giveUp(reason),
		});
		this.#replies = new ReplyReader({
			onReply: (record) => this.#onReply(record),
			onBroken: () => this.#giveUp('the server does not send Redis replies'),
		});
	}

	/** Bytes from the application. @param now Time of their arrival. */
	request(chunk: Buffer, now: number): void {
		if (this.#state !== 'read') return;
		this.#now = now;
		this.#requests.read(chunk, now);
	}

	/** Bytes to the application. @param now Time at which they are sent. */
	reply(chunk: Buffer, now: number): void {
		if (this.#state !== 'read') return;
		this.#now = now;
		this.#replies.read(chunk, now);
	}

	/** The connection has ended: reports its lost commands, and its end. */
	close(end: Pick<ConnectionEvent & {type: 'closed'}, 'by' | 'isReset'>, now: number): void {
		this.#lose();
		const {connection, openedAt} = this.#options;
		const {by, isReset} = end;
		const commands = this.#commands;
		this.#options.onConnection({
			type: 'closed',
			connection,
			at: now,
			by,
			isReset,
			openedAt,
			commands,
			lost: this.#lost,
		});
	}

	snapshot(): OpenConnection {
		const {connection, address, node, openedAt} = this.#options;
		const {oldest, waiting, isSubscriber} = this.#replies;
		return {
			connection,
			clientName: this.#clientName,
			db: this.#db,
			address,
			node,
			openedAt,
			commands: this.#commands,
			deepest: this.#deepest,
			longestMs: this.#longestMs,
			waiting,
			oldest: oldest && {command: oldest.command, sentAt: oldest.sentAt, isBlocking: oldest.isBlocking},
			isSubscriber: isSubscriber || this.#state === 'stream',
		};
	}

	#onCommand(record: CommandRecord, words: readonly string[]): void {
		this.#commands++;
		const {command} = record;
		record.connection = this.#options.connection;
		record.depth = this.#replies.waiting + 1;
		if (record.depth > this.#deepest) this.#deepest = record.depth;
		if (record.effect === 'other') this.#noteRequest(record, words);
		else record.inTransaction = this.#isInTransaction;
		if (this.#state !== 'read') return;
		if (record.depth > maxWaiting) this.#giveUp(`more than ${maxWaiting} commands wait for their replies`);
		else if (this.#takesReply(command, words)) this.#replies.expect(record);
		else this.#replies.expectNone(record);
	}

	/** Handles requests that change the state of the connection. The change applies once the request was answered. */
	#noteRequest(record: CommandRecord, words: readonly string[]): void {
		const {command} = record;
		const isEnd = command === 'EXEC' || command === 'DISCARD';
		if (command === 'MULTI') this.#isInTransaction = true;
		else if (isEnd || command === 'RESET') this.#isInTransaction = false;
		else record.inTransaction = this.#isInTransaction;
		if (command === 'SELECT' || command === 'CLIENT SETNAME') record.detail = words[0];
		else if (command === 'HELLO') record.detail = nameIn(words);
		else if (command === 'RESET') this.#replyMode = 'on';
		else if (command === 'CLIENT REPLY' && this.#isInTransaction) this.#giveUp('it uses CLIENT REPLY in a transaction');
		else if (this.#isInTransaction && isUnderstated(record))
			this.#giveUp(
				`it uses ${command} for several channels in a transaction, to which Redis sends more replies than announced`,
			);
		else if (command === 'SYNC' || command === 'PSYNC') this.#stream();
	}

	/** False if the server will not reply, because of CLIENT REPLY. */
	#takesReply(command: string, words: readonly string[]): boolean {
		if (command === 'CLIENT REPLY') {
			const mode = words[0]?.toUpperCase();
			if (mode === 'ON') this.#replyMode = 'on';
			if (mode === 'OFF') this.#replyMode = 'off';
			if (mode === 'SKIP' && this.#replyMode === 'on') this.#replyMode = 'skip next';
			return this.#replyMode === 'on';
		}
		if (this.#replyMode === 'on') return true;
		if (this.#replyMode === 'skip next') this.#replyMode = 'on';
		return false;
	}

	#onReply(record: CommandRecord): void {
		if (record.repliedAt !== undefined && !record.isBlocking)
			this.#longestMs = Math.max(this.#longestMs, record.repliedAt - record.sentAt);
		// A silent command has no reply to wait for, so it counts as executed.
		if (record.effect === 'other' && (record.result === 'ok' || record.result === 'silent')) this.#followState(record);
		this.#report(record);
		if (isAuthError(record)) {
			const {connection} = this.#options;
			this.#options.onConnection({type: 'auth failed', connection, at: this.#now, error: record.error ?? 'ERR'});
		}
	}

	/** A command was executed that changes the state of the connection. */
	#followState({command, detail}: CommandRecord): void {
		if (command === 'SELECT') this.#db = Number(detail) || 0;
		else if (command === 'CLIENT SETNAME') this.#rename(detail ?? '');
		else if (command === 'HELLO' && detail !== undefined) this.#rename(detail);
		else if (command === 'MONITOR') this.#stream();
		else if (command === 'RESET') {
			this.#db = 0;
			this.#replies.reset();
			this.#rename('');
		}
	}

	#rename(name: string): void {
		if (name === this.#clientName) return;
		this.#clientName = name;
		const {connection} = this.#options;
		this.#options.onConnection({type: 'named', connection, at: this.#now, name});
	}

	#report(record: CommandRecord): void {
		if (record.result === 'lost') this.#lost++;
		record.clientName = this.#clientName;
		record.db = this.#db;
		this.#options.onCommand(record);
	}

	#stream(): void {
		this.#state = 'stream';
		this.#replies.stop();
	}

	#giveUp(reason: string): void {
		if (this.#state !== 'read') return;
		this.#state = 'unreadable';
		this.#replies.stop();
		const {connection} = this.#options;
		this.#options.onConnection({type: 'unreadable', connection, at: this.#now, reason});
	}

	#lose(): void {
		if (this.#state !== 'read') return;
		for (const record of this.#replies.stop()) {
			if (record.result !== 'silent') record.result = 'lost';
			this.#report(record);
		}
	}
}

/**
 * True for a command with several channels: the reply to EXEC announces one element for it, but contains one for each channel.
 */
function isUnderstated({command, argumentCount}: CommandRecord): boolean {
	if (!subscriptionCommands.has(command)) return false;
	return argumentCount > 1 || (argumentCount === 0 && command.includes('UNSUB'));
}

/** The name that HELLO gives to the connection. */
function nameIn(words: readonly string[]): string | undefined {
	const at = words.findIndex((word) => word.toUpperCase() === 'SETNAME');
	return at === -1 ? undefined : words[at + 1];
}
