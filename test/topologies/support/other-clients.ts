import {Cluster, Redis} from 'ioredis';
import {createCluster, createSentinel} from 'redis';
import type {Endpoint} from '../../../source/proxy/types.js';
import {languages} from '../../applications/support/languages.js';
import {type LineProgram, startLineProgram} from './line-program.js';

/** A client of other people, as an application uses it. */
export type OtherClient = {
	set(key: string, value: string): Promise<void>;
	get(key: string): Promise<string | null>;
	close(): Promise<void>;
};

/** Connects to one node of a cluster, or to one Sentinel, and is told of nothing else. */
export type OpenClient = (seed: Endpoint, password: string, masterName: string) => Promise<OtherClient>;

/** Clients whose language is not installed here. */
const missing = new Map<string, boolean>([
	['redis-py', languages.python.isMissing],
	['redis-cli', languages['redis-benchmark'].isMissing],
]);

/** The clients that can run here, each with its name. */
export function runnable(clients: Readonly<Record<string, OpenClient>>): readonly (readonly [string, OpenClient])[] {
	return Object.entries(clients).filter(([name]) => missing.get(name) !== true);
}

const python = new URL('../programs/redis-py.py', import.meta.url).pathname;

export const clusterClients: Readonly<Record<string, OpenClient>> = {
	async ioredis({host, port}, password) {
		const client = new Cluster([{host, port}], {redisOptions: {password}});
		client.on('error', () => {});
		return ofIoredis(client);
	},
	async 'node-redis'({host, port}, password) {
		const client = createCluster({rootNodes: [{url: `redis://${host}:${port}`}], defaults: {password}});
		client.on('error', () => {});
		await client.connect();
		return {
			set: async (key, value) => void (await client.set(key, value)),
			get: (key) => client.get(key),
			close: async () => client.destroy(),
		};
	},
	async 'redis-py'({host, port}, password) {
		return ofPython(startLineProgram([...languages.python.command, python, 'cluster', host, String(port), password]));
	},
	async 'redis-cli'({host, port}, password) {
		const program = startLineProgram(
			['redis-cli', '-c', '--no-auth-warning', '-a', password, '-h', host, '-p', String(port)],
			(line) => line !== '' && !line.startsWith('-> Redirected'),
		);
		const ask = async (line: string) => {
			const answer = await program.ask(line);
			if (/^\(?(error|[A-Z]+ )/.test(answer)) throw new Error(answer);
			return answer;
		};
		return {
			set: async (key, value) => void (await ask(`SET ${key} ${value}`)),
			get: (key) => ask(`GET ${key}`),
			close: () => program.close(),
		};
	},
};

export const sentinelClients: Readonly<Record<string, OpenClient>> = {
	async ioredis({host, port}, password, name) {
		const client = new Redis({
			sentinels: [{host, port}],
			name,
			password,
			sentinelPassword: password,
			failoverDetector: true,
		});
		client.on('error', () => {});
		return ofIoredis(client);
	},
	async 'node-redis'({host, port}, password, name) {
		const client = createSentinel({
			name,
			sentinelRootNodes: [{host, port}],
			nodeClientOptions: {password},
			sentinelClientOptions: {password},
		});
		client.on('error', () => {});
		await client.connect();
		return {
			set: async (key, value) => void (await client.set(key, value)),
			get: (key) => client.get(key),
			close: async () => client.destroy(),
		};
	},
	async 'redis-py'({host, port}, password, name) {
		const args = [python, 'sentinel', host, String(port), password, name];
		return ofPython(startLineProgram([...languages.python.command, ...args]));
	},
};

function ofIoredis(client: Cluster | Redis): OtherClient {
	return {
		set: async (key, value) => void (await client.set(key, value)),
		get: (key) => client.get(key),
		close: async () => client.disconnect(),
	};
}

function ofPython(program: LineProgram): OtherClient {
	const ask = async (line: string) => {
		const answer = await program.ask(line);
		if (!answer.startsWith('ok ')) throw new Error(answer);
		return answer.slice('ok '.length);
	};
	return {
		set: async (key, value) => void (await ask(`set ${key} ${value}`)),
		get: (key) => ask(`get ${key}`),
		close: () => program.close(),
	};
}
