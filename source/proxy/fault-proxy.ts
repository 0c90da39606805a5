import type {NetConnectOpts, Socket} from 'node:net';
import {activate} from '../faults/active-fault.js';
import type {ActiveFault, WireFault} from '../faults/fault.js';
import {Link} from './link.js';
import {rulesOf} from './link-rules.js';
import {Listener} from './listener.js';

/** Connections at the same time; those that were given up first make room for new ones. */
const maxLinks = 1024;

const defaultFlakyMs = 1000;

/** Where the proxy connects to: a TCP port, or a unix socket. */
export type ProxyTarget = {readonly host: string; readonly port: number} | {readonly path: string};

export type FaultProxyEvent =
	| {readonly type: 'added' | 'lifted'; readonly fault: ActiveFault}
	/** A connection does not speak the Redis protocol, so `error` does nothing to it. */
	| {readonly type: 'opaque'}
	/** After `refuse` was lifted the port was found taken; it is tried again until it is free. */
	| {readonly type: 'port taken'; readonly error: Error};

export type FaultProxyOptions = {
	readonly target: ProxyTarget;
	readonly onEvent?: (event: FaultProxyEvent) => void;
	/** Where chance comes from, 0 to 1. Default `Math.random`. */
	readonly random?: () => number;
};

/** A TCP proxy on loopback that breaks the connections through it, and nothing else. */
export type FaultProxy = {
	readonly host: string;
	readonly port: number;
	/** Puts a fault in force at once, on existing and new connections; several add up. `forMs`: it lifts by itself after that. */
	add(fault: WireFault, options?: {readonly forMs?: number}): ActiveFault;
	/** False when it is not in force any more. */
	lift(id: number): boolean;
	/** Lifts all. */
	heal(): void;
	/** In the order they were added. A new array whenever something changed. */
	active(): readonly ActiveFault[];
	/** Clients that are connected. */
	connections(): number;
	/** All that ever came in, from clients and from the server. */
	bytes(): {readonly up: number; readonly down: number};
	/** Called after every change of `active()`. Returns how to stop that. */
	onChange(listener: (active: readonly ActiveFault[]) => void): () => void;
	/** Closes the port and resets every connection. */
	close(): Promise<void>;
};

/** Opens a port on loopback and passes what comes in on to the target. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
	const proxy = new TcpFaultProxy(options);
	await proxy.start();
	return proxy;
}

class TcpFaultProxy implements FaultProxy {
	readonly #target: NetConnectOpts;
	readonly #random: () => number;
	readonly #onEvent: (event: FaultProxyEvent) => void;
	readonly #listener: Listener;
	readonly #links = new Set<Link>();
	readonly #listeners = new Set<(active: readonly ActiveFault[]) => void>();
	readonly #timers = new Map<number, NodeJS.Timeout[]>();
	#active: readonly ActiveFault[] = [];
	#rules = rulesOf([]);
	#bytes = {up: 0, down: 0};
	#closed = false;

	constructor({target, random, onEvent}: FaultProxyOptions) {
		this.#target = target;
		this.#random = random ?? Math.random;
		this.#onEvent = onEvent ?? (() => {});
		this.#listener = new Listener({
			onConnection: (socket) => this.#connect(socket),
			onError: (error) => this.#onEvent({type: 'port taken', error}),
		});
	}

	get host(): string {
		return this.#listener.host;
	}

	get port(): number {
		return this.#listener.port;
	}

	async start(): Promise<void> {
		await this.#listener.start();
	}

	add(fault: WireFault, options: {readonly forMs?: number} = {}): ActiveFault {
		const active = activate(fault, options.forMs);
		if (this.#closed) return active;
		const timers: NodeJS.Timeout[] = [];
		if (options.forMs !== undefined) timers.push(setTimeout(() => this.lift(active.id), options.forMs).unref());
		if (fault.kind === 'flaky') {
			timers.push(setInterval(() => this.#shake(fault.probability), fault.everyMs ?? defaultFlakyMs).unref());
		}
		this.#timers.set(active.id, timers);
		this.#change([...this.#active, active]);
		this.#onEvent({type: 'added', fault: active});
		return active;
	}

	lift(id: number): boolean {
		const fault = this.#active.find((candidate) => candidate.id === id);
		if (fault === undefined) return false;
		for (const timer of this.#timers.get(id) ?? []) clearTimeout(timer);
		this.#timers.delete(id);
		this.#change(this.#active.filter((candidate) => candidate !== fault));
		this.#onEvent({type: 'lifted', fault});
		return true;
	}

	heal(): void {
		for (const {id} of this.#active) this.lift(id);
	}

	active(): readonly ActiveFault[] {
		return this.#active;
	}

	connections(): number {
		let count = 0;
		for (const link of this.#links) if (link.open) count++;
		return count;
	}

	bytes(): {readonly up: number; readonly down: number} {
		let {up, down} = this.#bytes;
		for (const link of this.#links) {
			up += link.bytes.up;
			down += link.bytes.down;
		}
		return {up, down};
	}

	onChange(listener: (active: readonly ActiveFault[]) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		for (const timer of [...this.#timers.values()].flat()) clearTimeout(timer);
		this.#timers.clear();
		this.#listeners.clear();
		this.#active = [];
		this.#listener.close();
		const gone = [...this.#links].map((link) => link.reset());
		await Promise.all(gone);
	}

	#change(active: readonly ActiveFault[]): void {
		this.#active = active;
		this.#rules = rulesOf(active);
		if (this.#rules.refuse) {
			this.#listener.close();
			for (const link of this.#links) link.cut();
		} else {
			this.#listener.open();
			for (const link of this.#links) link.apply(this.#rules);
		}
		for (const listener of this.#listeners) listener(active);
	}

	#connect(client: Socket): void {
		if (this.#closed || this.#rules.refuse || !this.#makeRoom()) {
			client.on('error', () => {});
			client.resetAndDestroy();
			return;
		}
		const link = new Link({
			client,
			target: this.#target,
			rules: this.#rules,
			random: this.#random,
			onGone: (gone) => {
				this.#bytes = {up: this.#bytes.up + gone.bytes.up, down: this.#bytes.down + gone.bytes.down};
				this.#links.delete(gone);
			},
			onOpaque: () => this.#onEvent({type: 'opaque'}),
		});
		this.#links.add(link);
	}

	#makeRoom(): boolean {
		if (this.#links.size < maxLinks) return true;
		for (const link of this.#links) {
			if (link.open) continue;
			link.reset();
			return true;
		}
		return false;
	}

	#shake(probability: number): void {
		for (const link of this.#links) if (this.#random() < probability) link.reset();
	}
}
