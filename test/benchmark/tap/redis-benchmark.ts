import {spawn} from 'node:child_process';
import {once} from 'node:events';

/** Milliseconds after which a run counts as failed: redis-benchmark never ends if its server stops answering. */
const timeoutMs = 120_000;

type Shape = {
	/** Commands that each connection sends at once. */
	readonly pipeline: number;
	readonly commands: number;
	/** Different keys, of which each command takes one at random. */
	readonly keys: number;
	readonly command: 'get' | 'set';
};

/** Runs redis-benchmark with 50 connections. Returns commands a second. */
export async function redisBenchmark(port: number, {pipeline, commands, keys, command}: Shape): Promise<number> {
	const args = ['-p', port, '-c', 50, '-P', pipeline, '-n', commands, '-r', keys, '-t', command, '--csv'];
	const child = spawn('redis-benchmark', args.map(String), {
		stdio: ['ignore', 'pipe', 'ignore'],
		timeout: timeoutMs,
	});
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		output += chunk;
	});
	await once(child, 'close');
	const [, rate] = /^"(?:GET|SET)[^"]*","([\d.]+)"/m.exec(output) ?? [];
	if (rate === undefined) throw new Error(`redis-benchmark printed no result: ${output.slice(0, 200)}`);
	return Number(rate);
}
