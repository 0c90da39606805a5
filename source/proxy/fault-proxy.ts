import type {Socket} from 'node:net';
import {activate} from '../faults/active-fault.js';
import {defaultFlakyMs} from '../faults/catalogue.js';
import type {WireFault} from '../faults/fault.js';
import {addressOf} from './address.js';
import {Link} from './link.js';
import {rulesOf} from './link-rules.js';
import {Listener} from './listener.js';
import {adoptSocket, readSocket, type TakeOver} from './sockets/adopt-socket.js';
import {canAdopt} from './sockets/can-adopt.js';
import {ReadBuffers} from './sockets/read-buffers.js';
import type {
	ActiveWireFault,
	FaultProxy,
	FaultProxyEvent,
	FaultProxyOptions,
	LinkEnd,
	LinkObserver,
	ProxyPort,
	ProxyPortOptions,
	ProxyTarget,
} from './types.js';

export type {FaultProxy, FaultProxyEvent, FaultProxyOptions, LinkEnd, LinkObserver, ProxyPort, ProxyTarget};

/** As many as a Redis takes by default. A connection that its client has given up makes room for a new one. */
const defaultMaxConnections = 10_000;

const tooManyClients = '-ERR max number of clients reached\r\n';

/** Opens a port, on loopback unless told otherwise, and connects each client of it to the target. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
	const proxy = new TcpFaultProxy(options, (await canAdopt()) ? adoptSocket : readSocket);
	await proxy.start();
	return proxy;
}

class TcpFaultProxy implements FaultProxy {
	readonly #target: ProxyTarget;
	readonly #maxConnections: number;
	readonly #random: () => number;
	readonly #onEvent: (event: FaultProxyEvent) => void;
	readonly #listener: Listener;
	/** That of `openPort`, too. */
	readonly #listeners = new Set<Listener>();
	readonly #links = new Set<Link>();
	readonly #changeListeners = new Set<(active: readonly ActiveWireFault[]) => void>();
	readonly #timers = new Map<number, NodeJS.Timeout[]>();
	readonly #buffers = new ReadBuffers();
	readonly #takeOver: TakeOver;
	#active: readonly ActiveWireFault[] = [];
	#rules = rulesOf([]);
	#bytes = {up: 0, down: 0};
	#accepted = 0;
	#isFull = false;
	#isClosed = false;

	constructor(
		{target, listen, maxConnections, observe, answerFirst, random, onEvent}: FaultProxyOptions,
		takeOver: TakeOver,
	) {
		this.#takeOver = takeOver;
		this.#target = target;
		this.#maxConnections = maxConnections ?? defaultMaxConnections;
		this.#random = random ?? Math.random;
		this.#onEvent = onEvent ?? (() => {});
		this.#listener = this.#createListener(listen, (socket) => this.#connect(socket, {target, observe, answerFirst}));
	}

	get host(): string {
		return this.#listener.host;
	}

	get port(): number {
		return this.#listener.port;
	}

	async start(): Promise<void> {
		await this.#start(this.#listener);
	}

	async openPort({listen, observe, tls}: ProxyPortOptions): Promise<ProxyPort> {
		let accepted = 0;
		const target = tls === undefined ? this.#target : {...this.#target, tls};
		const listener = this.#createListener(listen, (socket) => {
			if (this.#connect(socket, {target, observe})) accepted++;
		});
		await this.#start(listener);
		return {host: listener.host, port: listener.port, accepted: () => accepted};
	}

	add(fault: WireFault, options: {readonly forMs?: number} = {}): ActiveWireFault {
		const active = activate(fault, options.forMs);
		if (this.#isClosed) return active;
		const timers: NodeJS.Timeout[] = [];
		if (options.forMs !== undefined) timers.push(setTimeout(() => this.lift(active.id), options.forMs).unref());
		if (fault.kind === 'flaky') {
			timers.push(setInterval(() => this.#resetSome(fault.probability), fault.everyMs ?? defaultFlakyMs).unref());
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

	active(): readonly ActiveWireFault[] {
		return this.#active;
	}

	connections(): number {
		let count = 0;
		for (const link of this.#links) if (link.isOpen) count++;
		return count;
	}

	accepted(): number {
		return this.#accepted;
	}

	bytes(): {readonly up: number; readonly down: number} {
		let {up, down} = this.#bytes;
		for (const link of this.#links) {
			up += link.bytes.up;
			down += link.bytes.down;
		}
		return {up, down};
	}

	onChange(listener: (active: readonly ActiveWireFault[]) => void): () => void {
		this.#changeListeners.add(listener);
		return () => this.#changeListeners.delete(listener);
	}

	async close(): Promise<void> {
		if (this.#isClosed) return;
		this.#isClosed = true;
		for (const timer of [...this.#timers.values()].flat()) clearTimeout(timer);
		this.#timers.clear();
		this.#changeListeners.clear();
		this.#active = [];
		for (const listener of this.#listeners) listener.close();
		await Promise.all([...this.#links].map((link) => link.reset()));
	}

	#createListener(address: FaultProxyOptions['listen'], onConnection: (socket: Socket) => void): Listener {
		return new Listener({address, onConnection, onError: (error) => this.#onEvent({type: 'port taken', error})});
	}

	async #start(listener: Listener): Promise<void> {
		await listener.start();
		if (this.#isClosed || this.#rules.refuse) listener.close();
		this.#listeners.add(listener);
	}

	#change(active: readonly ActiveWireFault[]): void {
		this.#active = active;
		this.#rules = rulesOf(active);
		if (this.#rules.refuse) {
			for (const listener of this.#listeners) listener.close();
			for (const link of this.#links) link.cut();
		} else {
			for (const listener of this.#listeners) listener.open();
			for (const link of this.#links) link.apply(this.#rules);
		}
		for (const listener of this.#changeListeners) listener(active);
	}

	/** Returns false if the client is turned away. */
	#connect(client: Socket, {target, observe, answerFirst}: PortOptions): boolean {
		if (this.#isClosed || this.#rules.refuse) {
			client.on('error', () => {});
			client.resetAndDestroy();
			return false;
		}
		if (!this.#makeRoom()) {
			this.#turnAway(client);
			return false;
		}
		this.#isFull = false;
		this.#accepted++;
		const observer = observe?.(peerOf(client));
		const link = new Link({
			accepted: client,
			takeOver: this.#takeOver,
			buffers: this.#buffers,
			target,
			rules: this.#rules,
			random: this.#random,
			observer,
			answerFirst,
			onGone: (gone) => {
				this.#bytes = {up: this.#bytes.up + gone.bytes.up, down: this.#bytes.down + gone.bytes.down};
				this.#links.delete(gone);
			},
			onOpaque: () => this.#onEvent({type: 'opaque'}),
		});
		this.#links.add(link);
		return true;
	}

	/** Refuses a connection in the words of a Redis with too many clients. */
	#turnAway(client: Socket): void {
		client.on('error', () => {});
		client.resume();
		client.write(tooManyClients);
		client.destroySoon();
		if (this.#isFull) return;
		this.#isFull = true;
		this.#onEvent({type: 'full', limit: this.#maxConnections});
	}

	/** Returns false if there is no room for another connection. */
	#makeRoom(): boolean {
		if (this.#links.size < this.#maxConnections) return true;
		for (const link of this.#links) {
			if (link.isOpen) continue;
			link.reset();
			return true;
		}
		return false;
	}

	#resetSome(probability: number): void {
		for (const link of this.#links) if (this.#random() < probability) link.reset();
	}
}

/** The target and the observers of the connections of a port. */
type PortOptions = {
	readonly target: ProxyTarget;
	readonly observe: FaultProxyOptions['observe'];
	readonly answerFirst?: FaultProxyOptions['answerFirst'];
};

/** The address of a client; empty if it has gone already. */
function peerOf({remoteAddress, remotePort}: Socket): string {
	return remoteAddress === undefined || remotePort === undefined
		? ''
		: addressOf({host: remoteAddress, port: remotePort});
}
