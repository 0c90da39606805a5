import {afterAll, afterEach, beforeAll, beforeEach} from 'vitest';
import type {ActiveFault, FaultOf} from '../../source/faults/fault.js';
import {type FaultProxy, type FaultProxyOptions, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {type PeerServer, startPeerServer} from './peer-server.js';
import {RawConnection} from './raw-connection.js';
import {type RedisProcess, startRedisProcess} from './redis-process.js';
import {request} from './resp.js';

/** A proxy in front of an echo server, new for each test of the file or describe block. */
export class EchoProxyFixture {
	#server: PeerServer | undefined;
	#proxy: FaultProxy | undefined;
	#connections: RawConnection[] = [];

	constructor() {
		beforeEach(async () => {
			this.#server = await startPeerServer();
			this.#proxy = await startFaultProxy({target: this.#target});
		});
		afterEach(async () => {
			for (const connection of this.#connections) connection.close();
			this.#connections = [];
			await this.proxy.close();
			await this.server.close();
		});
	}

	get server(): PeerServer {
		return defined(this.#server);
	}

	set server(server: PeerServer) {
		this.#server = server;
	}

	get proxy(): FaultProxy {
		return defined(this.#proxy);
	}

	/** Replaces the proxy by one with other options. */
	async replaceProxy(options: Omit<FaultProxyOptions, 'target'>): Promise<void> {
		await this.proxy.close();
		this.#proxy = await startFaultProxy({...options, target: this.#target});
	}

	/** Opens a connection to the proxy, without waiting for it. */
	open(): RawConnection {
		const opened = new RawConnection(this.proxy.port);
		this.#connections.push(opened);
		return opened;
	}

	/** Opens a connection, and waits until bytes pass to the server and back. */
	async connected(): Promise<RawConnection> {
		const opened = this.open();
		await opened.ask('hello', 'hello');
		return opened;
	}

	get #target(): {host: string; port: number} {
		return {host: '127.0.0.1', port: this.server.port};
	}
}

/** The error replies of Redis as bytes on the wire. */
export const errorLines = {
	LOADING: '-LOADING Redis is loading the dataset in memory\r\n',
	READONLY: "-READONLY You can't write against a read only replica.\r\n",
	OOM: "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
	CLUSTERDOWN: '-CLUSTERDOWN The cluster is down\r\n',
};
export const okLine = '+OK\r\n';
export const abortedLine = '-EXECABORT Transaction discarded because of previous errors.\r\n';

export type ErrorName = FaultOf<'error'>['error'];

/**
 * A Redis whose only key is `key` with the value `value`, for all tests; and a proxy in front of it, new for each test.
 */
export class RedisProxyFixture {
	/** Types of the proxy's events in this test. */
	readonly events: string[] = [];
	#redis: RedisProcess | undefined;
	#proxy: FaultProxy | undefined;
	#connections: RawConnection[] = [];

	constructor() {
		beforeAll(async () => {
			this.#redis = await startRedisProcess();
		});
		beforeEach(async () => {
			this.events.length = 0;
			this.#proxy = await startFaultProxy({target: this.redis, onEvent: ({type}) => this.events.push(type)});
			const direct = this.open(this.redis.port);
			await direct.ask(request('FLUSHALL'), okLine);
			await direct.ask(request('SET', 'key', 'value'), okLine);
		});
		afterEach(async () => {
			for (const connection of this.#connections) connection.close();
			this.#connections = [];
			await this.proxy.close();
		});
		afterAll(() => this.redis.close());
	}

	get redis(): RedisProcess {
		return defined(this.#redis);
	}

	get proxy(): FaultProxy {
		return defined(this.#proxy);
	}

	/** Opens a connection to the proxy, or to another port, without waiting for it. */
	open(port = this.proxy.port): RawConnection {
		const opened = new RawConnection(port);
		this.#connections.push(opened);
		return opened;
	}

	/** Adds an `error` fault. */
	inject(error: ErrorName, probability = 1): ActiveFault {
		return this.proxy.add({kind: 'error', error, probability});
	}
}

function defined<T>(part: T | undefined): T {
	if (part === undefined) throw new Error('only available inside a test');
	return part;
}
