import type {Socket} from 'node:net';
import {activate} from '../faults/active-fault.js';
import type {FaultOf, WireFault} from '../faults/fault.js';
import {addressOf} from './address.js';
import {maxReplyBytes} from './addresses/reply-rewriter.js';
import {tellEndpoints} from './addresses/tell-endpoint.js';
import {Link} from './link.js';
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
	ProxyLead,
	ProxyPort,
	ProxyPortOptions,
	ProxyTarget,
} from './types.js';
import {WireFaults} from './wire-faults.js';

export type {FaultProxy, FaultProxyEvent, FaultProxyOptions, LinkEnd, LinkObserver, ProxyLead, ProxyPort, ProxyTarget};

/** The default of Redis's `maxclients`. At the limit, a connection that its client has closed is dropped for a new one. */
const defaultMaxConnections = 10_000;

const tooManyClients = '-ERR max number of clients reached\r\n';

/** Opens a port, on loopback by default, and connects each client of it to the target. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
	const proxy = new TcpFaultProxy(options, (await canAdopt()) ? adoptSocket : readSocket);
	await proxy.start();
	return proxy;
}

class TcpFaultProxy implements FaultProxy {
	readonly #target: ProxyTarget | undefined;
	readonly #maxConnections: number;
	readonly #random: () => number;
	readonly #onEvent: (event: FaultProxyEvent) => void;
	readonly #own: Port;
	/** Includes the ports of `openPort`. */
	readonly #ports = new Set<Port>();
	/** The links, with the node that each leads to. */
	readonly #links = new Map<Link, string | undefined>();
	readonly #buffers = new ReadBuffers();
	readonly #faults: WireFaults;
	readonly #takeOver: TakeOver;
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
		this.#faults = new WireFaults({
			onChange: () => this.#obey(),
			onEvent: this.#onEvent,
			onFlaky: (fault) => this.#resetSome(fault),
		});
		this.#own = this.#createPort(listen, {observe, answerFirst, lead: () => target && {target, node: undefined}});
	}

	get host(): string {
		return this.#own.listener.host;
	}

	get port(): number {
		return this.#own.listener.port;
	}

	async start(): Promise<void> {
		await this.#start(this.#own);
	}

	async openPort({listen, observe, answerFirst, tls, lead, rewrite}: ProxyPortOptions): Promise<ProxyPort> {
		const target = this.#target && {...this.#target, ...(tls && {tls})};
		const port = this.#createPort(listen, {
			observe,
			answerFirst,
			rewrite,
			lead: lead ?? (() => target && {target, node: undefined}),
		});
		await this.#start(port);
		const {host, port: number} = port.listener;
		return {
			host,
			port: number,
			accepted: () => port.accepted,
			close: () => {
				this.#ports.delete(port);
				port.listener.close();
			},
		};
	}

	add(fault: WireFault, options: {readonly forMs?: number} = {}): ActiveWireFault {
		return this.#isClosed ? activate(fault, options.forMs) : this.#faults.add(fault, options.forMs);
	}

	lift(id: number): boolean {
		return this.#faults.lift(id);
	}

	heal(): void {
		for (const {id} of this.#faults.active) this.#faults.lift(id);
	}

	active(): readonly ActiveWireFault[] {
		return this.#faults.active;
	}

	connections(): number {
		let count = 0;
		for (const link of this.#links.keys()) if (link.isOpen) count++;
		return count;
	}

	accepted(): number {
		return this.#accepted;
	}

	bytes(): {readonly up: number; readonly down: number} {
		let {up, down} = this.#bytes;
		for (const link of this.#links.keys()) {
			up += link.bytes.up;
			down += link.bytes.down;
		}
		return {up, down};
	}

	onChange(listener: (active: readonly ActiveWireFault[]) => void): () => void {
		return this.#faults.onChange(listener);
	}

	async close(): Promise<void> {
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#faults.close();
		for (const {listener} of this.#ports) listener.close();
		await Promise.all([...this.#links.keys()].map((link) => link.reset()));
	}

	#createPort(address: FaultProxyOptions['listen'], options: PortOptions): Port {
		const onConnection = (socket: Socket) => {
			if (this.#connect(socket, options)) port.accepted++;
		};
		const onError = (error: Error) => this.#onEvent({type: 'port taken', error});
		const port = {...options, listener: new Listener({address, onConnection, onError}), accepted: 0};
		return port;
	}

	async #start(port: Port): Promise<void> {
		await port.listener.start();
		if (this.#isClosed || this.#isRefused(port)) port.listener.close();
		this.#ports.add(port);
	}

	#isRefused({lead}: Port): boolean {
		return this.#faults.rulesOf(lead()?.node).refuse;
	}

	/** Applies the active faults to all ports and connections. */
	#obey(): void {
		for (const port of this.#ports) {
			if (this.#isRefused(port)) port.listener.close();
			else port.listener.open();
		}
		for (const [link, node] of this.#links) {
			const rules = this.#faults.rulesOf(node);
			if (rules.refuse) link.cut();
			else link.apply(rules);
		}
	}

	/** Returns false if the client is refused. */
	#connect(client: Socket, {lead, observe, answerFirst, rewrite}: PortOptions): boolean {
		const {target, node} = lead() ?? {};
		const rules = this.#faults.rulesOf(node);
		if (this.#isClosed || rules.refuse || target === undefined) {
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
			rules,
			random: this.#random,
			observer,
			answerFirst,
			onGone: (gone) => {
				this.#bytes = {up: this.#bytes.up + gone.bytes.up, down: this.#bytes.down + gone.bytes.down};
				this.#links.delete(gone);
			},
			onOpaque: () => this.#onEvent({type: 'opaque'}),
			rewriting: rewrite && {
				tell: tellEndpoints({
					rewrite,
					serverHost: 'host' in target ? target.host : undefined,
					localAddress: client.localAddress,
				}),
				speaksTls: target.tls !== undefined,
				onLong: () => this.#onEvent({type: 'long reply', limit: maxReplyBytes}),
			},
		});
		this.#links.set(link, node);
		return true;
	}

	/** Refuses a connection with the error that Redis sends when it has too many clients. */
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
		for (const link of this.#links.keys()) {
			if (link.isOpen) continue;
			link.reset();
			return true;
		}
		return false;
	}

	#resetSome({node, probability}: FaultOf<'flaky'>): void {
		for (const [link, leadsTo] of this.#links) {
			if ((node === undefined || node === leadsTo) && this.#random() < probability) link.reset();
		}
	}
}

/** A port on which clients connect. */
type Port = PortOptions & {readonly listener: Listener; accepted: number};

/** Where the connections of a port lead, and their observers. */
type PortOptions = {
	readonly lead: () => ProxyLead | undefined;
	readonly observe: FaultProxyOptions['observe'];
	readonly answerFirst?: FaultProxyOptions['answerFirst'];
	readonly rewrite?: ProxyPortOptions['rewrite'];
};

/** The address of a client; empty if it has already disconnected. */
function peerOf({remoteAddress, remotePort}: Socket): string {
	return remoteAddress === undefined || remotePort === undefined
		? ''
		: addressOf({host: remoteAddress, port: remotePort});
}
