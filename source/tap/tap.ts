import {type FaultProxy, type FaultProxyEvent, type ProxyTarget, startFaultProxy} from '../proxy/fault-proxy.js';
import type {LinkEnd, LinkObserver} from '../proxy/types.js';
import type {Finding} from './findings/finding.js';
import type {ServerReading} from './findings/server/server-reading.js';
import {TrafficFindings} from './findings/traffic-findings.js';
import {type KeyPrinter, keyPrinter} from './key-text.js';
import {KeyPatterns} from './patterns.js';
import type {TrafficSnapshot} from './snapshot.js';
import {TrafficStatistics} from './statistics/traffic-statistics.js';
import {TapListenError} from './tap-error.js';
import type {CommandEvent, ConnectionEvent, OpenConnection, TrafficObserver} from './traffic.js';
import {ConnectionReader} from './wire/connection-reader.js';

const tickMs = 1000;

export type TapOptions = {
	/** The server that the application means. */
	readonly target: ProxyTarget;
	/** Address that the application connects to instead. Port 0: any free one. */
	readonly listen: {readonly host: string; readonly port: number};
	/** Shows hashes instead of the names of keys. Default: false. */
	readonly hideKeys?: boolean;
	readonly onEvent?: (event: FaultProxyEvent) => void;
	/** A connection sends something else than Redis's protocol. Its bytes are passed on, and not read any more. */
	readonly onUnreadable?: (reason: string) => void;
};

/** A proxy in front of a server that reads what an application sends and gets. */
export type Tap = {
	/** Breaks the application's connections. */
	readonly proxy: FaultProxy;
	/** Where it listens: `127.0.0.1:6380`. */
	readonly address: string;
	snapshot(): TrafficSnapshot & {readonly findings: readonly Finding[]};
	/** To be told of the server's figures about once a minute, if it may be asked for them. */
	onServer(figures: ServerReading): void;
	/** Closes the port and resets every connection. */
	close(): Promise<void>;
};

/**
 * Starts to listen. Each connection is passed on to the server, byte for byte, whatever is sent on it.
 *
 * @throws {TapListenError} Something else listens there, or the address is not one of this machine.
 */
export async function startTap(options: TapOptions): Promise<Tap> {
	const links = new TappedLinks(options);
	const {target, listen, onEvent} = options;
	const proxy = await startFaultProxy({
		target,
		listen,
		observe: () => links.open(),
		...(onEvent && {onEvent}),
	}).catch((error: unknown) => {
		throw new TapListenError(addressOf(listen), error);
	});
	const stopWatching = proxy.onChange((active) => links.onFaults(active));
	const timer = setInterval(() => links.tick(), tickMs).unref();
	return {
		proxy,
		address: addressOf({host: proxy.host, port: proxy.port}),
		snapshot() {
			const {up, down} = proxy.bytes();
			return links.snapshot({in: up, out: down});
		},
		onServer: (figures) => links.findings.onServer(figures),
		async close() {
			clearInterval(timer);
			stopWatching();
			await proxy.close();
		},
	};
}

function addressOf({host, port}: {readonly host: string; readonly port: number}): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The readers of all open connections, and those whom they report to. */
class TappedLinks {
	readonly findings: TrafficFindings;
	readonly #readers = new Set<ConnectionReader>();
	readonly #printKey: KeyPrinter;
	readonly #statistics: TrafficStatistics;
	readonly #observers: readonly TrafficObserver[];
	readonly #onUnreadable: (reason: string) => void;
	#opened = 0;

	constructor({hideKeys = false, onUnreadable}: TapOptions) {
		const patterns = new KeyPatterns();
		this.#printKey = keyPrinter({hide: hideKeys});
		this.#statistics = new TrafficStatistics({patterns, printKey: this.#printKey, startedAt: performance.now()});
		this.findings = new TrafficFindings(patterns);
		this.#observers = [this.#statistics, this.findings];
		this.#onUnreadable = onUnreadable ?? (() => {});
	}

	/** A client has connected. */
	open(): LinkObserver {
		const openedAt = performance.now();
		this.#opened++;
		const connection = this.#opened;
		const reader = new ConnectionReader({
			connection,
			openedAt,
			onCommand: (event) => this.#onCommand(event),
			onConnection: (event) => this.#onConnection(event),
		});
		this.#readers.add(reader);
		this.#onConnection({type: 'opened', connection, at: openedAt});
		return {
			request: (bytes) => reader.request(bytes, performance.now()),
			reply: (bytes) => reader.reply(bytes, performance.now()),
			closed: (end) => {
				this.#readers.delete(reader);
				reader.close({by: sideOf(end), isReset: end.isReset}, performance.now());
			},
		};
	}

	tick(): void {
		const now = performance.now();
		const open = this.#openConnections();
		for (const observer of this.#observers) observer.onTick?.(now, open);
	}

	onFaults(active: Parameters<NonNullable<TrafficObserver['onFaults']>>[1]): void {
		const now = performance.now();
		for (const observer of this.#observers) observer.onFaults?.(now, active);
	}

	snapshot(bytes: TrafficSnapshot['bytes']): ReturnType<Tap['snapshot']> {
		const now = performance.now();
		const traffic = this.#statistics.snapshot(now, this.#openConnections(), bytes);
		return {...traffic, findings: this.findings.findings(now, this.#printKey)};
	}

	#openConnections(): readonly OpenConnection[] {
		return [...this.#readers].map((reader) => reader.snapshot());
	}

	#onCommand(event: CommandEvent): void {
		for (const observer of this.#observers) observer.onCommand(event);
	}

	#onConnection(event: ConnectionEvent): void {
		for (const observer of this.#observers) observer.onConnection?.(event);
		if (event.type === 'unreadable') this.#onUnreadable(event.reason);
	}
}

function sideOf({by}: LinkEnd): 'application' | 'server' | 'tap' {
	if (by === 'client') return 'application';
	return by === 'server' ? 'server' : 'tap';
}
