import type {TapSnapshot} from '../../../source/tap/snapshot.js';
import {startProgram} from '../../support/program.js';
import {startRedisProcess} from '../../support/redis-process.js';
import {until} from '../../support/until.js';

/** A Redis with a tap in front of it: the built program, as it is started from a shell. */
export type TappedRedis = {
	readonly port: number;
	readonly tapPort: number;
	/** Ends the tap once it has no connections any more, and resolves with its report. */
	report(): Promise<TapSnapshot>;
	close(): Promise<void>;
};

export async function startTappedRedis(): Promise<TappedRedis> {
	const redis = await startRedisProcess();
	const tap = startProgram(['tap', '--url', redis.url, '--listen', '127.0.0.1:0', '--json']);
	await until(() => tap.stderr().includes('instead of'), 'the tap to listen');
	const [, tapPort = ''] = /redis:\/\/[\d.]+:(\d+) instead of/.exec(tap.stderr()) ?? [];
	return {
		port: redis.port,
		tapPort: Number(tapPort),
		async report() {
			const isIdle = () => / 0 connections, 0 busy[^\n]*\n$/.test(tap.stderr());
			await until(isIdle, 'the connections to be closed');
			tap.child.kill('SIGINT');
			return JSON.parse((await tap.finished).stdout) as TapSnapshot;
		},
		async close() {
			tap.child.kill('SIGKILL');
			await tap.finished;
			await redis.close();
		},
	};
}
