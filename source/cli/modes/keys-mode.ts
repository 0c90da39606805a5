import {deniedWords} from '../../engine/commands/lines/key-lines.js';
import {EngineError} from '../../engine/engine-error.js';
import type {CommandReply} from '../../engine/specs/command-calls.js';
import {startEngine} from '../../engine/start-engine.js';
import {type KeyRow, unknownType} from '../../inspect/keys/describe-keys.js';
import {lifetimeWords} from '../../text/lifetime.js';
import {exitCodes} from '../exit-code.js';
import type {Output} from '../output.js';
import type {Settings} from '../settings/settings.js';
import {engineOptions} from './engine-options.js';
import {watchForStop} from './watch-for-stop.js';

/** Keys of one page: the maximum that the engine returns. */
const pageRows = '1000';

const textLine = ({key, type, ttlMs, bytes}: KeyRow) =>
	[key, type, type === unknownType ? '?' : lifetimeWords(ttlMs), bytes === undefined ? '-' : `${bytes} B`].join('\t');

/** A key as one line of JSON. A missing TTL or size, or an unknown type, is null, so that all lines have the same fields. */
const jsonLine = ({key, type, ttlMs = null, bytes = null}: {-readonly [Name in keyof KeyRow]: KeyRow[Name] | null}) =>
	JSON.stringify({key, type: type === unknownType ? null : type, ttlMs, bytes});

/**
 * Prints the keys that match a pattern as they are found, one per line. While the reader of standard output is slow, no further
 * keys are read from Redis. Returns the exit code.
 *
 * @throws {EngineError} Redis cannot be reached, or refuses the scan.
 */
export async function printKeys(
	pattern: string,
	format: 'text' | 'json',
	settings: Settings,
	output: Output,
): Promise<number> {
	const stop = watchForStop(output);
	const engine = await startEngine(engineOptions(settings, {workload: false, hz: 0, looksOnly: true})).catch(
		(error: unknown) => {
			stop.release();
			throw error;
		},
	);
	try {
		const part = engine.latest()?.target.warnings.find(({id}) => id === 'cluster-node');
		if (part) output.err(`redis-cache-tui: ${part.text}\n`);
		let missing: readonly string[] = [];
		let denied = 0;
		let cursor: string | undefined = '0';
		while (cursor !== undefined && !stop.signal.aborted) {
			const reply: CommandReply<'keys'> = await engine.run({name: 'keys', args: [pattern, cursor, pageRows]});
			if (!reply.ok)
				throw new EngineError(reply.code, `the keys cannot be listed: ${reply.message}`, exitCodes.unreachable);
			const {rows} = reply.data;
			if (format === 'json') output.data(rows.map((row) => `${jsonLine(row)}\n`).join(''));
			else output.out(rows.map((row) => `${textLine(row)}\n`).join(''));
			denied += rows.filter(({isDenied}) => isDenied).length;
			await output.drained();
			cursor = reply.data.cursor;
			missing = reply.data.missing ?? missing;
		}
		const left = deniedWords(denied);
		if (left !== undefined) output.err(`redis-cache-tui: ${left}\n`);
		if (missing.length > 0)
			output.err(`redis-cache-tui: without the keys of ${missing.join(', ')}, which did not answer\n`);
		await output.written();
		return stop.reason()?.exitCode ?? exitCodes.fine;
	} finally {
		stop.release();
		await engine.close();
	}
}
