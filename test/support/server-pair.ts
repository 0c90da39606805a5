import {afterAll, beforeAll} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';

/**
 * A real Redis and the built-in server, without passwords, for all tests of a file or describe block that compare them.
 */
export class ServerPair {
	#servers: readonly [real: PrivateRedis, builtIn: PrivateRedis] | undefined;

	constructor() {
		beforeAll(async () => {
			this.#servers = await Promise.all([
				startPrivateRedis({prefer: 'binary', password: ''}),
				startPrivateRedis({prefer: 'built-in', password: ''}),
			]);
		});
		afterAll(async () => {
			await Promise.all((this.#servers ?? []).map((server) => server.close()));
		});
	}

	get real(): PrivateRedis {
		return this.both[0];
	}

	get builtIn(): PrivateRedis {
		return this.both[1];
	}

	get both(): readonly [real: PrivateRedis, builtIn: PrivateRedis] {
		if (!this.#servers) throw new Error('only available inside a test');
		return this.#servers;
	}
}
