import {afterAll, beforeAll} from 'vitest';
import {startTap, type Tap, type TapOptions} from '../../../source/tap/tap.js';
import {type RedisProcess, startRedisProcess} from '../../support/redis-process.js';

/** A tap in front of a Redis of its own, for the tests of a file. */
export class TapFixture {
	#redis: RedisProcess | undefined;
	#tap: Tap | undefined;

	constructor(options: Partial<TapOptions> = {}) {
		beforeAll(async () => {
			this.#redis = await startRedisProcess();
			const target = {host: this.#redis.host, port: this.#redis.port};
			this.#tap = await startTap({target, listen: {host: '127.0.0.1', port: 0}, ...options});
		});
		afterAll(async () => {
			await this.#tap?.close();
			await this.#redis?.close();
		});
	}

	get redis(): RedisProcess {
		return assertStarted(this.#redis);
	}

	get tap(): Tap {
		return assertStarted(this.#tap);
	}
}

function assertStarted<Value>(value: Value | undefined): Value {
	if (value === undefined) throw new Error('the fixture has not started');
	return value;
}
