import type {Socket} from 'node:net';
import {RedisCacheError} from '../../pool/errors.js';
import {clearTimeout, monotonicNow, setTimeout} from '../../time/real-time.js';
import {type LiveReply, maxRequestBytes, type Notice, type ProcessMessage, type ViewerMessage} from './messages.js';
import {parseRequest} from './parse-request.js';
import {readLines} from './read-lines.js';
import type {WatchedCache} from './watched-cache.js';

/** Most notices that are kept for the next state. */
const maxNotices = 100;

/** Most calls of one viewer in progress. */
const maxCalls = 16;

/** Most bytes of unread replies. */
const maxBacklogBytes = 4_194_304;

/** Milliseconds within which a viewer must name the cache to watch. */
const silentMs = 5000;

/** Milliseconds that the last message may take. */
const lastMessageMs = 1000;

type Host = {
	/** The cache with this id. */
	cache(id: number): WatchedCache | undefined;
	/** The viewer begins to watch. */
	onWatch(viewer: Viewer): void;
	/** Milliseconds for which a viewer may read nothing. */
	readonly stalledMs: number;
};

/** One connection of a viewer. A state is sent only if the previous one was read; states are never queued. */
export class Viewer {
	readonly #socket: Socket;
	readonly #host: Host;
	#silence: NodeJS.Timeout;
	#watched: WatchedCache | undefined;
	#stopListening: (() => void) | undefined;
	#notices: Notice[] = [];
	#lostNotices = 0;
	#stalledSince: number | undefined;
	#calls = 0;

	constructor(socket: Socket, host: Host) {
		this.#socket = socket;
		this.#host = host;
		this.#silence = setTimeout(() => this.end('nothing was asked for in time'), silentMs);
		this.#silence.unref();
		socket.once('close', () => this.#release());
		readLines(socket, {
			maxBytes: maxRequestBytes,
			onLine: (line) => this.#receive(line),
			onTooLong: () => this.end('a request is too long'),
		});
	}

	/** The cache that it watches; undefined before it has asked for one. */
	get watched(): WatchedCache | undefined {
		return this.#watched;
	}

	/** True if the viewer has read everything that was sent. Ends the connection if it has read nothing for too long. */
	isReady(): boolean {
		if (this.#socket.writableLength === 0) {
			this.#stalledSince = undefined;
			return true;
		}
		const now = monotonicNow();
		this.#stalledSince ??= now;
		if (now - this.#stalledSince >= this.#host.stalledMs) this.#socket.destroy();
		return false;
	}

	/** @param fields The state of the cache, as the fields of a JSON object. */
	sendState(fields: string): void {
		const notices = this.#notices;
		const lostNotices = this.#lostNotices;
		this.#notices = [];
		this.#lostNotices = 0;
		this.#socket.write(
			`{"type":"state",${fields},"notices":${JSON.stringify(notices)},"lostNotices":${lostNotices}}\n`,
		);
	}

	send(message: ProcessMessage): void {
		if (this.#socket.writableLength > maxBacklogBytes) this.#socket.destroy();
		else if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
	}

	/** Sends the reason, and ends the connection. */
	end(reason: string): void {
		clearTimeout(this.#silence);
		if (this.#socket.writableLength > 0) {
			this.#socket.destroy();
			return;
		}
		this.send({type: 'end', reason});
		this.#socket.destroySoon();
		this.#silence = setTimeout(() => this.#socket.destroy(), lastMessageMs);
		this.#silence.unref();
	}

	#receive(line: string): void {
		const message = parseRequest(line);
		if (message === undefined) this.end('a request could not be read: use the same version of redis-cache-tui');
		else if (message.type === 'watch') this.#watch(message.cache);
		else void this.#call(message);
	}

	#watch(id: number): void {
		const cache = this.#host.cache(id);
		if (cache === undefined || this.#watched !== undefined) {
			this.end(cache === undefined ? 'there is no such cache' : 'a cache is watched already');
			return;
		}
		clearTimeout(this.#silence);
		this.#watched = cache;
		this.#stopListening = cache.listen((notice) => {
			if (this.#notices.length < maxNotices) this.#notices.push(notice);
			else this.#lostNotices++;
		});
		this.#host.onWatch(this);
	}

	async #call({id, call}: Extract<ViewerMessage, {type: 'call'}>): Promise<void> {
		const reply = await this.#replyTo(call);
		try {
			this.send({type: 'reply', id, ...reply});
		} catch {
			this.send({type: 'reply', id, ...refusal('ERR_COMMAND', `the reply to ${call.name} cannot be sent as JSON`)});
		}
	}

	async #replyTo(
		call: Extract<ViewerMessage, {type: 'call'}>['call'],
	): Promise<DistributiveOmit<LiveReply, 'type' | 'id'>> {
		const cache = this.#watched;
		if (cache === undefined) return refusal('ERR_COMMAND', 'no cache is watched');
		if (!cache.commands)
			return refusal(
				'ERR_READ_ONLY',
				`the process accepts no commands: give its cache the option inspect: {commands: true} to use ${call.name}`,
			);
		if (this.#calls >= maxCalls) return refusal('ERR_OVERLOAD', 'too many calls are under way: try again');
		this.#calls++;
		try {
			return {ok: true, value: await cache.call(call)};
		} catch (error) {
			const code = error instanceof RedisCacheError ? error.code : 'ERR_COMMAND';
			return refusal(code, error instanceof Error ? error.message : 'the call failed');
		} finally {
			this.#calls--;
		}
	}

	#release(): void {
		clearTimeout(this.#silence);
		this.#stopListening?.();
		this.#stopListening = undefined;
		this.#notices = [];
	}
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const refusal = (code: string, message: string) => ({ok: false, code, message}) as const;
