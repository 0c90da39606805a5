import {spawn} from 'node:child_process';
import {once} from 'node:events';

/** Milliseconds after which a run counts as failed: redis-benchmark never ends if its server stops answering. */
const timeoutMs = 60_000;

/**
 * Runs redis-benchmark with 50 connections and GET of 10,000 keys. Returns commands a second.
 *
 * @param pipeline Commands that each connection sends at once.
 */
export async function redisBenchmark(port: number, pipeline: number, commands: number): Promise<number> {
	const args = ['-p', port, '-c', 50, '-P', pipeline, '-n', commands, '-r', 10_000, '-t', 'get', '--csv'];
	const child = spawn('redis-benchmark', args.map(String), {
		stdio: ['ignore', 'pipe', 'ignore'],
		timeout: timeoutMs,
	});
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		output += chunk;
	});
	await once(child, 'close');
	const [, rate] = /^"GET[^"]*","([\d.]+)"/m.exec(output) ?? [];
	if (rate === undefined) throw new Error(`redis-benchmark printed no result: ${output.slice(0, 200)}`);
	return Number(rate);
}
