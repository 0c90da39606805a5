import {once} from 'node:events';
import {Redis} from 'ioredis';
import type {RedisProcess} from '../../support/redis-process.js';
import {quantile} from '../budget.js';
import {start} from './contestants.js';

/** Calls a second of the other client, whether or not earlier ones were answered. */
const rate = 500;

/** Milliseconds in which the scanner starts, and then those in which the other client is watched. */
const startMs = 1500;
const watchMs = 3000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Latencies of GETs in milliseconds, each from the time at which it was due. */
async function latencies(client: Redis): Promise<readonly number[]> {
	const found: number[] = [];
	const begin = performance.now();
	const pending: Promise<void>[] = [];
	for (let sent = 0; sent < (watchMs / 1000) * rate; ) {
		const now = performance.now() - begin;
		for (; sent <= (now / 1000) * rate; sent++) {
			const due = begin + (sent / rate) * 1000;
			pending.push(
				client.get(`item:${sent % 1000}:${sent}`).then(
					() => void found.push(performance.now() - due),
					() => void found.push(performance.now() - due),
				),
			);
		}
		await pause(1);
	}
	await Promise.all(pending);
	return found;
}

/**
 * Runs a program, and again whenever it ends, which on a small keyspace is soon.
 *
 * @returns ends it.
 */
function keepRunning(command: readonly [string, ...string[]]): () => Promise<void> {
	let isOver = false;
	let failure: Error | undefined;
	let child = run();
	function run() {
		const started = start(command, 'ignore');
		started.once('exit', (code) => {
			if (isOver) return;
			// One that cannot run would be started for ever, and nothing measured beside it.
			if (code === 0) child = run();
			else failure = new Error(`${command.join(' ')} ended with code ${code}`);
		});
		return started;
	}
	return async () => {
		isOver = true;
		if (failure) throw failure;
		child.kill('SIGKILL');
		await once(child, 'exit');
	};
}

/** The 99th percentile of another client's calls, in milliseconds, while a program runs; without one, while nothing does. */
export async function p99Beside(redis: RedisProcess, command?: readonly [string, ...string[]]): Promise<number> {
	const client = new Redis({host: '127.0.0.1', port: redis.port});
	const end = command && keepRunning(command);
	try {
		await pause(startMs);
		return quantile(await latencies(client), 0.99);
	} finally {
		client.disconnect();
		await end?.();
	}
}
