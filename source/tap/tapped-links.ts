import type {FaultProxy, LinkEnd, LinkObserver} from '../proxy/fault-proxy.js';
import {watchStalls} from './stall-watch.js';
import type {CommandEvent, ConnectionEvent, OpenConnection, TrafficObserver} from './traffic.js';
import {ConnectionReader} from './wire/connection-reader.js';
import type {FollowedKeys} from './wire/followed-keys.js';

const tickMs = 1000;

/** The readers of all open connections of an application, and the observers that they report to. */
export class TappedLinks {
	readonly #readers = new Set<ConnectionReader>();
	readonly #onUnreadable: (reason: string) => void;
	readonly #onNamed: ((name: string) => void) | undefined;
	#observers: readonly TrafficObserver[] = [];
	#opened = 0;
	#unreadable = 0;

	readonly #followed: FollowedKeys | undefined;

	/**
	 * @param onUnreadable As in `TapOptions`.
	 * @param followed Default: all keys are followed.
	 * @param onNamed As in `TapOptions`.
	 */
	constructor(
		onUnreadable: (reason: string) => void = () => {},
		followed?: FollowedKeys,
		onNamed?: (name: string) => void,
	) {
		this.#followed = followed;
		this.#onUnreadable = onUnreadable;
		this.#onNamed = onNamed;
	}

	/** Reports the traffic to an observer from now on. Returns a function that stops it. */
	observe(observer: TrafficObserver): () => void {
		this.#observers = [...this.#observers, observer];
		return () => {
			this.#observers = this.#observers.filter((other) => other !== observer);
		};
	}

	/** Reports the faults of a proxy, and regular ticks, to observers. Returns a function that stops it. */
	follow(proxy: Pick<FaultProxy, 'onChange'>): () => void {
		const stop = proxy.onChange((active) => {
			const now = performance.now();
			for (const observer of this.#observers) observer.onFaults?.(now, active);
		});
		const timer = setInterval(() => this.#tick(), tickMs).unref();
		const stopWatching = watchStalls((from, to) => {
			for (const observer of this.#observers) observer.onStall?.(from, to);
		});
		return () => {
			clearInterval(timer);
			stopWatching();
			stop();
		};
	}

	/**
	 * A client has connected.
	 *
	 * @param address Address of the client. Default: unknown.
	 * @param node Address of the server that the connection leads to. Default: there is only one.
	 */
	open(address = '', node?: string): LinkObserver {
		const openedAt = performance.now();
		this.#opened++;
		const connection = this.#opened;
		const reader = new ConnectionReader({
			connection,
			address,
			node,
			openedAt,
			followed: this.#followed,
			onCommand: (event) => this.#onCommand(event),
			onConnection: (event) => this.#onConnection(event),
		});
		this.#readers.add(reader);
		this.#onConnection({type: 'opened', connection, at: openedAt});
		return {
			request: (bytes, at) => reader.request(bytes, at),
			reply: (bytes, at) => reader.reply(bytes, at),
			closed: (end) => {
				this.#readers.delete(reader);
				reader.close({by: sideOf(end), isReset: end.isReset}, performance.now());
			},
		};
	}

	/** Number of connections so far that are forwarded without being read. */
	get unreadable(): number {
		return this.#unreadable;
	}

	openConnections(): readonly OpenConnection[] {
		return [...this.#readers].map((reader) => reader.snapshot());
	}

	#tick(): void {
		const now = performance.now();
		const open = this.openConnections();
		for (const observer of this.#observers) observer.onTick?.(now, open);
	}

	#onCommand(event: CommandEvent): void {
		for (const observer of this.#observers) observer.onCommand(event);
	}

	#onConnection(event: ConnectionEvent): void {
		for (const observer of this.#observers) observer.onConnection?.(event);
		if (event.type === 'named') this.#onNamed?.(event.name);
		if (event.type !== 'unreadable') return;
		this.#unreadable++;
		this.#onUnreadable(event.reason);
	}
}

function sideOf({by}: LinkEnd): 'application' | 'server' | 'tap' {
	if (by === 'client') return 'application';
	return by === 'server' ? 'server' : 'tap';
}
