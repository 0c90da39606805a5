import {setTimeout as sleep} from 'node:timers/promises';
import {Redis} from 'ioredis';
import {RedisCacheError} from '../../pool/errors.js';

/** Milliseconds in which a server must connect and answer. */
const answerMs = 2000;

/** Milliseconds between two checks in `waitUntil`. */
const checkEveryMs = 50;

/** Sends one command to one server, on a separate connection. */
export async function ask({url}: {readonly url: string}, ...command: [string, ...string[]]): Promise<unknown> {
	const client = new Redis(url, {
		lazyConnect: true,
		commandTimeout: answerMs,
		connectTimeout: answerMs,
		retryStrategy: () => null,
		// A Sentinel has no ready check, and a replica need not have its data yet.
		enableReadyCheck: false,
		protocol: 2,
	});
	client.on('error', () => {});
	try {
		await client.connect();
		return await client.call(...command);
	} finally {
		client.disconnect();
	}
}

/**
 * Resolves when `look` returns true. It is repeated if it rejects. After the timeout, rejects with a message that contains
 * `what`.
 */
export async function waitUntil(what: string, timeoutMs: number, look: () => Promise<boolean>): Promise<void> {
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		let failure: unknown;
		try {
			if (await look()) return;
		} catch (error) {
			failure = error;
		}
		if (performance.now() > deadline) {
			throw new RedisCacheError(
				'ERR_PRIVATE_REDIS_START',
				`waited ${timeoutMs / 1000} s until ${what}; try again, on a less busy machine`,
				{cause: failure},
			);
		}
		await sleep(checkEveryMs);
	}
}

/** True for a server that answers as a master. */
export async function isMaster(server: {readonly url: string}): Promise<boolean> {
	const role = await ask(server, 'ROLE');
	return Array.isArray(role) && role[0] === 'master';
}

/** True for a replica that has all data of its master. */
export async function isInSync(server: {readonly url: string}): Promise<boolean> {
	return /^master_link_status:up/m.test(String(await ask(server, 'INFO', 'replication')));
}
