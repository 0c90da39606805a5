import type {BreakableServer, TogetherFaults} from '../../faults/breakable-server.js';
import {RedisCacheError} from '../../pool/errors.js';
import type {PrivateServer} from '../private-server.js';
import type {PrivateRedis} from '../types.js';
import type {Shape} from './shape.js';
import type {TopologyKind} from './topology-kind.js';
import {topologyServer} from './topology-server.js';

/**
 * A private cluster, or a private master behind Sentinels. As a `PrivateRedis` it represents one of its masters, which faults
 * affect by default.
 */
export class PrivateTopology implements PrivateRedis {
	readonly kind = 'private';
	readonly name: string;
	readonly version: string;
	readonly topology: TopologyKind;
	/** The URL of the whole set-up, with the password. */
	readonly topologyUrl: string;
	readonly together: TogetherFaults;
	readonly #shape: Shape;
	/** The servers with data, as targets of faults. */
	readonly #servers: ReadonlyMap<PrivateServer, BreakableServer>;
	/** All servers, including Sentinels. */
	readonly #all: readonly PrivateServer[];
	#master: PrivateServer;

	/** @param all The servers of the set-up, and its Sentinels. */
	static async of(shape: Shape, all: readonly PrivateServer[]): Promise<PrivateTopology> {
		return new PrivateTopology(shape, all, await shape.master());
	}

	private constructor(shape: Shape, all: readonly PrivateServer[], master: PrivateServer) {
		this.topology = shape.kind;
		this.topologyUrl = shape.url;
		this.name = master.name;
		this.version = master.version;
		this.#shape = shape;
		this.#servers = new Map(shape.servers.map((server) => [server, topologyServer(server, shape.together(server))]));
		this.together = shape.together(master);
		this.#all = all;
		this.#master = master;
	}

	get host(): string {
		return this.#master.host;
	}

	get port(): number {
		return this.#master.port;
	}

	get url(): string {
		return this.#master.url;
	}

	get pid(): number | undefined {
		return this.#master.pid;
	}

	async pick(address: string | undefined): Promise<BreakableServer> {
		if (address === undefined) this.#master = await this.#shape.master();
		for (const [server, breakable] of this.#servers) {
			if (address === undefined ? server === this.#master : `${server.host}:${server.port}` === address)
				return breakable;
		}
		throw new RedisCacheError('ERR_PRIVATE_REDIS', `no server with data listens on ${address}`);
	}

	kill(): Promise<void> {
		return this.#master.kill();
	}

	/** Servers that are down are restarted first, since lifting `kill` must start them again. */
	async restart(): Promise<void> {
		const down = this.#all.filter(({pid}) => pid === undefined);
		await Promise.all((down.length === 0 ? [this.#master] : down).map((server) => server.restart()));
	}

	pause(): void {
		this.#master.pause();
	}

	resume(): void {
		this.#master.resume();
	}

	get clockObstacle(): string | undefined {
		return this.#master.clockObstacle;
	}

	setClock(offsetMs: number): Promise<void> {
		return this.#master.setClock(offsetMs);
	}

	onExit(listener: (reason: string) => void): () => void {
		const removers = this.#all.map((server) => server.onExit((reason) => listener(`${reason} (port ${server.port})`)));
		return () => {
			for (const remove of removers) remove();
		};
	}

	async close(): Promise<void> {
		await Promise.all(this.#all.map((server) => server.close()));
	}
}
