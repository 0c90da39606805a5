import {startFaultProxy} from '../../../source/proxy/fault-proxy.js';
import {type Child, startChild} from '../../support/child.js';
import {startRedisProcess} from '../../support/redis-process.js';
import type {HealDrill} from './drills.js';
import type {Failure, Outcome} from './outcome.js';
import type {OpenArguments} from './subject.js';

/** Longest time of one step of a drill, in ms. */
const stepLimitMs = 25_000;

/** Puts one library through one drill, in its own process, on its own Redis. */
export async function measure(peer: string, drill: HealDrill): Promise<Outcome | Failure> {
	const redis = await startRedisProcess();
	const proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
	let child: Child | undefined;
	let step = 'start';
	const call = async <T>(name: string, argument: unknown = null): Promise<T> => {
		step = name;
		if (child === undefined) throw new Error('there is no process');
		return within(child.call<T>(name, argument), stepLimitMs);
	};
	try {
		child = await startChild(new URL('./subject.ts', import.meta.url));
		const options: OpenArguments = {
			peer,
			url: `redis://${proxy.host}:${proxy.port}`,
			directUrl: redis.url,
			ttlMs: drill.ttlMs,
			changeTtlMs: drill.changeTtlMs,
		};
		await call('open', options);
		await call('warmUp');
		const calm = await call<Omit<Outcome['calm'], 'connections'>>('calm');
		const connections = proxy.connections();
		await drill.begin({proxy, redis});
		await call('outage', {outageMs: drill.outageMs});
		await drill.end({proxy, redis});
		const rest = await call<Omit<Outcome, 'calm'>>('recover', {since: Date.now()});
		return {...rest, calm: {...calm, connections}};
	} catch (error) {
		const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
		return {failed: `${step}: ${reason}`};
	} finally {
		await child?.kill();
		await proxy.close();
		await redis.close();
	}
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`not done after ${ms / 1000} s`)), ms);
	});
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}
