import {afterAll, afterEach, beforeAll, beforeEach} from 'vitest';
import type {ActiveFault, WireFault} from '../../source/faults/fault.js';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {request} from './resp.js';
import {client, type WireClient} from './wire.js';

export type ErrorName = Extract<WireFault, {kind: 'error'}>['error'];

/** What Redis says. */
export const lines = {
	LOADING: '-LOADING Redis is loading the dataset in memory\r\n',
	READONLY: "-READONLY You can't write against a read only replica.\r\n",
	OOM: "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
	CLUSTERDOWN: '-CLUSTERDOWN The cluster is down\r\n',
};
export const ok = '+OK\r\n';
export const aborted = '-EXECABORT Transaction discarded because of previous errors.\r\n';

/** A Redis with one key, `key`, that is `value`, and a proxy before it, new for each test. */
export class ErrorBench {
	/** Types of the proxy's events. */
	readonly events: string[] = [];
	#redis: RedisProcess | undefined;
	#proxy: FaultProxy | undefined;
	#clients: WireClient[] = [];

	constructor() {
		beforeAll(async () => {
			this.#redis = await startRedisProcess();
		});
		beforeEach(async () => {
			this.events.length = 0;
			this.#proxy = await startFaultProxy({target: this.redis, onEvent: ({type}) => this.events.push(type)});
			const direct = this.open(this.redis.port);
			await direct.ask(request('FLUSHALL'), ok);
			await direct.ask(request('SET', 'key', 'value'), ok);
		});
		afterEach(async () => {
			for (const {socket} of this.#clients) socket.destroy();
			this.#clients = [];
			await this.proxy.close();
		});
		afterAll(() => this.redis.close());
	}

	get redis(): RedisProcess {
		return there(this.#redis);
	}

	get proxy(): FaultProxy {
		return there(this.#proxy);
	}

	open(port = this.proxy.port): WireClient {
		const opened = client(port);
		this.#clients.push(opened);
		return opened;
	}

	inject(error: ErrorName, probability = 1): ActiveFault {
		return this.proxy.add({kind: 'error', error, probability});
	}
}

function there<T>(part: T | undefined): T {
	if (part === undefined) throw new Error('only inside of a test');
	return part;
}
